using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;
using ApiDocuments = EdgeProxy.Tests.ControlPlane.Imports.OpenApi.Documents;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Deployments;

public sealed class ReadDefinitionTests
{
    // Every member that a definition of a REST API has.
    private const string Everything = """
        openapi: 3.0.1
        info: {title: Everything, description: All of it, version: "7"}
        servers:
          - url: https://example.org/{basePath}
            variables: {basePath: {default: v7}}
            x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true, vpcEndpointIds: [vpce-1]}
        x-amazon-apigateway-api-key-source: AUTHORIZER
        x-amazon-apigateway-minimum-compression-size: 1024
        x-amazon-apigateway-binary-media-types: [image/*, application/octet-stream]
        x-amazon-apigateway-security-policy: TLS_1_2
        x-amazon-apigateway-endpoint-access-mode: STRICT
        x-amazon-apigateway-request-validators:
          all: {validateRequestBody: true, validateRequestParameters: true}
          body: {validateRequestBody: true, validateRequestParameters: false}
        x-amazon-apigateway-request-validator: all
        x-amazon-apigateway-policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "*"}]}
        x-amazon-apigateway-gateway-responses:
          DEFAULT_4XX:
            responseParameters: {gatewayresponse.header.X-Why: "'because \"you\"'"}
            responseTemplates: {application/json: '{"m": $context.error.messageString}', text/plain: $context.error.message}
          THROTTLED: {statusCode: 503}
          UNAUTHORIZED: {}
        x-edgeproxy-upstream:
          protocol: h2
          trailers: true
          tls: {caFile: /etc/ca.pem, clientCertificateFile: /etc/c.pem, clientKeyFile: /etc/k.pem, serverName: backend.test}
          balance: least-loaded
          failureStatuses: [500-599, 429]
          panicPercent: 40
          retries: {attempts: 3, tryTimeoutInMillis: 500, on: [connect, 503], nonIdempotent: true, budgetPercent: 20, budgetPerSecond: 5, backoffInMillis: 10}
          ejection: {consecutiveFailures: 5, failurePercent: 50, leastRequests: 20, timeInMillis: 1000, mostTimeInMillis: 9000, mostPercent: 30}
          circuit: {failurePercent: 60, leastRequests: 30, openTimeInMillis: 2000, mostOpenTimeInMillis: 8000, probes: 3}
          health: {path: /healthz, intervalInMillis: 2000, timeoutInMillis: 500, statuses: [200-299], healthy: 2, unhealthy: 3}
          concurrency: {max: 100, queue: 10, waitInMillis: 250}
        x-edgeproxy-cache: {rfc9111: true, heuristicPercent: 10, staleWhileRevalidate: 30, staleIfError: 60, keepExpired: 90, honorRequests: false, coalesce: true, compressedVariants: true}
        x-edgeproxy-response-validation: report
        components:
          schemas:
            Pet: {type: object, description: A pet, properties: {name: {type: string}, parent: {$ref: '#/components/schemas/Pet'}}}
            Pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}
          securitySchemes:
            tokens:
              type: apiKey
              in: header
              name: X-Token
              x-amazon-apigateway-authtype: mine
              x-amazon-apigateway-authorizer:
                type: token
                authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations
                authorizerCredentials: arn:aws:iam::123456789012:role/r
                identityValidationExpression: ^x-[a-z]+
                authorizerResultTtlInSeconds: 60
            requests:
              type: apiKey
              in: header
              name: Unused
              x-amazon-apigateway-authorizer: {type: request, identitySource: 'method.request.header.A, context.path', authorizerUri: arn:aws:lambda, authorizerResultTtlInSeconds: 0}
            pool:
              type: apiKey
              in: header
              name: Authorization
              x-amazon-apigateway-authtype: cognito_user_pools
              x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a', 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_b']}
            jwts:
              type: apiKey
              in: header
              name: Authorization
              x-amazon-apigateway-authorizer:
                type: jwt
                identitySource: method.request.header.Authorization
                jwtConfiguration:
                  defaultAlgorithms: [RS256, ES256]
                  issuers: [{issuer: https://a.test, audiences: [x, y], additionalClaims: [{claimName: tenant, format: STRING, expectedValues: ["1"], required: true}]}]
            key: {type: apiKey, in: header, name: x-api-key}
            iam: {type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4}
        paths:
          /:
            get: {security: [{key: []}], responses: {}, x-amazon-apigateway-integration: {type: mock, passthroughBehavior: never, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: "204"}, '4\d\d': {statusCode: "204"}, 5..: {statusCode: "204", contentHandling: CONVERT_TO_TEXT}}}}
          /pets/{id}:
            parameters:
              - {name: id, in: path, required: true}
            post:
              operationId: putPet
              description: Puts a pet
              security: [{tokens: []}, {key: []}]
              x-amazon-apigateway-request-validator: body
              x-edgeproxy-response-validation: enforce
              parameters:
                - {name: q, in: query, required: true}
                - {name: q, in: header}
              requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, application/xml: {schema: {type: object, properties: {a: {type: integer}}}}}}
              responses:
                200: {description: ok, headers: {ETag: {}, X-A: {}}, content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}}
                404: {description: no}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: PUT
                uri: http://127.0.0.1:8081/pets/{id}?v=${stageVariables.v}
                credentials: arn:aws:iam::123456789012:role/r
                connectionType: VPC_LINK
                connectionId: abc123
                integrationTarget: arn:aws:elasticloadbalancing:x
                passthroughBehavior: when_no_templates
                contentHandling: CONVERT_TO_BINARY
                timeoutInMillis: 1500
                cacheNamespace: shared
                cacheKeyParameters: [method.request.path.id, method.request.querystring.q]
                requestParameters: {integration.request.path.id: method.request.path.id, integration.request.header.X-Static: "'é \"quoted\"'"}
                requestTemplates: {application/json: "#set($a = $input.path('$'))\n{\"a\": $a}", $default: ""}
                tlsConfig: {insecureSkipVerification: true}
                x-edgeproxy-upstream: {protocol: http1, targets: [{address: 'a:80', weight: 3}, 'b:81']}
                responses:
                  default: {statusCode: 200, responseParameters: {method.response.header.ETag: integration.response.header.ETag}, responseTemplates: {application/json: $input.body}}
                  '4\d{2}': {statusCode: 404, contentHandling: CONVERT_TO_TEXT}
            get:
              security: [{jwts: [a, b]}]
              x-edgeproxy-cache: {coalesce: false}
              responses: {200: {description: ok}}
              x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations', responseTransferMode: STREAM, timeoutInMillis: 60000}
            x-amazon-apigateway-any-method:
              security: [{pool: [read]}]
              responses: {200: {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: 'http://127.0.0.1:8081/', timeoutInMillis: 29000}
          /a/b/{proxy+}:
            get: {security: [{iam: []}], responses: {}, x-amazon-apigateway-integration: {type: aws, httpMethod: POST, uri: arn:aws:x, responses: {default: {statusCode: 200}}}}
            put: {security: [{requests: []}], responses: {}, x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://127.0.0.1:1/{proxy}'}}
            head: {responses: {}}
        """;

    [Fact]
    public void Reads_what_an_import_wrote()
    {
        var problems = new ProblemList();
        ApiDefinition api = OpenApiImporter.Import("everything.yaml", Encoding.UTF8.GetBytes(Everything), new OpenApiImportOptions { ApiId = "abcdefghij" }, problems)!;
        Assert.Equal([ProblemCode.MissingIntegration], problems.Where(problem => problem.Severity == ProblemSeverity.Error).Select(problem => problem.Code)); // HEAD has none on purpose
        ApiDefinition read = ThroughRecords.Check(api);
        Assert.Equal(6, read.Methods.Count(method => method.Integration is not null));
        Assert.Null(read.Methods.Single(method => method.Verb == "HEAD").Integration);
        Assert.Equal(3, read.Methods.Single(method => method.Path == "/").Integration!.Responses.Count);
    }

    [Theory]
    [InlineData("petstore.openapi.yaml")]
    [InlineData("functions.openapi.yaml")]
    [InlineData("many-routes.openapi.yaml")]
    public void Reads_what_an_import_of_an_example_wrote(string file)
    {
        var problems = new ProblemList();
        ApiDefinition api = OpenApiImporter.Import(file, File.ReadAllBytes(Repository.PathOf("deploy/examples/" + file)), new OpenApiImportOptions(), problems)!;
        Assert.False(problems.HasErrors);
        ThroughRecords.Check(api);
    }

    [Fact]
    public void Leaves_out_a_record_that_is_no_json_and_says_so()
    {
        var edit = new BookEdit(RecordBook.Empty);
        ThroughRecords.Write(ApiDocuments.CheckWell(ApiDocuments.Good, new OpenApiImportOptions { ApiId = "abcdefghij" }), edit);
        string scope = Scopes.RestApi("abcdefghij");
        string key = edit.All(scope, Kinds.Method)[0].Key;
        edit.Put(scope, Kinds.Method, new Record(key, "{\"httpMethod\":"u8.ToArray()));
        edit.Put(scope, Kinds.Model, new Record("M", "nothing"u8.ToArray()));
        var problems = new ProblemList();
        ApiDefinition api = ReadDefinition.Run(edit.ScopeOrNull(scope)!, problems);
        Assert.Empty(api.Methods);
        Assert.Equal(2, problems.Count(problem => problem.Code == ProblemCode.Syntax));
    }

    [Fact]
    public void Reads_for_a_deployment_what_is_packed_of_an_API_and_no_documentation()
    {
        var edit = new BookEdit(RecordBook.Empty);
        const string scope = "restapis/abcdefghij";
        edit.Put(scope, Kinds.RestApi, new Record("abcdefghij", """{"id":"abcdefghij","name":"n"}"""u8.ToArray()));
        edit.Put(scope, Kinds.Resource, new Record("r", """{"id":"r","path":"/"}"""u8.ToArray()));
        edit.Put(scope, Kinds.Method, new Record("r/GET", """{"httpMethod":"GET","methodIntegration":{"type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\":200}"}}}"""u8.ToArray()));
        edit.Put(scope, Kinds.DocumentationPart, new Record("p1", """{"id":"p1","location":{"type":"API"},"properties":"{}"}"""u8.ToArray()));
        edit.Put(scope, Kinds.DocumentationPart, new Record("p2", "nothing"u8.ToArray()));
        RecordScope live = edit.ScopeOrNull(scope)!;
        Assert.True(ScopeArchive.TryUnpack(ScopeArchive.Pack(live).Content, out RecordScope? frozen));

        var problems = new ProblemList();
        ApiDefinition deployed = ReadDefinition.Deployed(live, problems);
        Assert.Empty(problems);
        Assert.Null(deployed.Documentation);
        Assert.Equal(DefinitionText.Of(ReadDefinition.Run(frozen, problems)), DefinitionText.Of(deployed));
        Assert.Empty(problems);

        Assert.Single(ReadDefinition.Run(live, problems).Documentation!.Parts);
        Assert.Single(problems);
    }

    [Fact]
    public void Tells_two_validators_of_one_name_apart()
    {
        var edit = new BookEdit(RecordBook.Empty);
        const string scope = "restapis/abcdefghij";
        edit.Put(scope, Kinds.RestApi, new Record("abcdefghij", """{"id":"abcdefghij","name":"n"}"""u8.ToArray()));
        edit.Put(scope, Kinds.Resource, new Record("r", """{"id":"r","path":"/"}"""u8.ToArray()));
        edit.Put(scope, Kinds.RequestValidator, new Record("v1", """{"id":"v1","name":"v","validateRequestBody":true}"""u8.ToArray()));
        edit.Put(scope, Kinds.RequestValidator, new Record("v2", """{"id":"v2","name":"v","validateRequestParameters":true}"""u8.ToArray()));
        edit.Put(scope, Kinds.Method, new Record("r/GET", """{"httpMethod":"GET","requestValidatorId":"v2"}"""u8.ToArray()));
        ApiDefinition api = ReadDefinition.Run(edit.ScopeOrNull(scope)!, new ProblemList());
        RequestValidatorDefinition validator = Assert.Single(api.RequestValidators, validator => validator.Name == api.Methods[0].RequestValidator);
        Assert.True(validator.ValidateRequestParameters);
    }

    [Fact]
    public void Keeps_an_authorizer_that_is_gone_as_a_name_that_leads_nowhere()
    {
        var edit = new BookEdit(RecordBook.Empty);
        const string scope = "restapis/abcdefghij";
        edit.Put(scope, Kinds.Resource, new Record("r", """{"id":"r","path":"/"}"""u8.ToArray()));
        edit.Put(scope, Kinds.Method, new Record("r/GET", """{"httpMethod":"GET","authorizationType":"CUSTOM","authorizerId":"gone"}"""u8.ToArray()));
        ApiDefinition api = ReadDefinition.Run(edit.ScopeOrNull(scope)!, new ProblemList());
        Assert.Equal(AuthorizationKind.Custom, api.Methods[0].Authorization.Kind);
        Assert.Equal("gone", api.Methods[0].Authorization.Authorizer);
    }
}
