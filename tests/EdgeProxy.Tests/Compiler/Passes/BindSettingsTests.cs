using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class BindSettingsTests : IDisposable
{
    private static readonly ConcurrencyDefinition s_cap = new() { Max = 5, Queue = 2, WaitNanoseconds = 7 };

    private readonly TestGateway _gateway = new TestGateway().Route("GET /pets", TestGateway.Mock()).Route("POST /pets", TestGateway.Mock());

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void A_cap_of_all_methods_holds_for_each_that_says_nothing()
    {
        RouteSettings[] bound = Bind(
            new MethodSettingsDefinition { ResourcePath = "*", Verb = "*", Concurrency = s_cap },
            new MethodSettingsDefinition { ResourcePath = "/pets", Verb = "POST", Concurrency = s_cap with { Max = 1 } });
        Assert.Equal([new ConcurrencyCap(5, 2, 7), new ConcurrencyCap(1, 2, 7)], bound.Select(settings => settings.Concurrency));
    }

    [Fact]
    public void A_cap_that_is_to_be_found_out_begins_somewhere()
    {
        RouteSettings settings = Bind(new MethodSettingsDefinition { ResourcePath = "/pets", Verb = "POST", Concurrency = s_cap with { Max = null } })[1];
        Assert.True(settings.HasAdaptiveConcurrency);
        Assert.Equal(new ConcurrencyCap(AdaptiveCap.First, 2, 7), settings.Concurrency);
    }

    [Fact]
    public void Without_a_cap_any_number_may_be_under_way()
    {
        RouteSettings[] bound = Bind(new MethodSettingsDefinition { ResourcePath = "/pets", Verb = "POST", Concurrency = s_cap });
        Assert.Equal([0, 5], bound.Select(settings => settings.Concurrency.Max));
    }

    [Fact]
    public void A_bucket_with_the_figures_of_the_stage_is_the_stage_s()
    {
        var all = new MethodSettingsDefinition { ResourcePath = "*", Verb = "*", ThrottlingRateLimit = 5, ThrottlingBurstLimit = 9 };
        Assert.Equal(ThrottleScope.Stage, Bind(all, all with { ResourcePath = "/pets", Verb = "POST" })[1].ThrottleScope);
        Assert.Equal(ThrottleScope.Method, Bind(all, all with { ResourcePath = "/pets", Verb = "POST", ThrottlingRateLimit = 6 })[1].ThrottleScope);
    }

    private RouteSettings[] Bind(params MethodSettingsDefinition[] settings) =>
        BindSettings.Run(new StageDefinition { Name = "prod", MethodSettings = settings }, _gateway.Stage().Main.Plan, RouteSettings.Detailed, new ProblemList())!;
}
