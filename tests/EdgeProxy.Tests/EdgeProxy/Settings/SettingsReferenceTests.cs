using System.Text;
using EdgeProxy.Http.Http2;
using EdgeProxy.Settings;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class SettingsReferenceTests
{
    [Fact]
    public void Every_default_can_be_read_and_lies_in_its_own_range()
    {
        foreach (Setting setting in SettingsReference.All.Where(setting => setting.Default is not null && setting.Kind != SettingKind.TextMap))
        {
            Assert.True(SettingParser.TryParse(setting, setting.Default!, "/", out _, out _, out string wrong), $"{setting.Path}: {wrong}");
        }
    }

    [Fact]
    public void The_readme_holds_the_reference()
    {
        string readme = File.ReadAllText(Repository.PathOf("src/EdgeProxy/Settings/README.md"));
        Assert.Contains(Markdown(), readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_names_every_setting_with_its_default()
    {
        using var fixture = new SettingsFixture();
        string yaml = File.ReadAllText(Repository.PathOf("deploy/examples/edgeproxy.yaml"));
        NodeSettings example = fixture.Read(yaml);
        NodeSettings defaults = fixture.Read(yaml: null);
        Assert.Equal(defaults.Limits, example.Limits);
        Assert.Equal(defaults.Timeouts, example.Timeouts);
        Assert.Equal(defaults.Connections, example.Connections);
        Assert.Equal(defaults.Http2, example.Http2);
        Assert.Equal(new Http2Options(), defaults.Http2);
        Assert.Equal(defaults.Upstream, example.Upstream);
        Assert.Equal(defaults.Drain, example.Drain);
        Assert.Equal(defaults.Cache, example.Cache);
        Assert.Equal(defaults.Logs, example.Logs);
        Assert.Equal(defaults.Lambda with { Functions = [] }, example.Lambda with { Functions = [] });
        Assert.Equal(defaults.Metrics, example.Metrics);
        Assert.Equal(defaults.Listeners, example.Listeners);
        Assert.Equal(defaults.Admin.Url, example.Admin.Url);
        Assert.Equal((defaults.Desync, defaults.DotSegments, defaults.RejectUnderscore, defaults.Loops), (example.Desync, example.DotSegments, example.RejectUnderscore, example.Loops));
        string[] missing = [.. SettingsReference.All.Select(setting => setting.Path.Split('.')[^1]).Where(name => !yaml.Contains(name + ":", StringComparison.Ordinal))];
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("limits.body", true)]
    [InlineData("LIMITS.BODY", true)]
    [InlineData("listeners[].url", true)]
    [InlineData("limits", false)]
    [InlineData("nope", false)]
    public void Finds_settings_by_path_without_case(string path, bool found) => Assert.Equal(found, SettingsReference.Find(path) is not null);

    /// <summary>The reference as README.md shows it.</summary>
    private static string Markdown()
    {
        var text = new StringBuilder("| setting | kind | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (Setting setting in SettingsReference.All)
        {
            string kind = setting.Kind == SettingKind.Choice ? string.Join(", ", setting.Choices.Select(word => $"`{word}`")) : setting.Kind switch
            {
                SettingKind.Cidrs => "address ranges",
                SettingKind.Texts => "texts",
                SettingKind.TextMap => "names with a text",
                _ => setting.Kind.ToString().ToLowerInvariant(),
            };
            if (setting.Word is { } word) kind += $", or `{word}`";
            string standard = setting.DefaultNote.Length > 0 ? setting.DefaultNote : $"`{setting.Default}`";
            text.Append($"| `{setting.Path}` | {kind} | {standard} | {setting.Meaning}{(setting.NeedsRestart ? " Needs a restart." : "")} |\n");
        }

        return text.ToString();
    }
}
