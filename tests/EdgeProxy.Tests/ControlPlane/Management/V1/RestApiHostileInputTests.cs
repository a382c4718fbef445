using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

/// <summary>Whatever is sent to the calls on a REST API: an answer that is no 500, and records that can be read.</summary>
public sealed class RestApiHostileInputTests
{
    private static readonly string[] s_names =
    [
        "name", "description", "version", "cloneFrom", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource", "endpointConfiguration", "types", "ipAddressType", "vpcEndpointIds", "policy", "tags",
        "disableExecuteApiEndpoint", "pathPart", "authorizationType", "authorizerId", "requestParameters", "requestModels", "requestValidatorId", "authorizationScopes", "type", "httpMethod", "uri",
        "connectionType", "connectionId", "requestTemplates", "passthroughBehavior", "cacheNamespace", "cacheKeyParameters", "contentHandling", "timeoutInMillis", "tlsConfig", "insecureSkipVerification",
        "selectionPattern", "responseParameters", "responseTemplates", "responseModels", "schema", "contentType", "validateRequestBody", "statusCode", "providerARNs", "authorizerUri", "identitySource",
        "identityValidationExpression", "authorizerResultTtlInSeconds", "jwtConfiguration", "defaultAlgorithms", "issuers", "issuer", "audiences", "location", "properties", "documentationVersion",
        "stageName", "patchOperations", "op", "path", "value", "from", "method.request.header.X", "method.response.header.X-Kind", "integration.request.header.X", "application/json", "_custom_id_",
    ];

    private static readonly string[] s_texts =
    [
        "", "a", "NONE", "CUSTOM", "TOKEN", "REQUEST", "COGNITO_USER_POOLS", "JWT", "MOCK", "HTTP", "AWS", "AWS_PROXY", "GET", "{x}", "{x+}", "{", "application/json", "Empty", "EDGE", "PRIVATE", "add", "remove",
        "replace", "copy", "move", "/", "//", "/name", "/pathPart", "/parentId", "/schema", "/policy", "/endpointConfiguration/types/0", "/requestParameters/x", "/cacheKeyParameters/x", "/properties",
        "/responseTemplates/application~1json", "/timeoutInMillis", "/jwtConfiguration", "/a~", "/~2/~", "99999999999999999999", "-1", "1e400", "true", "((((", "(a+)+$", "\u0000", "\ud83d", "é\u200b", "'x'",
        "method.request.header.X", "context.requestId", "arn:", "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/x/invocations", "http://a", "https://", "${stageVariables.x}",
        "{\"type\":\"object\"}", "{\"$ref\":\"https://apigateway.amazonaws.com/restapis/a/models/Empty\"}", "{\"Statement\":[]}", "{\\\"Statement\\\":[]}", "[]", "null", "API", "METHOD", "1.0",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_call_has_an_answer(int seed)
    {
        var random = new Random(seed);
        var api = new RestApiHarness();
        List<Operation> operations = [.. OperationList.All.Where(static operation => operation.Path.StartsWith("/restapis", StringComparison.Ordinal) && !operation.TakesRawBody && !operation.IsTest)];
        Assert.True(operations.Count > 50);
        for (int i = 0; i < 6000; i++)
        {
            Operation operation = operations[random.Next(operations.Count)];
            if (operation.Name == "DeleteRestApi" && random.Next(50) > 0) continue;
            string path = PathOf(operation.Path, api, random);
            byte[] body = operation.IsRead ? [] : Body(operation, random);
            (int status, _) = api.Management.Call($"{operation.Method} {path}?limit={Text(random, escape: true)}&position={Text(random, escape: true)}&flatten=true&embed=methods", body);
            Assert.True(status is >= 200 and < 500, $"{operation.Name} {path} {Encoding.UTF8.GetString(body)}: {status}");
            if (api.Management.Last!.Body.Length > 0) Assert.True(WireValue.TryParse(api.Management.Last.Body.Span, out _));
        }

        foreach (RecordScope scope in api.Management.Book.Below(Scopes.RestApis))
        {
            foreach (string kind in scope.Kinds)
            {
                foreach (Record record in scope.All(kind)) record.Open();
            }

            ReadDefinition.Run(scope, new ProblemList());
        }
    }

    // Most calls are about what is there, or nothing would be reached.
    private static string PathOf(string template, RestApiHarness api, Random random)
    {
        string[] parts = template.Split('/');
        for (int i = 0; i < parts.Length; i++)
        {
            if (!parts[i].StartsWith('{')) continue;
            parts[i] = random.Next(20) == 0 ? Text(random, escape: true) : parts[i] switch
            {
                "{restapi_id}" => api.Id,
                "{resource_id}" or "{parent_id}" => random.Next(3) switch { 0 => api.Root, 1 => api.Pet, _ => api.Pets },
                "{http_method}" => random.Next(3) == 0 ? "POST" : "GET",
                "{status_code}" => random.Next(3) == 0 ? "404" : "200",
                "{model_name}" => "Empty",
                "{response_type}" => "THROTTLED",
                "{doc_version}" => "1.0",
                _ => Text(random, escape: true),
            };
        }

        return string.Join('/', parts);
    }

    private static byte[] Body(Operation operation, Random random)
    {
        switch (random.Next(12))
        {
            case 0:
                byte[] noise = new byte[random.Next(40)];
                random.NextBytes(noise);
                return noise;
            case 1:
                return Encoding.UTF8.GetBytes(Value(random, 0).ToString());
            default:
                WireValue body = WireValue.NewObject();
                if (operation.Method == "PATCH")
                {
                    WireValue list = body.ListAt("patchOperations");
                    for (int i = random.Next(4); i > 0; i--) list.Items.Add(WireValue.NewObject().Set("op", Text(random)).Set("path", Text(random)).Set("value", Text(random)));
                }
                else
                {
                    for (int i = random.Next(12); i > 0; i--) body[s_names[random.Next(s_names.Length)]] = Value(random, 0);
                    foreach (string name in (string[])["name", "type", "authorizationType", "pathPart", "contentType", "documentationVersion", "properties", "schema"])
                    {
                        if (random.Next(3) > 0) body.Set(name, Text(random));
                    }
                }

                return body.ToBytes();
        }
    }

    private static WireValue Value(Random random, int depth)
    {
        switch (random.Next(depth > 4 ? 5 : 9))
        {
            case 0:
                return WireValue.Of(random.Next(2) == 0);
            case 1:
                return WireValue.Of(random.NextInt64(-10, 40_000));
            case 2:
                return WireValue.Of(random.NextDouble() * 1e12);
            case 3 or 4:
                return WireValue.Of(Text(random));
            case 5 or 6:
                WireValue list = WireValue.NewList();
                for (int i = random.Next(4); i > 0; i--) list.Items.Add(Value(random, depth + 1));
                return list;
            default:
                WireValue value = WireValue.NewObject();
                for (int i = random.Next(5); i > 0; i--) value[s_names[random.Next(s_names.Length)]] = Value(random, depth + 1);
                return value;
        }
    }

    private static string Text(Random random, bool escape = false)
    {
        string text = random.Next(60) == 0 ? new string('a', 5000) : s_texts[random.Next(s_texts.Length)];
        return escape ? Uri.EscapeDataString(text.Replace("\ud83d", "?", StringComparison.Ordinal)) : text;
    }
}
