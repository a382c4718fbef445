using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>Documents served with stage settings, compiled and swapped in as a node does; live state outlasts them.</summary>
internal sealed class StagedGateway : IDisposable
{
    private readonly SnapshotCompiler _compiler;

    public StagedGateway() => _compiler = new SnapshotCompiler(Gateway.Live);

    public TestGateway Gateway { get; } = new();

    /// <summary>Deploys APIs, each with its stage.</summary>
    public ProblemList Deploy(GatewaySettings? settings, params (string Document, StageDefinition Stage)[] apis)
    {
        var problems = new ProblemList();
        MountedApi[] mounted = [.. apis.Select((api, i) => new MountedApi(Import(api.Document, "api" + i, problems), api.Stage, i == 0 ? "" : "api" + i, []))];
        GatewaySnapshot? snapshot = _compiler.Compile(mounted, settings ?? GatewaySettings.Default, RouteSettings.Detailed, new CheckOptions(), problems);
        Assert.False(problems.HasErrors, string.Join('\n', problems.Select(ProblemWriter.Line)));
        Gateway.Snapshots.Swap(snapshot!);
        _compiler.Keep();
        return problems;
    }

    /// <summary>Deploys an API, with the id <c>api0</c>, with usage plans and API keys: each a value, an id, whether it is enabled, and ids of plans.</summary>
    public ProblemList DeployKeys(string document, StageDefinition stage, IReadOnlyList<UsagePlanDefinition> plans, IReadOnlyList<(string Value, string Id, bool IsEnabled, string Plans)> keys, GatewaySettings? settings = null, string? canary = null)
    {
        var problems = new ProblemList();
        UsagePlanSet set = CompileUsagePlans.Run(plans, Gateway.Live.Usage, problems);
        using var table = new CompileApiKeys(set, problems);
        foreach ((string value, string id, bool isEnabled, string of) in keys) table.Add(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(id), isEnabled, Encoding.UTF8.GetBytes(of), static () => null);
        var mounted = new MountedApi(Import(document, "api0", problems), stage, "", []) { Canary = canary is null ? null : new MountedCanary(Import(canary, "api0-canary", problems)) };
        GatewaySnapshot? snapshot = _compiler.Compile([mounted], settings ?? GatewaySettings.Default, RouteSettings.Detailed, new CheckOptions(), problems, plans: set, keys: table.Build());
        if (snapshot is null) return problems;
        Gateway.Snapshots.Swap(snapshot);
        _compiler.Keep();
        return problems;
    }

    /// <summary>Deploys an API whose stage has a canary with a document of its own.</summary>
    public void DeployCanary(string document, StageDefinition stage, string canary)
    {
        var problems = new ProblemList();
        var mounted = new MountedApi(Import(document, "api0", problems), stage, "", []) { Canary = new MountedCanary(Import(canary, "api0-canary", problems)) };
        GatewaySnapshot? snapshot = _compiler.Compile([mounted], GatewaySettings.Default, RouteSettings.Detailed, new CheckOptions(), problems);
        Assert.False(problems.HasErrors, string.Join('\n', problems.Select(ProblemWriter.Line)));
        Gateway.Snapshots.Swap(snapshot!);
        _compiler.Keep();
    }

    public static ApiDefinition Import(string document, string id, ProblemList problems)
    {
        ApiDefinition? api = OpenApiImporter.Import("api.yaml", Encoding.UTF8.GetBytes(document), new OpenApiImportOptions { ApiId = id }, problems);
        return ThroughRecords.Check(Assert.IsType<ApiDefinition>(api));
    }

    public int Status(string request) => Gateway.Send(request).Response.Status;

    public void Dispose() => Gateway.Dispose();
}
