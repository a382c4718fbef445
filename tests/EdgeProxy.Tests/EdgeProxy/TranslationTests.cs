using EdgeProxy.Http.Client;
using EdgeProxy.Http.Server;
using EdgeProxy.Settings;
using EdgeProxy.Tests.Process.Settings;

namespace EdgeProxy.Tests.Process;

/// <summary>A part built without settings, in a test or on the admin listener, behaves like a node without settings.</summary>
public sealed class TranslationTests
{
    [Fact]
    public void The_defaults_of_client_connections_are_those_of_the_settings()
    {
        using var fixture = new SettingsFixture();
        NodeSettings settings = fixture.Read(null);
        Assert.Equal(new ServerOptions(), Translation.ServerOptions(settings, settings.Listeners[0]));
    }

    [Fact]
    public void The_defaults_of_upstream_connections_are_those_of_the_settings()
    {
        using var fixture = new SettingsFixture();
        Assert.Equal(new UpstreamOptions(), Translation.UpstreamOptions(fixture.Read(null)));
    }
}
