using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.TestKit;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>Documents that clients of the management API send, JSON or YAML: imported, read back from their records, and put once more.</summary>
internal sealed class ImportTarget : FuzzTarget
{
    public override string Name => "Import";

    public override int LongestInput => 4096;

    public override long MostAllocated => 64 << 20;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "openapi: 3.0.1\n", "swagger: '2.0'\n", "info: {title: t}\n", "paths:\n", "  /a/{b}:\n", "    get:\n", "    x-amazon-apigateway-any-method:\n", "{", "}", "[", "]", ": ", "- ", "&a ", "*a", "<<: ", "null", "'", "\"", "\\u0000", "é",
        "responses: {200: {headers: {A: {}}}}", "parameters: [{name: b, in: path, required: true}]", "security: [{k: []}]", "x-amazon-apigateway-integration: {type: mock}", "type: http_proxy", "httpMethod: ANY", "uri: 'http://a/{b}'",
        "requestTemplates: {application/json: '{}'}", "requestParameters: {integration.request.header.a: method.request.path.b}", "responses: {default: {statusCode: 200}, '4..': {statusCode: 200}}", "$ref: '#/components/schemas/A'",
        "components: {schemas: {A: {$ref: '#/components/schemas/A'}}}", "x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {statusCode: 400}}", "x-amazon-apigateway-request-validators: {v: {validateRequestBody: true}}",
        "x-amazon-apigateway-request-validator: v", "x-amazon-apigateway-binary-media-types: ['*/*']", "x-amazon-apigateway-documentation: {version: 1, documentationParts: [{location: {type: API}, properties: {}}]}", "description: d",
        "x-amazon-apigateway-policy: {Statement: [{Resource: 'execute-api:/*'}]}", "x-edgeproxy-upstream: {targets: ['a:1']}", "x-edgeproxy-cache: {coalesce: true}", "tags: [{name: _custom_id_, x-amazon-apigateway-tag-value: fuzzedapi0}]",
    ];

    public override ulong Run(byte[] input)
    {
        var api = new ManagementHarness();
        (int status, WireValue made) = api.Call("POST /restapis?mode=import", input);
        Promise.That(status is 201 or 400, "An import is done or refused");
        if (status != 201)
        {
            Promise.That(api.Book.Scopes.Count == 0, "What is refused keeps nothing");
            return Outcome.None.With(made.TextOf("message")?.Length ?? 0);
        }

        string id = made.TextOf("id")!;
        RecordBook before = api.Book;
        RecordScope scope = before.ScopeOrNull(Scopes.RestApi(id))!;
        var problems = new ProblemList();
        ApiDefinition read = ReadDefinition.Run(scope, problems);
        Promise.That(problems.Count == 0, "What an import wrote can be read");
        ApiDefinition written = OpenApiImporter.Import("body.yaml", input, new OpenApiImportOptions { ApiId = id, Kind = ApiKind.Rest, BasePath = BasePathMode.Ignore, AccountId = "000000000000" }, problems)!;
        if (written.Policy is null) Promise.Same(DefinitionText.Of(written), DefinitionText.Of(read), "Records mean what their document means");
        (int again, _) = api.Call($"PUT /restapis/{id}?mode=overwrite", input);
        Promise.Same(200, again, "What was imported can be put");
        Promise.That(ReferenceEquals(before, api.Book), "The same document again changes nothing");
        return Outcome.None.WithCount(read.Methods.Count).WithCount(read.Resources.Count).WithCount(made.TextsOf("warnings").Count).With(read.Models.Count).With(scope.All(Kinds.DocumentationPart).Count);
    }
}
