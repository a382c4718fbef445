using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 2.4: what each kind of resource may hold.</summary>
public sealed class V2_2_4_Rules
{
    private readonly V2Api _api = new();

    [Fact]
    public void An_http_api_selects_by_method_and_path_and_a_websocket_api_by_what_it_says()
    {
        Assert.Equal("$request.method $request.path", _api.Do($"GET {_api.Http}").TextOf("routeSelectionExpression"));
        Assert.Equal("$request.body.action", _api.Do($"GET {_api.WebSocket}").TextOf("routeSelectionExpression"));
        Assert.Equal(400, _api.Status("POST /v2/apis", """{"name":"x","protocolType":"WEBSOCKET"}"""));
    }

    [Theory]
    [InlineData("$request.body.action", 201)]
    [InlineData("${request.body.action}", 201)]
    [InlineData("${request.body.service}/${request.body.action}", 201)]
    [InlineData("${request.body.action}-${request.body.invalidPath}", 201)]
    [InlineData("action", 201)]
    [InlineData("\\$default", 201)]
    [InlineData("$request.body['a b'][0]", 400)]
    [InlineData("${request.body['a b'][0]}", 201)]
    [InlineData("$request.body", 400)]
    [InlineData("${request.body.a", 400)]
    [InlineData("$request.body.a[", 400)]
    [InlineData("$request.header.a", 400)]
    [InlineData("$context.a", 400)]
    [InlineData("$", 400)]
    [InlineData("\\", 400)]
    public void A_route_selection_expression_mixes_constants_and_the_message(string expression, int status) =>
        Assert.Equal(status, _api.Status("POST /v2/apis", WireValue.NewObject().Set("name", "x").Set("protocolType", "WEBSOCKET").Set("routeSelectionExpression", expression).ToString()));

    [Theory]
    [InlineData("$request.header.x-api-key", 200)]
    [InlineData("$context.authorizer.usageIdentifierKey", 200)]
    [InlineData("$request.querystring.key", 400)]
    public void An_api_key_is_found_in_one_of_two_places(string expression, int status) =>
        Assert.Equal(status, _api.Status($"PATCH {_api.WebSocket}", WireValue.NewObject().Set("apiKeySelectionExpression", expression).ToString()));

    [Theory]
    [InlineData("corsConfiguration", """{"allowOrigins":["*"]}""", 200, 400)]
    [InlineData("disableSchemaValidation", "true", 400, 200)]
    public void Members_of_an_api_belong_to_one_protocol(string member, string value, int http, int webSocket)
    {
        Assert.Equal(http, _api.Status($"PATCH {_api.Http}", $$"""{"{{member}}":{{value}}}"""));
        Assert.Equal(webSocket, _api.Status($"PATCH {_api.WebSocket}", $$"""{"{{member}}":{{value}}}"""));
    }

    [Fact]
    public void Quick_create_of_a_url_makes_three_managed_parts()
    {
        string api = "/v2/apis/" + _api.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","target":"https://b.example/x"}""").TextOf("apiId");

        WireValue integration = Assert.Single(_api.Do($"GET {api}/integrations")["items"]!.Items);
        Assert.Equal(("HTTP_PROXY", "ANY", "1.0"), (integration.TextOf("integrationType"), integration.TextOf("integrationMethod"), integration.TextOf("payloadFormatVersion")));
        WireValue route = Assert.Single(_api.Do($"GET {api}/routes")["items"]!.Items);
        Assert.Equal("$default", route.TextOf("routeKey"));
        WireValue stage = Assert.Single(_api.Do($"GET {api}/stages")["items"]!.Items);
        Assert.Equal("$default", stage.TextOf("stageName"));
        Assert.True(stage.IsTrueOf("autoDeploy"));
        Assert.All([integration, route, stage], static part => Assert.True(part.IsTrueOf("apiGatewayManaged")));
    }

    [Fact]
    public void Quick_create_of_a_function_takes_payload_2_and_is_changed_through_the_api()
    {
        string api = "/v2/apis/" + _api.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","target":"arn:aws:lambda:us-east-1:123456789012:function:f","routeKey":"GET /a"}""").TextOf("apiId");
        WireValue integration = Assert.Single(_api.Do($"GET {api}/integrations")["items"]!.Items);
        Assert.Equal(("AWS_PROXY", "2.0"), (integration.TextOf("integrationType"), integration.TextOf("payloadFormatVersion")));

        _api.Do($"PATCH {api}", """{"routeKey":"GET /b","credentialsArn":"arn:aws:iam::123456789012:role/r"}""");

        Assert.Equal("GET /b", Assert.Single(_api.Do($"GET {api}/routes")["items"]!.Items).TextOf("routeKey"));
        Assert.Equal("arn:aws:iam::123456789012:role/r", Assert.Single(_api.Do($"GET {api}/integrations")["items"]!.Items).TextOf("credentialsArn"));
    }

    [Theory]
    [InlineData("""{"authorizationType":"NONE"}""", 201, 201, 201)]
    [InlineData("""{"authorizationType":"AWS_IAM"}""", 201, 201, 400)]
    [InlineData("""{"authorizationType":"CUSTOM","authorizerId":"custom"}""", 201, 201, 400)]
    [InlineData("""{"authorizationType":"JWT","authorizerId":"jwt"}""", 201, 400, 400)]
    [InlineData("""{"authorizationType":"JWT","authorizerId":"jwt","authorizationScopes":["a"]}""", 201, 400, 400)]
    [InlineData("""{"authorizationType":"JWT","authorizerId":"custom"}""", 400, 400, 400)]
    [InlineData("""{"authorizationType":"CUSTOM","authorizerId":"jwt"}""", 400, 400, 400)]
    [InlineData("""{"authorizationType":"CUSTOM"}""", 400, 400, 400)]
    [InlineData("""{"authorizationScopes":["a"]}""", 400, 400, 400)]
    [InlineData("""{"apiKeyRequired":true}""", 400, 201, 400)]
    [InlineData("""{"modelSelectionExpression":"$request.body.a"}""", 400, 201, 201)]
    [InlineData("""{"routeResponseSelectionExpression":"$default"}""", 400, 201, 201)]
    public void A_route_has_what_its_protocol_and_its_key_allow(string members, int http, int connect, int message)
    {
        string jwt = _api.Do($"POST {_api.Http}/authorizers", """{"authorizerType":"JWT","name":"a","identitySource":["$request.header.a"],"jwtConfiguration":{"issuer":"https://i.example","audience":["x"]}}""").TextOf("authorizerId")!;
        string custom = _api.Do($"POST {_api.Http}/authorizers", $$"""{"authorizerType":"REQUEST","name":"b","identitySource":[],"authorizerUri":"{{V2Api.Function}}","authorizerPayloadFormatVersion":"2.0"}""").TextOf("authorizerId")!;
        string webSocket = _api.Do($"POST {_api.WebSocket}/authorizers", $$"""{"authorizerType":"REQUEST","name":"b","identitySource":[],"authorizerUri":"{{V2Api.Function}}"}""").TextOf("authorizerId")!;

        Assert.Equal(http, Create(_api.Http, "GET /a", custom));
        Assert.Equal(connect, Create(_api.WebSocket, "$connect", webSocket));
        Assert.Equal(message, Create(_api.WebSocket, "send", webSocket));

        int Create(string api, string key, string authorizer)
        {
            string body = members.Replace("\"jwt\"", $"\"{jwt}\"", StringComparison.Ordinal).Replace("\"custom\"", $"\"{authorizer}\"", StringComparison.Ordinal);
            return _api.Status($"POST {api}/routes", $$"""{"routeKey":"{{key}}",{{body[1..]}}""");
        }
    }

    [Theory]
    [InlineData("HTTP", "AWS_PROXY", 201)]
    [InlineData("HTTP", "HTTP_PROXY", 201)]
    [InlineData("HTTP", "AWS", 400)]
    [InlineData("HTTP", "HTTP", 400)]
    [InlineData("HTTP", "MOCK", 400)]
    [InlineData("WEBSOCKET", "AWS_PROXY", 201)]
    [InlineData("WEBSOCKET", "HTTP_PROXY", 201)]
    [InlineData("WEBSOCKET", "AWS", 201)]
    [InlineData("WEBSOCKET", "HTTP", 201)]
    [InlineData("WEBSOCKET", "MOCK", 201)]
    public void An_integration_has_a_type_of_its_protocol(string protocol, string type, int status)
    {
        string uri = type.StartsWith("AWS", StringComparison.Ordinal) ? V2Api.Function : "https://b.example";
        Assert.Equal(status, _api.Status($"POST {(protocol == "HTTP" ? _api.Http : _api.WebSocket)}/integrations", $$"""{"integrationType":"{{type}}","integrationMethod":"POST","integrationUri":"{{uri}}"}"""));
    }

    [Theory]
    [InlineData(49, 400, 400)]
    [InlineData(50, 200, 200)]
    [InlineData(29_000, 200, 200)]
    [InlineData(29_001, 200, 400)]
    [InlineData(30_000, 200, 400)]
    [InlineData(30_001, 400, 400)]
    public void An_integration_has_as_much_time_as_its_protocol_allows(int time, int http, int webSocket)
    {
        Assert.Equal(http, _api.Status($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", $$"""{"timeoutInMillis":{{time}}}"""));
        Assert.Equal(webSocket, _api.Status($"PATCH {_api.WebSocket}/integrations/{_api.WebSocketIntegration}", $$"""{"timeoutInMillis":{{time}}}"""));
    }

    [Fact]
    public void An_integration_has_the_longest_time_when_nobody_says()
    {
        Assert.Equal(30_000, _api.Do($"GET {_api.Http}/integrations/{_api.HttpIntegration}").NumberOf("timeoutInMillis"));
        Assert.Equal(29_000, _api.Do($"GET {_api.WebSocket}/integrations/{_api.WebSocketIntegration}").NumberOf("timeoutInMillis"));
    }

    [Theory]
    [InlineData("EventBridge-PutEvents", """{"Detail":"$request.body.d","DetailType":"t","Source":"s"}""")]
    [InlineData("SQS-SendMessage", """{"QueueUrl":"q","MessageBody":"$request.body"}""")]
    [InlineData("SQS-ReceiveMessage", """{"QueueUrl":"q"}""")]
    [InlineData("SQS-DeleteMessage", """{"ReceiptHandle":"$request.querystring.h","QueueUrl":"q"}""")]
    [InlineData("SQS-PurgeQueue", """{"QueueUrl":"q"}""")]
    [InlineData("AppConfig-GetConfiguration", """{"Application":"a","Environment":"e","Configuration":"c","ClientId":"$context.requestId"}""")]
    [InlineData("Kinesis-PutRecord", """{"StreamName":"s","Data":"${request.path.a}","PartitionKey":"p"}""")]
    [InlineData("StepFunctions-StartExecution", """{"StateMachineArn":"$stageVariables.m"}""")]
    [InlineData("StepFunctions-StartSyncExecution", """{"StateMachineArn":"a","Input":"{\"k\":\"${request.header.x}\"}"}""")]
    [InlineData("StepFunctions-StopExecution", """{"ExecutionArn":"a"}""")]
    public void A_service_is_called_with_all_its_arguments_and_a_role(string subtype, string arguments)
    {
        const string Role = "\"credentialsArn\":\"arn:aws:iam::123456789012:role/r\",";
        Assert.Equal(201, Create(Role, arguments));
        Assert.Equal(400, Create("", arguments));
        WireValue fewer = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(arguments));
        fewer[fewer.Members[0].Key] = null;
        Assert.Equal(400, Create(Role, fewer.ToString()));

        int Create(string role, string given) => _api.Status($"POST {_api.Http}/integrations", $$"""{"integrationType":"AWS_PROXY","integrationSubtype":"{{subtype}}",{{role}}"requestParameters":{{given}}}""");
    }

    [Theory]
    [InlineData("""{"append:header.a":"x"}""", 200)]
    [InlineData("""{"overwrite:querystring.a":"$request.header.b"}""", 200)]
    [InlineData("""{"remove:header.a":"''"}""", 200)]
    [InlineData("""{"overwrite:path":"$request.path"}""", 200)]
    [InlineData("""{"append:path":"/x"}""", 400)]
    [InlineData("""{"overwrite:statuscode":"200"}""", 400)]
    [InlineData("""{"integration.request.header.a":"'x'"}""", 400)]
    [InlineData("""{"append:header.access-control-allow-origin":"*"}""", 400)]
    [InlineData("""{"append:header.apigw-requestid":"x"}""", 400)]
    [InlineData("""{"append:header.authorization":"x"}""", 400)]
    [InlineData("""{"append:header.connection":"x"}""", 400)]
    [InlineData("""{"append:header.content-encoding":"x"}""", 400)]
    [InlineData("""{"append:header.content-length":"1"}""", 400)]
    [InlineData("""{"append:header.content-location":"x"}""", 400)]
    [InlineData("""{"append:header.forwarded":"x"}""", 400)]
    [InlineData("""{"append:header.keep-alive":"x"}""", 400)]
    [InlineData("""{"append:header.origin":"x"}""", 400)]
    [InlineData("""{"append:header.proxy-authenticate":"x"}""", 400)]
    [InlineData("""{"append:header.te":"x"}""", 400)]
    [InlineData("""{"append:header.trailers":"x"}""", 400)]
    [InlineData("""{"append:header.transfer-encoding":"x"}""", 400)]
    [InlineData("""{"append:header.upgrade":"x"}""", 400)]
    [InlineData("""{"append:header.x-amz-date":"x"}""", 400)]
    [InlineData("""{"append:header.x-amzn-trace-id":"x"}""", 400)]
    [InlineData("""{"append:header.x-forwarded-for":"x"}""", 400)]
    [InlineData("""{"append:header.x-forwarded-host":"x"}""", 400)]
    [InlineData("""{"append:header.x-forwarded-proto":"x"}""", 400)]
    [InlineData("""{"append:header.via":"x"}""", 400)]
    public void Requests_of_http_apis_are_mapped_by_these_keys(string mapping, int status) =>
        Assert.Equal(status, _api.Status($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", $$"""{"requestParameters":{{mapping}}}"""));

    [Theory]
    [InlineData("$request.header.a", 200)]
    [InlineData("$request.querystring.a", 200)]
    [InlineData("$request.body", 200)]
    [InlineData("$request.body.a.b[0]", 200)]
    [InlineData("$request.path", 200)]
    [InlineData("$request.path.a", 200)]
    [InlineData("$context.authorizer.claims.sub", 200)]
    [InlineData("$stageVariables.a", 200)]
    [InlineData("a constant", 200)]
    [InlineData("$5.00", 200)]
    [InlineData("${request.path.a}-${context.requestId}", 200)]
    [InlineData("$response.header.a", 400)]
    [InlineData("$request.cookie.a", 400)]
    [InlineData("$request.body..a", 400)]
    [InlineData("$request.body.a[?(@.b)]", 400)]
    [InlineData("${request.path.a", 400)]
    [InlineData("${a}", 400)]
    public void Requests_of_http_apis_are_mapped_from_these_values(string value, int status) =>
        Assert.Equal(status, _api.Status($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", $$$"""{"requestParameters":{"append:header.z":{{{WireValue.Of(value)}}}}}"""));

    [Theory]
    [InlineData("""{"200":{"append:header.a":"$response.header.b"}}""", 200)]
    [InlineData("""{"599":{"overwrite:statuscode":"403"}}""", 200)]
    [InlineData("""{"404":{"overwrite:statuscode":"$stageVariables.status"}}""", 200)]
    [InlineData("""{"404":{"overwrite:statuscode":"4${stageVariables.rest}"}}""", 200)]
    [InlineData("""{"404":{"overwrite:statuscode":"ok"}}""", 400)]
    [InlineData("""{"404":{"overwrite:statuscode":" 200"}}""", 400)]
    [InlineData("""{"200":{"remove:header.a":"''"}}""", 200)]
    [InlineData("""{"199":{"append:header.a":"b"}}""", 400)]
    [InlineData("""{"600":{"append:header.a":"b"}}""", 400)]
    [InlineData("""{"*":{"append:header.a":"b"}}""", 400)]
    [InlineData("""{"200":{"append:querystring.a":"b"}}""", 400)]
    [InlineData("""{"200":{"append:statuscode":"200"}}""", 400)]
    [InlineData("""{"200":{"append:header.a":"$request.header.b"}}""", 400)]
    public void Answers_of_http_apis_are_mapped_by_status(string mapping, int status) =>
        Assert.Equal(status, _api.Status($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", $$"""{"responseParameters":{{mapping}}}"""));

    [Theory]
    [InlineData("integration.request.header.a", "route.request.header.b", 200)]
    [InlineData("integration.request.querystring.a", "route.request.querystring.b", 200)]
    [InlineData("integration.request.path.a", "route.request.body.b.c", 200)]
    [InlineData("integration.request.header.a", "route.request.multivalueheader.b", 200)]
    [InlineData("integration.request.header.a", "context.connectionId", 200)]
    [InlineData("integration.request.header.a", "stageVariables.b", 200)]
    [InlineData("integration.request.header.a", "'text'", 200)]
    [InlineData("integration.request.header.a", "text", 400)]
    [InlineData("integration.request.header.a", "method.request.header.b", 400)]
    [InlineData("integration.request.cookie.a", "'text'", 400)]
    [InlineData("integration.request.header.a b", "'text'", 400)]
    public void Requests_of_websocket_apis_are_mapped_so(string key, string value, int status) =>
        Assert.Equal(status, _api.Status($"PATCH {_api.WebSocket}/integrations/{_api.WebSocketIntegration}", $$$"""{"requestParameters":{"{{{key}}}":"{{{value}}}"}}"""));

    [Theory]
    [InlineData("""{"requestTemplates":{"a":"b"}}""")]
    [InlineData("""{"contentHandlingStrategy":"CONVERT_TO_TEXT"}""")]
    [InlineData("""{"passthroughBehavior":"NEVER"}""")]
    [InlineData("""{"templateSelectionExpression":"a"}""")]
    public void Templates_and_what_goes_with_them_are_for_websocket_apis(string members)
    {
        Assert.Equal(400, _api.Status($"PATCH {_api.Http}/integrations/{_api.HttpIntegration}", members));
        Assert.Equal(200, _api.Status($"PATCH {_api.WebSocket}/integrations/{_api.WebSocketIntegration}", members));
    }

    [Theory]
    [InlineData("AWS", "${integration.response.body.errorMessage}")]
    [InlineData("HTTP", "${integration.response.statuscode}")]
    [InlineData("MOCK", "${integration.response.statuscode}")]
    [InlineData("HTTP_PROXY", null)]
    public void The_type_of_an_integration_says_how_its_response_is_chosen(string type, string? expression)
    {
        string uri = type == "AWS" ? V2Api.Function : "https://b.example";
        Assert.Equal(expression, _api.Do($"POST {_api.WebSocket}/integrations", $$"""{"integrationType":"{{type}}","integrationMethod":"POST","integrationUri":"{{uri}}"}""").TextOf("integrationResponseSelectionExpression"));
    }

    [Theory]
    [InlineData("""{"authorizerPayloadFormatVersion":""}""", 400)]
    [InlineData("""{"authorizerUri":""}""", 400)]
    [InlineData("""{"authorizerResultTtlInSeconds":3600}""", 200)]
    [InlineData("""{"authorizerResultTtlInSeconds":3601}""", 400)]
    [InlineData("""{"authorizerResultTtlInSeconds":60,"identitySource":[]}""", 400)]
    [InlineData("""{"enableSimpleResponses":true}""", 200)]
    [InlineData("""{"enableSimpleResponses":true,"authorizerPayloadFormatVersion":"1.0"}""", 400)]
    [InlineData("""{"identitySource":["$request.header.a","$request.querystring.b","$context.c","$stageVariables.d"]}""", 200)]
    [InlineData("""{"identitySource":["route.request.header.a"]}""", 400)]
    [InlineData("""{"jwtConfiguration":{"issuer":"https://i.example","audience":["x"]}}""", 400)]
    public void A_lambda_authorizer_of_an_http_api_needs_a_function_and_a_payload(string members, int status)
    {
        string id = _api.Do($"POST {_api.Http}/authorizers", $$"""{"authorizerType":"REQUEST","name":"a","identitySource":["$request.header.a"],"authorizerUri":"{{V2Api.Function}}","authorizerPayloadFormatVersion":"2.0"}""").TextOf("authorizerId")!;
        Assert.Equal(status, _api.Status($"PATCH {_api.Http}/authorizers/{id}", members));
    }

    [Theory]
    [InlineData("""{"identitySource":["$request.querystring.token"]}""", 200)]
    [InlineData("""{"identitySource":["$request.header.a","$request.header.b"]}""", 400)]
    [InlineData("""{"identitySource":[]}""", 400)]
    [InlineData("""{"jwtConfiguration":{"issuer":"https://i.example"}}""", 400)]
    [InlineData("""{"jwtConfiguration":{"audience":["x"]}}""", 400)]
    [InlineData("""{"jwtConfiguration":{"issuer":"http://i.example","audience":["x"]}}""", 400)]
    public void A_jwt_authorizer_needs_an_issuer_an_audience_and_one_identity_source(string members, int status)
    {
        string id = _api.Do($"POST {_api.Http}/authorizers", """{"authorizerType":"JWT","name":"a","identitySource":["$request.header.a"],"jwtConfiguration":{"issuer":"https://i.example","audience":["x"]}}""").TextOf("authorizerId")!;
        Assert.Equal(status, _api.Status($"PATCH {_api.Http}/authorizers/{id}", members));
    }

    [Theory]
    [InlineData("$default", 201, 400)]
    [InlineData("prod_1-A", 201, 201)]
    [InlineData("prod.1", 400, 400)]
    public void A_stage_has_a_plain_name_or_is_the_default_of_an_http_api(string name, int http, int webSocket)
    {
        Assert.Equal(http, _api.Status($"POST {_api.Http}/stages", $$"""{"stageName":"{{name}}"}"""));
        Assert.Equal(webSocket, _api.Status($"POST {_api.WebSocket}/stages", $$"""{"stageName":"{{name}}"}"""));
    }

    [Fact]
    public void A_stage_name_has_at_most_128_characters()
    {
        Assert.Equal(201, _api.Status($"POST {_api.Http}/stages", $$"""{"stageName":"{{new string('a', 128)}}"}"""));
        Assert.Equal(400, _api.Status($"POST {_api.Http}/stages", $$"""{"stageName":"{{new string('a', 129)}}"}"""));
    }

    [Theory]
    [InlineData("loggingLevel", "\"INFO\"")]
    [InlineData("dataTraceEnabled", "true")]
    public void Execution_logs_are_for_websocket_stages(string member, string value)
    {
        Assert.Equal(400, _api.Status($"POST {_api.Http}/stages", $$$"""{"stageName":"a","defaultRouteSettings":{"{{{member}}}":{{{value}}}}}"""));
        Assert.Equal(value, _api.Do($"POST {_api.WebSocket}/stages", $$$"""{"stageName":"a","defaultRouteSettings":{"{{{member}}}":{{{value}}}}}""")["defaultRouteSettings"]![member]!.ToString());
    }
}
