using System.Text;
using EdgeProxy.Commands;
using EdgeProxy.ControlPlane.Exports.Files;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Settings;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Process;

namespace EdgeProxy.Tests.ControlPlane.Exports.Files;

public sealed class FileExportTests : IDisposable
{
    private const string Secret = "secret-value-of-the-key-1";

    private readonly Workspace _work = new();
    private readonly ManagementHarness _harness = new(RestApiRecords.Book("GET /pets/{id}", "POST /pets", "GET /"));

    private static string Api => "/restapis/" + RestApiRecords.Api;

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Writes_settings_and_documents_that_are_valid()
    {
        Deploy("""{"stageName":"prod","variables":{"backend":"10.0.0.1:80"},"cacheClusterEnabled":true,"cacheClusterSize":"0.5"}""");
        Patch("prod", "/*/*/throttling/rateLimit=12.5", "/*/*/throttling/burstLimit=30", "/~1pets~1{id}/GET/caching/ttlInSeconds=60", "/~1pets~1{id}/GET/throttling/rateLimit=1", "/~1/GET/caching/enabled=false");
        _harness.Do($"POST {Api}/stages", $$"""{"stageName":"test","deploymentId":"{{_harness.Do($"GET {Api}/stages/prod").TextOf("deploymentId")}}"}""");
        WireValue settings = Settings(out FileExport export);
        Assert.Equal(["pets-prod.openapi.yaml"], export.Documents.Select(document => document.File));
        WireValue prod = settings["apis"]!.Items[0], test = settings["apis"]!.Items[1];
        Assert.Equal(("abcdefgh01", "pets-prod.openapi.yaml", "/pets/prod", "prod"), (prod.TextOf("id"), prod.TextOf("file"), prod.TextOf("basePath"), prod.TextOf("stage")));
        Assert.Equal("""{"rate":12.5,"burst":30}""", prod["throttle"]!.ToString());
        Assert.Equal("""{"backend":"10.0.0.1:80"}""", prod["stageVariables"]!.ToString());
        Assert.Equal("60s", prod["methods"]!["/pets/{id}/GET"]!["cache"]!.TextOf("ttl"));
        Assert.Equal("""{"rate":1,"burst":30}""", prod["methods"]!["/pets/{id}/GET"]!["throttle"]!.ToString());
        Assert.False(prod["methods"]!["/GET"]!["cache"]!.IsTrueOf("enabled"));
        Assert.Equal(("pets-prod.openapi.yaml", "test"), (test.TextOf("file"), test.TextOf("stage")));
        Validate(export);
    }

    [Fact]
    public void Writes_a_canary_with_the_document_of_its_deployment()
    {
        Deploy("""{"stageName":"prod"}""");
        _harness.Do($"DELETE {Api}/resources/{RestApiRecords.IdOf(new BookEdit(_harness.Book), "/pets/{id}")}");
        Deploy("""{"stageName":"prod","canarySettings":{"percentTraffic":12.5,"useStageCache":true,"stageVariableOverrides":{"a":"b"}}}""");
        WireValue canary = Settings(out FileExport export)["apis"]!.Items[0]["canary"]!;
        Assert.Equal("""{"percent":12.5,"useStageCache":true,"stageVariables":{"a":"b"},"file":"pets-prod-canary.openapi.yaml"}""", canary.ToString());
        Assert.Equal(["pets-prod.openapi.yaml", "pets-prod-canary.openapi.yaml"], export.Documents.Select(document => document.File));
        Assert.Contains("/pets/{id}", Document(export, 0), StringComparison.Ordinal);
        Assert.DoesNotContain("/pets/{id}", Document(export, 1), StringComparison.Ordinal);
        Validate(export);
    }

    [Fact]
    public void Writes_plans_and_keys_whose_values_stay_away_unless_they_are_asked_for()
    {
        Deploy("""{"stageName":"prod"}""");
        string plan = _harness.Do("POST /usageplans", $$$$"""{"name":"Gold","throttle":{"rateLimit":10,"burstLimit":20},"quota":{"limit":1000,"period":"MONTH","offset":2},"apiStages":[{"apiId":"{{{{RestApiRecords.Api}}}}","stage":"prod","throttle":{"/pets/GET":{"rateLimit":1,"burstLimit":2}}}]}""").TextOf("id")!;
        string key = _harness.Do("POST /apikeys", $$"""{"name":"Ann \"A\", B","description":"two\nlines","value":"{{Secret}}","customerId":"c-17","enabled":true}""").TextOf("id")!;
        _harness.Do($"POST /usageplans/{plan}/keys", $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""");
        WireValue settings = Settings(out FileExport export);
        Assert.Equal(
            $$$$"""[{"id":"{{{{plan}}}}","name":"Gold","throttle":{"rate":10,"burst":20},"quota":{"limit":1000,"period":"MONTH","offset":2},"apis":[{"api":"abcdefgh01","stage":"prod","methods":{"/pets/GET":{"rate":1,"burst":2}}}]}]""",
            settings["usagePlans"]!.ToString());
        Assert.Null(export.Keys);
        Assert.Contains(export.Notes, note => note.Contains("1 API keys", StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(export.Settings), StringComparison.Ordinal);
        Validate(export);

        settings = Settings(out export, withSecrets: true);
        Assert.Equal("keys.csv", settings["apiKeys"]!.TextOf("file"));
        Assert.Equal(["The customer ids of 1 API keys."], export.Notes);
        Assert.Equal($"name,key,id,description,enabled,usagePlanIds\n\"Ann \"\"A\"\", B\",{Secret},{key},\"two\nlines\",true,{plan}\n", Encoding.UTF8.GetString(export.Keys!));
        Validate(export);
    }

    [Fact]
    public void Says_what_settings_cannot()
    {
        Deploy("""{"stageName":"prod","tracingEnabled":true}""");
        Patch("prod", "/*/*/logging/loglevel=INFO", "/accessLogSettings/format=$context.requestId", "/accessLogSettings/destinationArn=arn:aws:logs:us-east-1:000000000000:log-group:g");
        Settings(out FileExport export);
        Assert.Contains("Tracing of the API abcdefgh01, stage prod.", export.Notes);
        Assert.Contains("The logging level of */* of the API abcdefgh01, stage prod.", export.Notes);
        Assert.Contains("The access log format of the API abcdefgh01, stage prod.", export.Notes);
        Assert.All(export.Notes, note => Assert.Contains($"# Not in here: {note}\n", Encoding.UTF8.GetString(export.Settings), StringComparison.Ordinal));
    }

    [Fact]
    public void Mounts_a_stage_where_a_domain_maps_it()
    {
        Deploy("""{"stageName":"prod"}""");
        var edit = new BookEdit(_harness.Book);
        foreach ((string domain, string path) in new[] { ("a.example.com", "v1"), ("b.example.com", "v1"), ("c.example.com", "v2") })
        {
            edit.Put(Scopes.DomainName(domain), Kinds.DomainName, domain, WireValue.NewObject().Set("domainName", domain));
            edit.Put(Scopes.DomainName(domain), Kinds.ApiMapping, "m1", WireValue.NewObject().Set("apiId", RestApiRecords.Api).Set("apiMappingKey", path).Set("stage", "prod"));
        }

        var export = FileExport.Of(edit.Result(), withSecrets: false);
        WireValue entry = Parsed(export)["apis"]!.Items[0];
        Assert.Equal("""["a.example.com","b.example.com"]""", entry["domains"]!.ToString());
        Assert.Equal("/v1", entry.TextOf("basePath"));
        Assert.Contains(export.Notes, note => note.StartsWith("The base path /v2 of the domain c.example.com", StringComparison.Ordinal));
    }

    [Fact]
    public void Gives_the_files_by_calls()
    {
        Deploy("""{"stageName":"prod"}""");
        WireValue answer = _harness.Do("GET /export");
        WireValue document = answer["documents"]!.Items[0];
        Assert.Equal(200, _harness.Call($"GET /export/{document.TextOf("api")}/{document.TextOf("deployment")}").Status);
        Assert.StartsWith("openapi: \"3.0.1\"\n", Encoding.UTF8.GetString(_harness.Last!.Body.Span), StringComparison.Ordinal);
        Assert.Equal("404 NotFoundException: Invalid deployment identifier specified", _harness.Fail($"GET /export/{RestApiRecords.Api}/nope"));
    }

    [Fact]
    public void Writes_the_stages_of_HTTP_APIs_with_documents_that_import_to_the_same()
    {
        string id = _harness.Do("POST /v2/apis", """{"name":"Cats","protocolType":"HTTP","target":"https://cats.example.com","corsConfiguration":{"allowOrigins":["https://a.example.com"],"maxAge":5}}""").TextOf("apiId")!;
        _harness.Do($"POST /v2/apis/{id}/stages", """{"stageName":"prod","stageVariables":{"a":"1"},"defaultRouteSettings":{"throttlingRateLimit":12.5,"throttlingBurstLimit":30}}""");
        _harness.Do($"POST /v2/apis/{id}/deployments", """{"stageName":"prod"}""");
        _harness.Do($"POST /v2/apis/{id}/stages", """{"stageName":"idle"}""");
        WireValue settings = Settings(out FileExport export);
        Assert.Equal(
            $$$"""[{"id":"{{{id}}}","file":"cats-default.openapi.yaml","type":"http","basePath":"/cats","stage":"$default"},{"id":"{{{id}}}","file":"cats-prod.openapi.yaml","type":"http","basePath":"/cats/prod","stage":"prod","throttle":{"rate":12.5,"burst":30},"stageVariables":{"a":"1"}}]""",
            settings["apis"]!.ToString());
        Assert.Equal(
            [$"The stage idle of the API {id}, which serves no deployment.", $"That each change is deployed at once of the API {id}, stage $default."],
            export.Notes.Order(StringComparer.Ordinal).Reverse());
        Assert.Empty(export.Missing);
        Validate(export, allowsUnsupported: true);

        string document = Document(export, 1);
        string again = _harness.Do("PUT /v2/apis", WireValue.NewObject().Set("body", document).ToString()).TextOf("apiId")!;
        WireValue before = _harness.Do($"GET /v2/apis/{id}"), after = _harness.Do($"GET /v2/apis/{again}");
        Assert.Equal(before.TextOf("name"), after.TextOf("name"));
        Assert.Equal(before["corsConfiguration"]!.TextsOf("allowOrigins"), after["corsConfiguration"]!.TextsOf("allowOrigins"));
        Assert.Equal(5, after["corsConfiguration"]!.NumberOf("maxAge"));
        WireValue route = Assert.Single(_harness.Do($"GET /v2/apis/{again}/routes")["items"]!.Items);
        Assert.Equal("$default", route.TextOf("routeKey"));
        Assert.Equal("https://cats.example.com", Assert.Single(_harness.Do($"GET /v2/apis/{again}/integrations")["items"]!.Items).TextOf("integrationUri"));
    }

    [Fact]
    public void Says_of_WebSocket_APIs_that_they_are_missing()
    {
        string id = _harness.Do("POST /v2/apis", """{"name":"Chat","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        Deploy("""{"stageName":"prod"}""");
        WireValue settings = Settings(out FileExport export);
        Assert.Single(settings["apis"]!.Items);
        Assert.Equal([$"the WebSocket API {id} (Chat), for which documents have no form. It is in the store alone."], export.Missing);
        Assert.Contains($"# Not in here: the WebSocket API {id} (Chat)", Encoding.UTF8.GetString(export.Settings), StringComparison.Ordinal);
        Assert.Equal(export.Missing, _harness.Do("GET /export").TextsOf("missing"));
    }

    [Fact]
    public void Writes_nothing_of_an_empty_store_but_that_it_is_one()
    {
        var export = FileExport.Of(RecordBook.Empty, withSecrets: true);
        Assert.Empty(export.Documents);
        Assert.Null(export.Keys);
        Assert.All(Encoding.UTF8.GetString(export.Settings).Split('\n'), line => Assert.True(line.Length == 0 || line[0] == '#'));
    }

    private void Deploy(string body) => _harness.Do($"POST {Api}/deployments", body);

    private void Patch(string stage, params string[] replacements)
    {
        WireValue list = WireValue.NewList();
        foreach (string replacement in replacements)
        {
            int equals = replacement.IndexOf('=', StringComparison.Ordinal);
            list.Items.Add(WireValue.NewObject().Set("op", "replace").Set("path", replacement[..equals]).Set("value", replacement[(equals + 1)..]));
        }

        _harness.Do($"PATCH {Api}/stages/{stage}", WireValue.NewObject().Set("patchOperations", list).ToString());
    }

    private WireValue Settings(out FileExport export, bool withSecrets = false)
    {
        export = FileExport.Of(_harness.Book, withSecrets);
        return Parsed(export);
    }

    private static WireValue Parsed(FileExport export)
    {
        var problems = new EdgeProxy.Compiler.Problems.ProblemList();
        return WireValue.Parse(Encoding.UTF8.GetBytes(EdgeProxy.ControlPlane.Documents.DocumentJson.Write(EdgeProxy.ControlPlane.Documents.DocumentReader.Read("edgeproxy.yaml", export.Settings, problems)!)));
    }

    private string Document(FileExport export, int index) =>
        Encoding.UTF8.GetString(FileExport.DocumentOrNull(_harness.Book, _harness.Store.FindSnapshot, export.Documents[index].Api, export.Documents[index].Deployment)!);

    private void Validate(FileExport export, bool allowsUnsupported = false)
    {
        string folder = "export" + Guid.NewGuid();
        for (int i = 0; i < export.Documents.Count; i++) _work.Write(Path.Combine(folder, export.Documents[i].File), Document(export, i));
        _work.Write(Path.Combine(folder, FileExport.SettingsFile), Encoding.UTF8.GetString(export.Settings));
        if (export.Keys is { } keys) _work.Write(Path.Combine(folder, FileExport.KeysFile), Encoding.UTF8.GetString(keys));
        var output = new StringWriter();
        var options = new RunOptions { Sources = new SettingSources { File = Path.Combine(folder, FileExport.SettingsFile), WorkingDirectory = _work.Folder }, AllowUnsupported = allowsUnsupported };
        int exit = ValidateCommand.Run(options, output);
        Assert.True(exit == ExitStatus.Ok, $"{output}\n{Encoding.UTF8.GetString(export.Settings)}");
    }
}
