using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Operations.TestInvocations;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Compiler;

/// <summary>Compiles one method aside, for a test invocation: as it is written now, without what guards it.</summary>
public static class TestCompiler
{
    /// <summary>Compiles the method of an API; null when it cannot be, and then it is said why.</summary>
    /// <param name="api">The API.</param>
    /// <param name="path">Resource path of the method.</param>
    /// <param name="verb">Its verb, as defined.</param>
    /// <param name="stage">What stage variables and client certificate it is to find.</param>
    /// <param name="test">Who will run it, with the node's settings.</param>
    /// <param name="longestTimeout">How long the node waits for integrations, in milliseconds.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static TestPlan? CompileOrNull(ApiDefinition api, string path, string verb, StageDefinition stage, TestInvoke test, int longestTimeout, ProblemList problems)
    {
        var methods = new List<MethodDefinition>(1);
        foreach (MethodDefinition method in api.Methods)
        {
            if (method.Path == path && method.Verb == verb) methods.Add(method with { Authorization = AuthorizationDefinition.None, ApiKeyRequired = false });
        }

        // Compression would only make the answer unreadable.
        ApiDefinition alone = api with { Methods = methods, Policy = null, MinimumCompressionSize = null };
        if (methods.Count == 0 || ApiCompiler.Compile(alone, new CheckOptions { LongestTimeoutInMillis = longestTimeout, IsKept = true }, problems) is not { } plan) return null;
        GatewaySnapshot serving = test.Serving;
        GatewaySettings settings = serving.Settings;
        var facts = new ApiFacts { Id = api.Id, Name = api.Name, Kind = Gateway.Snapshots.ApiKind.Rest };

        // Live state of its own, which goes with it: a test changes nothing that lives on.
        var live = new LiveRegistry(new GatewayMetrics(new MetricRegistry(stripes: 1)));
        (string Certificate, string Key)? certificate = stage.ClientCertificateId is { } id && serving.ClientCertificates.TryGetValue(id, out (string Certificate, string Key) files) ? files : null;
        StageLive stageLive = live.Stage(facts, stage.Name);
        var served = new StagePlan
        {
            Api = facts,
            Name = stage.Name,
            Live = stageLive,
            Main = new StageDeployment(plan, new StageVariables(stage.Variables), stageLive, RouteSettings.Detailed, null, settings.UpstreamProtocol, certificate, serving.VpcLinks, settings.UpstreamPolicy, usesCache: false),
        };
        return new TestPlan(new GatewaySnapshot { Settings = settings }, served);
    }
}
