using System.Text;
using EdgeProxy.Commands;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Platform;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Loops;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Tests.Process.Control;

public sealed class ConfigurationTargetTests : IDisposable
{
    private readonly Workspace _work = new();
    private readonly RunOptions _options;
    private readonly Composition _parts;
    private readonly ConfigurationTarget _target;

    public ConfigurationTargetTests()
    {
        _options = _work.Options();
        NodeSettings settings = Read("");
        _parts = new Composition(settings, new DescriptorLimit(1024, 1024, 1024));
        _target = new ConfigurationTarget(_parts, settings, _options);
    }

    public void Dispose()
    {
        _parts.NodeLog.Dispose();
        foreach (SocketLoop loop in _parts.Loops) loop.Dispose();
        _work.Dispose();
    }

    [Fact]
    public void What_compiles_is_put_in_force()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a", "/b"));
        Assert.True(_target.TryApply(Read("apis: [{ file: a.yaml }]\nlogs: { level: debug, access: { path: off } }\ntimeouts: { connect: 1s }"), new ProblemList()));
        Assert.Equal((1L, 1, 2), (_target.Version, _target.Apis, _target.Routes));
        Assert.Equal(LogLevel.Debug, _parts.NodeLog.MinimumLevel);
        Assert.Equal(1_000_000_000, _parts.Clients[0].Options.ConnectTimeout);
    }

    [Fact]
    public void A_canary_s_document_is_served_beside_the_API_s_own_and_refused_with_its_mistakes()
    {
        const string settings = "apis: [{ file: a.yaml, canary: { file: next.yaml, percent: 10, stageVariables: { x: y } } }]";
        _work.Write("a.yaml", Workspace.Api("A", "/a"));
        _work.Write("next.yaml", Workspace.Api("A", "/a", "/b"));
        Assert.True(_target.TryApply(Read(settings), new ProblemList()));
        StagePlan stage = _parts.Snapshots.Current.Mounts.Find("/a"u8, out _)!;
        Assert.Equal((1, 2, 10), (stage.Main.Plan.Routes.Length, stage.Canary!.Plan.Routes.Length, stage.CanaryPercent));
        Assert.Equal("y", Encoding.ASCII.GetString(stage.Canary.Variables["x"u8]));
        Assert.NotEqual(stage.Main.Plan.Id.ToString(), stage.Canary.Plan.Id.ToString());

        // Neither is compiled again while neither changes.
        Assert.True(_target.TryApply(Read(settings.Replace("10", "20", StringComparison.Ordinal)), new ProblemList()));
        StagePlan again = _parts.Snapshots.Current.Mounts.Find("/a"u8, out _)!;
        Assert.Same(stage.Main.Plan, again.Main.Plan);
        Assert.Same(stage.Canary.Plan, again.Canary!.Plan);
        Assert.Equal(20, again.CanaryPercent);

        _work.Write("next.yaml", Workspace.Api("A", "/a{"));
        var problems = new ProblemList();
        Assert.False(_target.TryApply(Read(settings), problems));
        Assert.Contains(problems, problem => problem.Origin?.Document.EndsWith("next.yaml", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void What_does_not_changes_nothing()
    {
        _work.Write("a.yaml", Workspace.Api("A", "/a", "/b"));
        _target.TryApply(Read("apis: [{ file: a.yaml }]"), new ProblemList());
        _work.Write("a.yaml", Workspace.Api("A", "/a{"));
        var problems = new ProblemList();
        Assert.False(_target.TryApply(Read("apis: [{ file: a.yaml }]\nlogs: { level: debug, access: { path: off } }"), problems));
        Assert.True(problems.HasErrors);
        Assert.Equal((1L, 1, 2), (_target.Version, _target.Apis, _target.Routes));
        Assert.Equal(LogLevel.Information, _parts.NodeLog.MinimumLevel);
    }

    [Theory]
    [InlineData("openapi: [")]
    [InlineData("openapi: 3.0.1\ninfo: {title: A, version: '1'}\npaths: {'/a{': {get: {}}}\n")]
    public void A_mistake_that_is_undone_leaves_all_routes_as_they_were(string mistake)
    {
        string good = Workspace.Api("A", "/a", "/b");
        _work.Write("a.yaml", good);
        Assert.True(_target.TryApply(Read("apis: [{ file: a.yaml }]"), new ProblemList()));
        _work.Write("a.yaml", mistake);
        Assert.False(_target.TryApply(Read("apis: [{ file: a.yaml }]"), new ProblemList()));
        _work.Write("a.yaml", good);
        Assert.True(_target.TryApply(Read("apis: [{ file: a.yaml }]"), new ProblemList()));
        Assert.Equal((2L, 1, 2), (_target.Version, _target.Apis, _target.Routes));
    }

    [Fact]
    public void A_document_that_is_gone_is_a_problem_like_any_other()
    {
        var problems = new ProblemList();
        Assert.False(_target.TryApply(Read("apis: [{ file: none.yaml }]"), problems));
        Assert.Contains("none.yaml", Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.Equal(0, _target.Version);
    }

    [Fact]
    public void Functions_are_swapped_on_every_loop_and_kept_when_something_else_is_wrong()
    {
        FunctionName.TryParse("hello", out FunctionName? name);
        Assert.True(_target.TryApply(Read("lambda: { functions: [ { name: hello, url: 'http://a' } ] }"), new ProblemList()));
        Assert.All(_parts.Functions, clients => Assert.True(clients.Table.Takes(name!)));
        _work.Write("bad.yaml", "[");
        Assert.False(_target.TryApply(Read("apis: [{ file: bad.yaml }]"), new ProblemList()));
        Assert.All(_parts.Functions, clients => Assert.True(clients.Table.Takes(name!)));
        Assert.True(_target.TryApply(Read(""), new ProblemList()));
        Assert.All(_parts.Functions, clients => Assert.False(clients.Table.Takes(name!)));
    }

    private NodeSettings Read(string yaml)
    {
        _work.Write("edgeproxy.yaml", "loops: 1\nlogs: { access: { path: off } }\n");
        if (yaml.Contains("logs:", StringComparison.Ordinal)) _work.Write("edgeproxy.yaml", "loops: 1\n" + yaml);
        else File.AppendAllText(Path.Combine(_work.Folder, "edgeproxy.yaml"), yaml);
        var problems = new ProblemList();
        NodeSettings? settings = SettingsReader.Read(new SettingSources { File = "edgeproxy.yaml", WorkingDirectory = _work.Folder }, problems);
        Assert.True(settings is not null, string.Join('\n', problems.Select(ProblemWriter.Line)));
        return settings;
    }
}
