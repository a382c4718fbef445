using System.Diagnostics;
using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Imports;
using EdgeProxy.ControlPlane.Imports.OpenApi;

namespace EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

/// <summary>Good documents broken in a thousand ways by a fixed seed: none may crash, hang, or be reported at a place that is not in it.</summary>
public sealed class BrokenDocumentsTests
{
    private const int Count = 1000;

    // Far above what one takes (milliseconds); only a hang or an explosion reaches it, whatever the machine is doing.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private static readonly string[] Fragments =
    [
        "null", "{}", "[]", "~", "'", "\"", "|", ">", "&a", "*a", "!Ref x", "<<: *a", "? ", "- ", ": ", "#", "---\n", "...\n", "\t", "\0", "\uFEFF", "{{", "}}", "[[[[",
        "$ref: '#'", "$ref: '#/paths'", "-1", "1e999", "0x", "99999999999999999999", "${stageVariables.", "{proxy+}", "/", "//", "\u2028", "\ud83d\ude00", "%", "%YAML 9.9\n", "\\u0000",
    ];

    private const string Rich = """
        # Every part of the importer sees something here.
        openapi: 3.0.3
        info: {title: Rich, version: 1.0, description: "all of it"}
        servers:
          - url: https://api.example.com/{basePath}
            variables: {basePath: {default: v1}}
        tags: [{name: pets}]
        security: [{fn: []}]
        x-amazon-apigateway-binary-media-types: [image/png]
        x-amazon-apigateway-minimum-compression-size: 1024
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
        x-amazon-apigateway-request-validator: all
        x-amazon-apigateway-policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*"}]}
        x-amazon-apigateway-gateway-responses:
          DEFAULT_4XX: {statusCode: "400", responseParameters: {gatewayresponse.header.X: "'y'"}, responseTemplates: {application/json: "{}"}}
        x-amazon-apigateway-documentation: {version: "1", documentationParts: [{location: {type: API}, properties: {description: d}}]}
        components:
          schemas:
            Pet: &pet
              type: object
              properties: {id: {type: integer}, friend: {$ref: "#/components/schemas/Pet"}}
            Pets: {type: array, items: *pet}
          parameters:
            Limit: {name: limit, in: query, required: false, schema: {type: integer}}
          securitySchemes:
            fn: {type: apiKey, in: header, name: Auth, x-amazon-apigateway-authorizer: {type: token, authorizerUri: "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:f", authorizerResultTtlInSeconds: 60}}
            key: {type: apiKey, in: header, name: x-api-key}
            iam: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}
        paths:
          /pets:
            parameters: [{$ref: "#/components/parameters/Limit"}]
            get: &get
              operationId: list
              security: []
              responses:
                200: {description: ok, headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {$ref: "#/components/schemas/Pets"}}}}
                "404": {description: none}
              x-amazon-apigateway-integration: &back
                type: http
                httpMethod: GET
                uri: http://${stageVariables.host}:8080/pets
                timeoutInMillis: 5000
                passthroughBehavior: when_no_match
                requestParameters:
                  integration.request.querystring.limit: method.request.querystring.limit
                  integration.request.header.X-Id: context.requestId
                  integration.request.header.X-Static: "'text'"
                responses:
                  default: {statusCode: "200", responseParameters: {method.response.header.ETag: integration.response.header.ETag}}
                  4\d{2}: {statusCode: 404, responseTemplates: {application/json: "{}"}}
            head:
              <<: *get
              operationId: peek
            post:
              requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
              security: [{iam: []}, {key: []}]
              responses: {"201": {description: made}}
              x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations"}
            options:
              x-amazon-apigateway-auth: {type: NONE}
              responses: {"200": {description: cors, headers: {Access-Control-Allow-Origin: {schema: {type: string}}}}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: "{statusCode: 200,}"}
                responses: {default: {statusCode: "200", responseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}}}
          /pets/{id}/{proxy+}:
            x-amazon-apigateway-any-method:
              parameters: [{name: id, in: path, required: true}, {name: proxy, in: path, required: true}]
              responses: {}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: ANY
                uri: "http://[::1]:8080/{id}/{proxy}"
                requestParameters: {integration.request.path.id: method.request.path.id, integration.request.path.proxy: method.request.path.proxy}
        """;

    private const string Swagger = """
        {
          "swagger": "2.0",
          "info": {"title": "Old", "version": "1"},
          "basePath": "/v1",
          "definitions": {"Pet": {"type": "object"}},
          "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}},
          "paths": {
            "/pets/{id}": {
              "put": {
                "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"}, {"name": "pet", "in": "body", "schema": {"$ref": "#/definitions/Pet"}}],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}, "headers": {"ETag": {"type": "string"}}}},
                "x-amazon-apigateway-integration": {
                  "type": "http_proxy", "httpMethod": "PUT", "uri": "http://127.0.0.1:8080/{id}",
                  "requestParameters": {"integration.request.path.id": "method.request.path.id"}
                }
              }
            }
          }
        }
        """;

    [Fact]
    public void The_documents_they_are_made_from_are_good()
    {
        foreach (string text in (string[])[Documents.Good, Rich, Swagger])
        {
            Assert.DoesNotContain(Documents.Check(text).Problems, problem => problem.Severity == ProblemSeverity.Error);
        }
    }

    [Fact]
    public void Crash_nothing_and_are_reported_at_places_within_them()
    {
        var random = new Random(20261122);
        string[] good = [Documents.Good, Rich, DocumentJson.Write(Read(Rich)), DocumentJson.Write(Read(Documents.Good)), Swagger];
        int broken = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] document = Encoding.UTF8.GetBytes(good[random.Next(good.Length)]);
            int mutations = random.Next(1, 5);
            for (int m = 0; m < mutations; m++) document = Mutate(document, random);
            if (Check(document, i)) broken++;
        }

        // Most mutations must break something, else this test would look at good documents only.
        Assert.InRange(broken, Count / 2, Count);
    }

    [Fact]
    public void Truncated_at_each_byte_they_crash_nothing()
    {
        byte[] document = Encoding.UTF8.GetBytes(Documents.Good);
        for (int length = 0; length < document.Length; length++) Check(document[..length], length);
    }

    private static bool Check(byte[] document, int number)
    {
        var problems = new ProblemList();
        long start = Stopwatch.GetTimestamp();
        foreach (string name in (string[])["broken.yaml", "broken.json"])
        {
            Exception? thrown = Record.Exception(() =>
            {
                var options = new OpenApiImportOptions { Strict = number % 2 == 0, BasePath = (BasePathMode)(number % 4) };
                if (OpenApiImporter.Import(name, document, options, problems) is not { } api) return;
                CheckDefinitions.Run(api, new CheckOptions { Strict = options.Strict }, problems);
                Assert.Equal(api.Methods.Count, CheckSupport.Run(api, problems).Count);
                Assert.True(ApiIdentifier.IsValid(api.Id));
            });
            Assert.True(thrown is null, $"Document {number}: {thrown}\n{Encoding.UTF8.GetString(document)}");
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < Hang, $"Document {number} took too long:\n{Encoding.UTF8.GetString(document)}");
        int lines = document.Count(b => b is (byte)'\n' or (byte)'\r') + (3 * Encoding.UTF8.GetString(document).Count(c => c is '\u0085' or '\u2028' or '\u2029')) + 2;
        foreach (Problem problem in problems)
        {
            Assert.NotNull(problem.Origin);
            Assert.InRange(problem.Origin.Line, 1, lines);
            Assert.InRange(problem.Origin.Column, 1, document.Length + 2);
            Assert.NotEqual(ProblemCode.None, problem.Code);
            Assert.NotEmpty(problem.Message);
            Assert.DoesNotContain('\n', ProblemWriter.Line(problem));
        }

        return problems.Count > 0;
    }

    private static byte[] Mutate(byte[] document, Random random)
    {
        if (document.Length == 0) return document;
        switch (random.Next(9))
        {
            case 0:
                byte[] flipped = [.. document];
                flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return document[..random.Next(document.Length)];
            case 2:
                return OnLines(document, lines => lines.RemoveAt(random.Next(lines.Count)));
            case 3:
                return OnLines(document, lines => lines.Insert(random.Next(lines.Count), lines[random.Next(lines.Count)]));
            case 4:
                return OnLines(document, lines =>
                {
                    int at = random.Next(lines.Count);
                    lines[at] = random.Next(2) == 0 ? "  " + lines[at] : lines[at].TrimStart(' ');
                });
            case 5:
                return OnTokens(document, tokens =>
                {
                    int a = random.Next(tokens.Count), b = random.Next(tokens.Count);
                    (tokens[a], tokens[b]) = (tokens[b], tokens[a]);
                });
            case 6:
                return OnTokens(document, tokens => tokens[random.Next(tokens.Count)] = Fragments[random.Next(Fragments.Length)]);
            case 7:
                int at = random.Next(document.Length);
                return [.. document[..at], .. Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]), .. document[at..]];
            default:
                // A stretch of the document again, somewhere else.
                int from = random.Next(document.Length), length = random.Next(Math.Min(200, document.Length - from)), to = random.Next(document.Length);
                return [.. document[..to], .. document[from..(from + length)], .. document[to..]];
        }
    }

    private static byte[] OnLines(byte[] document, Action<List<string>> change)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(document).Split('\n')];
        change(lines);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    // Words and what stands between them, so that keys, values and punctuation change places whole.
    private static byte[] OnTokens(byte[] document, Action<List<string>> change)
    {
        var tokens = new List<string>();
        var token = new StringBuilder();
        foreach (char c in Encoding.Latin1.GetString(document))
        {
            if (token.Length > 0 && char.IsLetterOrDigit(c) != char.IsLetterOrDigit(token[^1]))
            {
                tokens.Add(token.ToString());
                token.Clear();
            }

            token.Append(c);
        }

        tokens.Add(token.ToString());
        change(tokens);
        return Encoding.UTF8.GetBytes(string.Concat(tokens));
    }

    private static DocumentNode Read(string text)
    {
        var problems = new ProblemList();
        DocumentNode? root = DocumentReader.Read("good.yaml", Encoding.UTF8.GetBytes(text), problems);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        return root!;
    }
}
