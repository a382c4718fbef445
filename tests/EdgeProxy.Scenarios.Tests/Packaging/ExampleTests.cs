using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Packaging;

/// <summary>The examples of <c>deploy/examples</c>, served as <c>deploy/run.sh</c> serves them.</summary>
public sealed class ExampleTests : IAsyncLifetime
{
    private readonly RawUpstream _upstream = RawUpstream.Echo();
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        _node = Node.LaunchWith(
            [
                EdgeProxyBinary.Path, "run", "-c", Repository.PathOf("deploy/examples/edgeproxy.yaml"),
                "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0",
            ],
            new Temporary(),
            new Dictionary<string, string> { ["PETSTORE_BACKEND"] = $"127.0.0.1:{_upstream.Port}" });
        await _node.UntilListeningAsync();
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        _upstream.Dispose();
    }

    [Fact]
    public async Task The_pet_store_answers_on_each_kind_of_route()
    {
        Answer health = await _node.GetAsync("/petstore/health");
        Assert.Equal(200, health.Status);
        Assert.Equal("no-store", health["Cache-Control"]);
        Assert.Empty(_upstream.Requests);

        Answer pets = await _node.GetAsync("/petstore/pets?limit=3");
        Assert.StartsWith("GET /pets?limit=3 HTTP/1.1", pets.Text, StringComparison.Ordinal);

        Answer pet = await _node.GetAsync("/petstore/pets/7");
        Assert.StartsWith("GET /pets/7 HTTP/1.1", pet.Text, StringComparison.Ordinal);
        Assert.Contains("X-Store: petstore", pet.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"X-Request-Id: {pet["x-amzn-RequestId"]}", pet.Text, StringComparison.OrdinalIgnoreCase);

        Answer removed = await _node.AskAsync("DELETE /petstore/pets/7 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Equal(204, removed.Status);

        Answer owner = await _node.AskAsync("PUT /petstore/owners/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        Assert.StartsWith("PUT /owners/a/b HTTP/1.1", owner.Text, StringComparison.Ordinal);

        Answer preflight = await _node.AskAsync("OPTIONS /petstore/pets HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Equal(204, preflight.Status);
        Assert.Equal("*", preflight["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task The_functions_answer_by_the_node_that_runs_them()
    {
        Answer hello = await _node.GetAsync("/functions/hello/Ada?a=1");
        Assert.Equal(200, hello.Status);
        Assert.Contains("\"message\":\"Hello, Ada!\"", hello.Text, StringComparison.Ordinal);
        Assert.Equal("seen=%2Ffunctions%2Fhello%2FAda; Path=/", hello["Set-Cookie"]);

        Answer greeting = await _node.AskAsync("POST /functions/greetings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"name\":\"Ada\"}");
        Assert.Equal((200, "{\"greeting\":\"Hello, Ada!\"}"), (greeting.Status, greeting.Text));
        Answer missing = await _node.AskAsync("POST /functions/greetings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{\"name\":\"\"}");
        Assert.Equal((400, "{\"message\": \"A name is needed.\"}"), (missing.Status, missing.Text));

        Assert.Equal("1\n2\n3\n4\n5\n", (await _node.GetAsync("/functions/count")).Text);
    }

    [Fact]
    public async Task Each_of_the_many_routes_answers()
    {
        for (int group = 1; group <= 25; group++)
        {
            for (int item = 1; item <= 5; item++)
            {
                Assert.Equal(200, (await _node.GetAsync($"/many/group-{group}/item-{item}")).Status);
                Answer one = await _node.GetAsync($"/many/group-{group}/item-{item}/42");
                Assert.StartsWith($"GET /group-{group}/item-{item}/42 ", one.Text, StringComparison.Ordinal);
            }
        }

        Assert.Equal(403, (await _node.GetAsync("/many/group-26/item-1")).Status);
        Assert.Equal(403, (await _node.GetAsync("/elsewhere")).Status);
    }

    [Fact]
    public async Task The_many_routes_are_what_their_script_writes()
    {
        CommandResult made = await Command.RunAsync("bash", Repository.PathOf("deploy/examples/many-routes.sh"));
        Assert.Equal(0, made.Status);
        Assert.Equal(File.ReadAllText(Repository.PathOf("deploy/examples/many-routes.openapi.yaml")), made.Output);
    }
}
