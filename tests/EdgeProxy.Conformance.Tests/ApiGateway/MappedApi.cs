using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>Documents of one resource, <c>/pets/{id}</c>, whose integration is given.</summary>
internal static class MappedApi
{
    /// <summary>Serves ANY method of the resource by an integration, written as YAML.</summary>
    public static TestGateway Serve(this TestGateway gateway, string integration, string responses = "'200': {description: ok}", params (string Name, string Value)[] variables) =>
        gateway.ServeDocument(Document(integration, responses), variables: variables);

    public static string Document(string integration, string responses = "'200': {description: ok}") =>
        $"""
        openapi: 3.0.1
        info: {"{title: Pets, version: '1'}"}
        paths:
          /pets/{"{id}"}:
            parameters:
              - {"{name: id, in: path, required: true, schema: {type: string}}"}
            x-amazon-apigateway-any-method:
              parameters:
                - {"{name: q, in: query, schema: {type: string}}"}
                - {"{name: X-One, in: header, schema: {type: string}}"}
              responses:
        {Indent(responses, 8)}
              x-amazon-apigateway-integration:
        {Indent(integration, 8)}

        """;

    /// <summary>An HTTP integration with templates, written as they are.</summary>
    public static string Http(string? requestTemplate = null, string? responseTemplate = null, string method = "POST", string members = "", string response = "") =>
        $"type: http\nhttpMethod: {method}\nuri: http://backend/v1\n{members}\n"
        + (requestTemplate is null ? "" : "requestTemplates:\n  application/json: |\n" + Indent(requestTemplate, 4) + "\n")
        + "responses:\n  default:\n    statusCode: 200\n" + (response.Length == 0 ? "" : Indent(response, 4) + "\n")
        + (responseTemplate is null ? "" : "    responseTemplates:\n      application/json: |\n" + Indent(responseTemplate, 8) + "\n");

    /// <summary>A MOCK with templates, written as they are.</summary>
    public static string Mock(string requestTemplate, string? responseTemplate = null, string response = "") =>
        "type: mock\nrequestTemplates:\n  application/json: |\n" + Indent(requestTemplate, 4) + "\n"
        + "responses:\n  default:\n    statusCode: 200\n" + (response.Length == 0 ? "" : Indent(response, 4) + "\n")
        + (responseTemplate is null ? "" : "    responseTemplates:\n      application/json: |\n" + Indent(responseTemplate, 8) + "\n");

    private static string Indent(string text, int columns) => new string(' ', columns) + text.TrimEnd('\n').Replace("\n", "\n" + new string(' ', columns), StringComparison.Ordinal);
}
