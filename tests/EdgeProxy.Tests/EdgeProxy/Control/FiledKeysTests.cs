using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Process.Control;

/// <summary>Keys of files are read by a reload; calls put theirs over them (decision 0060).</summary>
public sealed class FiledKeysTests : IDisposable
{
    private const string Ann = "ann-0123456789-0123456789";
    private const string Bob = "bob-0123456789-0123456789";
    private const string Cat = "cat-0123456789-0123456789";
    private const string Config = """
        apiKeys: { file: keys.csv }
        usagePlans: [{ id: gold, keys: [bob] }, { id: silver }]
        """;

    private readonly StoredNode _node;
    private readonly string _plan;

    public FiledKeysTests()
    {
        var workspace = new Workspace();
        workspace.Write("petstore.yaml", Workspace.Api("Petstore", "/pets"));
        Write(workspace);
        _node = new StoredNode(Config, workspace);
        _plan = _node.Call("POST", "/usageplans", """{"name":"stored"}""").TextOf("id")!;
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_call_on_a_key_or_plan_reads_the_file_no_more()
    {
        KeyTable filed = _node.Now.Keys;
        File.Delete(Path.Combine(_node.Work.Folder, "keys.csv"));
        string id = Create(Cat);
        _node.Call("POST", $"/usageplans/{_plan}/keys", $$"""{"keyId":"{{id}}","keyType":"API_KEY"}""");
        KeyTable keys = _node.Now.Keys;
        Assert.NotSame(filed, keys);
        Assert.Equal((3, 1, 2, 1), (keys.Count, Plans(Ann), Plans(Bob), Plans(Cat)));
        _node.Call("PATCH", $"/apikeys/{id}", """{"patchOperations":[{"op":"replace","path":"/enabled","value":"false"}]}""");
        Assert.False(_node.Now.Keys[_node.Now.Keys.Find(Encoding.ASCII.GetBytes(Cat))].IsEnabled);
        _node.Call("DELETE", $"/apikeys/{id}");
        Assert.Same(filed, _node.Now.Keys);
    }

    [Fact]
    public void Usage_of_the_files_keys_is_told_after_calls_as_before()
    {
        Create(Cat);
        Assert.Equal(["ann", "bob"], Used("silver"));
        Assert.Equal(["bob"], Used("gold"));
        _node.Reload(Config);
        Create("dan-0123456789-0123456789");
        Assert.Equal(["ann", "bob"], Used("silver"));
    }

    [Fact]
    public void A_stored_key_with_the_value_of_a_files_key_takes_its_place_until_it_is_deleted()
    {
        string id = Create(Ann);
        Assert.Equal((2, id), (_node.Now.Keys.Count, IdOf(Ann)));
        Assert.Equal(0, Plans(Ann));
        _node.Call("DELETE", $"/apikeys/{id}");
        Assert.Equal((2, "ann", 1), (_node.Now.Keys.Count, IdOf(Ann), Plans(Ann)));
        Assert.Equal(["ann", "bob"], Used("silver"));
    }

    [Fact]
    public void One_id_for_a_files_key_and_a_stored_one_is_refused()
    {
        (int status, WireValue answer) = _node.TryCall("POST", "/apikeys", $$$"""{"name":"k","value":"{{{Cat}}}","enabled":true,"tags":{"_custom_id_":"ann"}}""");
        Assert.Equal((400, "Two API keys have the id ann. Give one of them another."), (status, answer.TextOf("message")));
    }

    [Fact]
    public void A_plan_that_the_file_names_is_judged_with_its_keys()
    {
        _node.Work.Write("keys.csv", $"name,key,id,enabled,usageplanIds\nAnn,{Ann},ann,true,{_plan}\nBob,{Bob},bob,true,silver\n");
        _node.Reload(Config);
        Assert.Equal(1, Plans(Ann));
        (int status, WireValue answer) = _node.TryCall("DELETE", $"/usageplans/{_plan}");
        Assert.Equal(400, status);
        Assert.Contains($"An API key is in the usage plan {_plan}, and there is none with that id.", answer.TextOf("message"), StringComparison.Ordinal);
        Create(Cat);
        Assert.Equal((3, 1), (_node.Now.Keys.Count, Plans(Ann)));
    }

    [Fact]
    public void A_call_that_changes_a_plan_of_the_files_keys_goes_by_what_the_last_reload_read()
    {
        const string head = "name,key,id,enabled,usageplanIds\n";
        string other = _node.Call("POST", "/usageplans", """{"name":"other"}""").TextOf("id")!;
        _node.Work.Write("keys.csv", $"{head}Ann,{Ann},ann,true,\"{_plan},{other}\"\nBob,{Bob},bob,true,silver\n");
        _node.Reload(Config);
        KeyTable filed = _node.Now.Keys;

        // A rewrite that is half done: nobody has said that it counts, and the keys of before are served.
        _node.Work.Write("keys.csv", head);
        _node.Call("PATCH", $"/usageplans/{_plan}", """{"patchOperations":[{"op":"replace","path":"/quota/limit","value":"5"},{"op":"replace","path":"/quota/period","value":"DAY"}]}""");
        (int status, WireValue answer) = _node.TryCall("DELETE", $"/usageplans/{_plan}");
        Assert.Equal(400, status);
        Assert.Contains($"An API key is in the usage plan {_plan}, and there is none with that id.", answer.TextOf("message"), StringComparison.Ordinal);
        string api = _node.Create();
        _node.Deploy(api);
        _node.Call("PATCH", $"/usageplans/{_plan}", $$"""{"patchOperations":[{"op":"add","path":"/apiStages","value":"{{api}}:prod"}]}""");
        (status, answer) = _node.TryCall("PATCH", $"/usageplans/{other}", $$"""{"patchOperations":[{"op":"add","path":"/apiStages","value":"{{api}}:prod"}]}""");
        Assert.Equal(400, status);
        Assert.Contains($"The API key ann is in the usage plans {_plan} and {other}, which list the same API stage.", answer.TextOf("message"), StringComparison.Ordinal);
        Assert.Same(filed, _node.Now.Keys);

        // The rewrite is done, and says so by a reload.
        _node.Work.Write("keys.csv", $"{head}Ann,{Ann},ann,true,{_plan}\nBob,{Bob},bob,true,silver\n");
        _node.Reload(Config);
        _node.Call("DELETE", $"/usageplans/{other}");
        Assert.Equal((2, 1, 2), (_node.Now.Keys.Count, Plans(Ann), Plans(Bob)));
    }

    private static void Write(Workspace work) => work.Write("keys.csv", $"name,key,id,enabled,usageplanIds\nAnn,{Ann},ann,true,silver\nBob,{Bob},bob,true,silver\n");

    private string Create(string value) => _node.Call("POST", "/apikeys", $$"""{"name":"k","value":"{{value}}","enabled":true}""").TextOf("id")!;

    private int Plans(string value) => _node.Now.Keys.RowsOf(in _node.Now.Keys[_node.Now.Keys.Find(Encoding.ASCII.GetBytes(value))]).Length;

    private string IdOf(string value) => Encoding.ASCII.GetString(_node.Now.Usage!.KeyId(_node.Now.Keys[_node.Now.Keys.Find(Encoding.ASCII.GetBytes(value))].Key));

    private string[] Used(string plan)
    {
        var day = new DateOnly(2026, 1, 1);
        PlanUsage usage = _node.Now.Usage!.Read(plan, day, day, null, 0, 100, 0)!;
        return [.. usage.Keys.Select(static key => key.KeyId)];
    }
}
