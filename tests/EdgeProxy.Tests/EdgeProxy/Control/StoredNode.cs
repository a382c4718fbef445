using System.Text;
using EdgeProxy.Commands;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Platform;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Tests.Process.Control;

/// <summary>A node without listeners: files, settings, a store in memory, and the management API over them.</summary>
internal sealed class StoredNode : IDisposable
{
    private readonly RunOptions _options;
    private readonly NodeStore _store;
    private readonly bool _isAgain;

    /// <param name="settings">Further lines of its configuration.</param>
    /// <param name="before">Another one whose files and records it starts with; null for none.</param>
    public StoredNode(string settings, StoredNode? before = null)
        : this(settings, before?.Work ?? NewWork(), before)
    {
    }

    /// <param name="settings">Further lines of its configuration.</param>
    /// <param name="work">Its folder, with petstore.yaml; goes with it.</param>
    public StoredNode(string settings, Workspace work)
        : this(settings, work, null)
    {
    }

    private StoredNode(string settings, Workspace work, StoredNode? before)
    {
        _isAgain = before is not null;
        Work = work;
        WriteSettings(settings);
        _options = new RunOptions { Sources = new SettingSources { File = "edgeproxy.yaml", WorkingDirectory = Work.Folder } };
        NodeSettings read = Settings();
        Parts = new Composition(read, new DescriptorLimit(1024, 1024, 1024));
        _store = before?._store ?? NodeStore.OpenOrNull(read, Parts)!;
        Management = Parts.AddManagement(_store, read);
        if (before is not null) Parts.Publisher.Open(_store.Records, before.Management.Book);
        Target = new ConfigurationTarget(Parts, read, _options) { Management = Management };
        Assert.True(Target.TryApply(read, Found), string.Join('\n', Found.Select(ProblemWriter.Line)));
    }

    private static Workspace NewWork()
    {
        var work = new Workspace();
        work.Write("petstore.yaml", Workspace.Api("Petstore", "/pets"));
        return work;
    }

    public Workspace Work { get; }

    public Composition Parts { get; }

    public ManagementApi Management { get; }

    public ConfigurationTarget Target { get; }

    /// <summary>What was wrong at the start.</summary>
    public ProblemList Found { get; } = new();

    public GatewaySnapshot Now => Parts.Snapshots.Current;

    public void WriteSettings(string settings) => Work.Write("edgeproxy.yaml", "loops: 1\nlogs: { access: { path: off } }\napis: [{ file: petstore.yaml, id: filed }]\n" + settings + "\n");

    public NodeSettings Settings()
    {
        var problems = new ProblemList();
        NodeSettings? settings = SettingsReader.Read(_options.Sources, problems);
        Assert.True(settings is not null, string.Join('\n', problems.Select(ProblemWriter.Line)));
        return settings;
    }

    /// <summary>Reads its files again.</summary>
    public ProblemList Reload(string settings)
    {
        WriteSettings(settings);
        var problems = new ProblemList();
        Assert.True(Target.TryApply(Settings(), problems), string.Join('\n', problems.Select(ProblemWriter.Line)));
        return problems;
    }

    public StagePlan Stage(string api, string stage = "prod") => Now.Apis.Find(Encoding.ASCII.GetBytes(api))!.Stages.Find(Encoding.ASCII.GetBytes(stage))!;

    public RoutePlan Route(string api, string path)
    {
        DeploymentPlan plan = Stage(api).Main.Plan;
        var match = new RouteMatch();
        Assert.True(plan.Table.TryMatch(Encoding.ASCII.GetBytes(path), HttpMethod.Get, ref match));
        return plan.Routes[match.Ordinal];
    }

    /// <summary>A REST API with a mocked GET.</summary>
    public string Create(string name = "Shop", string part = "orders")
    {
        string api = Call("POST", "/restapis", $$"""{"name":"{{name}}"}""").TextOf("id")!;
        AddMock(api, part);
        return api;
    }

    /// <summary>Adds a mocked GET below the root; the path of the method is given back.</summary>
    public string AddMock(string api, string part) => AddMethod(api, part, """{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\": 200}"}}""");

    /// <summary>Adds a GET below the root; the path of the method is given back.</summary>
    public string AddMethod(string api, string part, string integration)
    {
        string root = Call("GET", $"/restapis/{api}").TextOf("rootResourceId")!;
        WireValue resource = Call("POST", $"/restapis/{api}/resources/{root}", $$"""{"pathPart":"{{part}}"}""");
        string at = $"/restapis/{api}/resources/{resource.TextOf("id")}/methods/GET";
        Call("PUT", at, """{"authorizationType":"NONE"}""");
        Call("PUT", at + "/integration", integration);
        return at;
    }

    public string Deploy(string api, string stage = "prod") => Call("POST", $"/restapis/{api}/deployments", $$"""{"stageName":"{{stage}}"}""").TextOf("id")!;

    public void Put(string scope, string kind, string key, string json) =>
        Assert.Null(Management.Change(edit => edit.Put(scope, kind, key, WireValue.Parse(Encoding.UTF8.GetBytes(json)))));

    public WireValue Call(string method, string path, string body = "")
    {
        (int status, WireValue answer) = TryCall(method, path, body);
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {answer}");
        return answer;
    }

    public (int Status, WireValue Answer) TryCall(string method, string path, string body = "")
    {
        Reply reply = Management.Answer(new ManagementRequest(method, path, "", Encoding.UTF8.GetBytes(body)), out int status);
        return (status, WireValue.TryParse(reply.Body.Span, out WireValue? answer) ? answer : WireValue.NewObject());
    }

    public void Dispose()
    {
        if (!_isAgain) _store.Close();
        Parts.NodeLog.Dispose();
        foreach (SocketLoop loop in Parts.Loops) loop.Dispose();
        if (!_isAgain) Work.Dispose();
    }
}
