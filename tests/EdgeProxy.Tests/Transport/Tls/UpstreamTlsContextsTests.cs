using System.Runtime.CompilerServices;
using EdgeProxy.Transport.Tls;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Tests.Transport.Tls;

public sealed class UpstreamTlsContextsTests
{
    [Fact]
    public void A_context_that_is_retired_stays_for_as_long_as_a_plan_has_equal_settings()
    {
        var contexts = new UpstreamTlsContexts();
        UpstreamTls held = UpstreamTls.Shared(Settings("held.test"));
        Prepare(contexts, "held.test");
        Prepare(contexts, "gone.test");
        NativeReference context = contexts.FindOrNull(held)!;
        contexts.Adopt(contexts.Next(null));
        Assert.Equal((0, 2), (contexts.Count, contexts.Retired));
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // Settings of a plan that a request captured: equal to those it was made for, and not the same object.
        Assert.Same(context, contexts.FindOrNull(held));
        Assert.Equal(0, contexts.Count);
        contexts.Adopt(contexts.Next(null));
        Assert.Equal(1, contexts.Retired);
        Assert.Same(context, contexts.FindOrNull(held));
        GC.KeepAlive(held);
    }

    [Fact]
    public void Nothing_is_left_of_settings_that_no_plan_has()
    {
        var contexts = new UpstreamTlsContexts();
        for (int i = 0; i < 300; i++)
        {
            Prepare(contexts, $"n{i}.test");
            contexts.Adopt(contexts.Next(null));
            if (i % 50 == 0) GC.Collect();
        }

        GC.Collect();
        contexts.Adopt(contexts.Next(null));
        Assert.Equal((0, 0), (contexts.Count, contexts.Retired));
    }

    [Fact]
    public void Equal_settings_are_one_object_while_anybody_has_it()
    {
        var shared = new SharedUpstreamTls();
        UpstreamTls one = shared.OneOf(Settings("a"));
        Assert.Same(one, shared.OneOf(Settings("a")));
        Assert.NotSame(one, shared.OneOf(Settings("b")));
        for (int i = 0; i < 5000; i++)
        {
            shared.OneOf(Settings($"n{i}"));
            if (i % 100 == 0) GC.Collect();
        }

        Assert.InRange(shared.Count, 1, 1000);
        Assert.Same(one, shared.OneOf(Settings("a")));
    }

    private static UpstreamTls Settings(string name) => new() { ServerName = new string(name), InsecureSkipVerification = true };

    // Nothing of it is to stay on the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Prepare(UpstreamTlsContexts contexts, string name) => Assert.True(contexts.TryPrepare(Settings(name), []));
}
