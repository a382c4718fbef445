using System.IO.Compression;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>From the store to files and back, and from a stage to a client of it.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task What_was_made_by_calls_is_served_the_same_by_another_node_from_the_exported_files()
    {
        using var files = new Temporary();
        string data = files.PathOf("data"), running = files.PathOf("running"), stopped = files.PathOf("stopped");
        string[] requests = ["/prod/pets/7", "/prod/pets", "/prod/nope", "/test/pets/7", "/nostage/pets"];
        var answers = new List<string>();
        string id;
        await using (ManagedNode managed = await ManagedNode.StartAsync(data: data))
        {
            var aws = new AwsCli(managed.Endpoint);
            id = await MakeAsync(aws, files);
            foreach (string request in requests) answers.Add(Text(await managed.GetAsync(id, request)));
            answers.Add(Text(await managed.GetAsync(id, "/prod/keyed", "x-api-key: value-of-the-key-of-ann\r\n")));
            answers.Add(Text(await managed.GetAsync(id, "/prod/keyed")));
            Assert.StartsWith("200", answers[0], StringComparison.Ordinal);
            Assert.StartsWith("200", answers[^2], StringComparison.Ordinal);
            Assert.StartsWith("403", answers[^1], StringComparison.Ordinal);

            CommandResult exported = await Command.EdgeProxyAsync("export", running, "--with-secrets", "--admin", managed.Endpoint);
            Assert.True(exported.Status == 0, exported.ToString());
            CommandResult again = await Command.EdgeProxyAsync("export", running, "--admin", managed.Endpoint);
            Assert.Equal(1, again.Status);
            Assert.Contains("is there already", again.Errors, StringComparison.Ordinal);
            CommandResult locked = await Command.EdgeProxyAsync("export", stopped, "--data", data);
            Assert.Equal(1, locked.Status);
            managed.Node.Signal(15);
            await managed.Node.UntilExitAsync();
        }

        CommandResult read = await Command.EdgeProxyAsync("export", stopped, "--with-secrets", "--data", data);
        Assert.True(read.Status == 0, read.ToString());
        foreach (string file in Directory.EnumerateFiles(running)) Assert.Equal(await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(Path.Combine(stopped, Path.GetFileName(file))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(stopped, "keys.csv")));
        Assert.Equal(0, (await Command.EdgeProxyAsync("validate", "-c", Path.Combine(running, "edgeproxy.yaml"))).Status);

        Node node = Node.LaunchWith([EdgeProxyBinary.Path, "run", "-c", Path.Combine(running, "edgeproxy.yaml"), "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"], new Temporary());
        await using (node)
        {
            await node.UntilListeningAsync();
            var now = new List<string>();
            foreach (string request in requests) now.Add(Text(await AskAsync(node, id, request)));
            now.Add(Text(await AskAsync(node, id, "/prod/keyed", "x-api-key: value-of-the-key-of-ann\r\n")));
            now.Add(Text(await AskAsync(node, id, "/prod/keyed")));
            Assert.Equal(answers, now);
        }
    }

    [Fact]
    public async Task A_document_goes_into_the_store_by_command_and_an_export_of_it_imports_again()
    {
        using var files = new Temporary();
        await using ManagedNode managed = await ManagedNode.StartAsync();
        string document = files.Write("pets.json", new Api().Mock("/pets", "GET", 200, ("X-Kind", "pet")).ToString());
        CommandResult imported = await Command.EdgeProxyAsync("import", document, "--stage", "prod", "--admin", managed.Endpoint);
        Assert.True(imported.Status == 0, imported.ToString());
        string id = imported.Output.Trim();
        Assert.Equal("pet", (await managed.GetAsync(id, "/prod/pets"))["X-Kind"]);

        var aws = new AwsCli(managed.Endpoint);
        foreach ((string type, string accept) in new[] { ("oas30", "application/json"), ("oas30", "application/yaml"), ("swagger", "application/json"), ("swagger", "application/yaml") })
        {
            string exported = files.PathOf($"{type}.{accept[^4..]}");
            await aws.DoAsync("apigateway", "get-export", "--rest-api-id", id, "--stage-name", "prod", "--export-type", type, "--accepts", accept, "--parameters", "extensions=apigateway", exported);
            CommandResult back = await Command.EdgeProxyAsync("import", exported, "--stage", "prod", "--admin", managed.Endpoint);
            Assert.True(back.Status == 0, back.ToString());
            Assert.Equal("pet", (await managed.GetAsync(back.Output.Trim(), "/prod/pets"))["X-Kind"]);
        }
    }

    [Fact]
    public async Task The_generated_client_calls_the_api()
    {
        using var files = new Temporary();
        await using ManagedNode managed = await ManagedNode.StartAsync();
        var aws = new AwsCli(managed.Endpoint);
        string id = await MakeAsync(aws, files);
        string zip = files.PathOf("sdk.zip");
        JsonNode answer = await aws.DoAsync("apigateway", "get-sdk", "--rest-api-id", id, "--stage-name", "prod", "--sdk-type", "javascript", zip);
        Assert.Equal("application/octet-stream", answer["contentType"]!.GetValue<string>());
        ZipFile.ExtractToDirectory(zip, files.Folder);
        string script = files.Write("call.js", """
            const factory = require('./apiGateway-js-sdk/apigClient.js');
            // Browsers may not choose the host; Node's fetch does not let it either, so the emulator's form of the URL names the API.
            const client = factory.newClient({ invokeUrl: process.argv[2], apiKey: 'value-of-the-key-of-ann' });
            (async () => {
              const pet = await client.petsPetIdGet({ petId: 'a b/c', full: ['x', 'y'] }, null, { headers: { accept: 'text/plain' } });
              const keyed = await client.keyedGet({});
              const missing = await client.petsGet({}).catch(failure => failure.response.status);
              const wrong = await client.petsPetIdGet({}).catch(failure => failure.message);
              console.log(JSON.stringify([pet.status, pet.data, keyed.status, missing, wrong]));
            })();
            """);
        CommandResult result = await Command.RunAsync("node", script, $"http://127.0.0.1:{managed.Node.DataPort}/restapis/{id}/prod/_user_request_");
        Assert.True(result.Status == 0, result.ToString());
        Assert.Equal("""[200,{"id":"a b/c","full":"y"},200,418,"The path parameter petId is missing."]""", result.Output.Trim());
    }

    // An API with a parameter, a stage variable, a key and a plan, deployed to two stages, of which one has an older deployment.
    private static async Task<string> MakeAsync(AwsCli aws, Temporary files)
    {
        string document = files.Write("made.yaml", """
            openapi: 3.0.1
            info: {title: Made Pets, version: '7'}
            paths:
              /pets/{petId}:
                get:
                  parameters: [{name: petId, in: path, required: true, schema: {type: string}}, {name: full, in: query, schema: {type: string}}]
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses:
                      default:
                        statusCode: '200'
                        responseTemplates:
                          application/json: |
                            #set($full = $input.params('full'))
                            {"id": "$util.urlDecode($input.params('petId'))", "full": "$full"}
              /pets:
                get:
                  responses: {'418': {description: teapot}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 418}'}
                    responses: {default: {statusCode: '418'}}
              /keyed:
                get:
                  security: [{api_key: []}]
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration:
                    type: mock
                    requestTemplates: {application/json: '{"statusCode": 200}'}
                    responses: {default: {statusCode: '200'}}
            components:
              securitySchemes:
                api_key: {type: apiKey, name: x-api-key, in: header}
            """);
        string id = (await aws.DoAsync("apigateway", "import-rest-api", "--body", "fileb://" + document))["id"]!.GetValue<string>();
        await aws.DoAsync("apigateway", "create-deployment", "--rest-api-id", id, "--stage-name", "test");
        string root = (await aws.DoAsync("apigateway", "get-resources", "--rest-api-id", id))["items"]!.AsArray().First(item => item!["path"]!.GetValue<string>() == "/")!["id"]!.GetValue<string>();
        await aws.DoAsync("apigateway", "create-resource", "--rest-api-id", id, "--parent-id", root, "--path-part", "later");
        await aws.DoAsync("apigateway", "create-deployment", "--rest-api-id", id, "--stage-name", "prod", "--variables", "backend=x");
        string plan = (await aws.DoAsync("apigateway", "create-usage-plan", "--name", "gold", "--api-stages", $"apiId={id},stage=prod"))["id"]!.GetValue<string>();
        string key = (await aws.DoAsync("apigateway", "create-api-key", "--name", "ann", "--enabled", "--value", "value-of-the-key-of-ann"))["id"]!.GetValue<string>();
        await aws.DoAsync("apigateway", "create-usage-plan-key", "--usage-plan-id", plan, "--key-id", key, "--key-type", "API_KEY");
        return id;
    }

    private static Task<Answer> AskAsync(Node node, string id, string path, string headers = "") =>
        node.AskAsync($"GET {path} HTTP/1.1\r\nHost: {id}.execute-api.localhost\r\nConnection: close\r\n{headers}\r\n");

    private static string Text(Answer answer) => $"{answer.Status} {answer["Content-Type"]} {answer.Text}";
}
