using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class IntegrationOperationsTests
{
    private const string Function = "arn:aws:lambda:us-east-1:123456789012:function:pets";
    private const string Invocation = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + Function + "/invocations";

    private readonly ManagementHarness _harness = new();
    private readonly string _http;
    private readonly string _webSocket;

    public IntegrationOperationsTests()
    {
        _http = _harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;
        _webSocket = _harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        _harness.Api.Change(static edit =>
        {
            edit.Put(Scopes.Account, Kinds.VpcLinkV2, "abc123", WireValue.NewObject());
            edit.Put(Scopes.Account, Kinds.VpcLink, "abcdefghij", WireValue.NewObject());
        });
    }

    [Theory]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","integrationUri":"https://b.example/p/{petID}?a=${stageVariables.a}"}""")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"http://${stageVariables.host}:8080/x"}""")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example","requestParameters":{"append:header.a":"$request.header.b","overwrite:path":"/x/${request.path.proxy}","remove:querystring.c":"''","overwrite:header.d":"constant"},"responseParameters":{"500":{"overwrite:statuscode":"403","append:header.e":"$context.requestId"}}}""")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:${stageVariables.f}:live","payloadFormatVersion":"2.0"}""")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:pets/invocations","payloadFormatVersion":"1.0","credentialsArn":"arn:aws:iam::123456789012:role/r"}""")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","connectionType":"VPC_LINK","connectionId":"abc123","integrationUri":"arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/n/1/2","tlsConfig":{"serverNameToVerify":"a.example"}}""")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","connectionType":"VPC_LINK","connectionId":"${stageVariables.link}","integrationUri":"arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1?stage=prod"}""")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationSubtype":"SQS-SendMessage","credentialsArn":"arn:aws:iam::123456789012:role/r","requestParameters":{"QueueUrl":"$request.header.q","MessageBody":"$request.body","Region":"eu-west-1"}}""")]
    public void Takes_what_http_apis_can_call(string body)
    {
        (int status, WireValue integration) = _harness.Call($"POST /v2/apis/{_http}/integrations", body);

        Assert.True(status == 201, integration.ToString());
        Assert.Equal(30_000, integration.NumberOf("timeoutInMillis"));
        Assert.NotNull(integration["connectionType"]);
        Assert.NotNull(integration["payloadFormatVersion"]);
        Assert.Equal(integration.ToString(), _harness.Do($"GET /v2/apis/{_http}/integrations/{integration.TextOf("integrationId")}").ToString());
        foreach ((string name, WireValue given) in WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(body)).Members) Assert.Equal(given.ToString(), integration[name]!.ToString());
    }

    [Theory]
    [InlineData("""{"integrationType":"MOCK"}""", "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationUri":"https://b.example"}""", "Enumeration value for HttpMethod must be non-empty")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"TRACE","integrationUri":"https://b.example"}""", "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"ftp://b.example"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://{host}.example"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example/{a"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example/${context.x}"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example:99999/"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example/%zz"}""", "Invalid HTTP endpoint specified for URI")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example","payloadFormatVersion":"2.0"}""", "Invalid payloadFormatVersion specified for HTTP_PROXY integration: 2.0")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"https://b.example"}""", "Invalid ARN specified in the request")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","payloadFormatVersion":"3.0"}""", "Invalid payloadFormatVersion specified for AWS_PROXY integration: 3.0")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","credentialsArn":"me"}""", "Invalid ARN specified in the request")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","timeoutInMillis":49}""", "Timeout should be between 50 ms and 30000 ms")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","timeoutInMillis":30001}""", "Timeout should be between 50 ms and 30000 ms")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","contentHandlingStrategy":"CONVERT_TO_TEXT"}""", "contentHandlingStrategy is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","passthroughBehavior":"NEVER"}""", "passthroughBehavior is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","requestTemplates":{"a":"b"}}""", "requestTemplates is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:lambda:us-east-1:123456789012:function:pets","tlsConfig":{"serverNameToVerify":"a"}}""", "tlsConfig is supported only for private integrations")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","connectionType":"VPC_LINK","connectionId":"abc123","integrationUri":"https://b.example"}""", "For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","connectionType":"VPC_LINK","integrationUri":"https://b.example"}""", "connectionId is required for a connection type of VPC_LINK")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","connectionId":"abc123","integrationUri":"https://b.example"}""", "connectionId is supported only for a connection type of VPC_LINK")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationSubtype":"SQS-Fly","credentialsArn":"arn:aws:iam::1:role/r"}""", "Invalid integrationSubtype specified: SQS-Fly")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationSubtype":"SQS-PurgeQueue","requestParameters":{"QueueUrl":"x"}}""", "credentialsArn is required with integrationSubtype")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationSubtype":"SQS-SendMessage","credentialsArn":"arn:aws:iam::1:role/r","requestParameters":{"QueueUrl":"x"}}""", "Missing required request parameter for SQS-SendMessage: MessageBody")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationSubtype":"SQS-PurgeQueue","credentialsArn":"arn:aws:iam::1:role/r","requestParameters":{"QueueUrl":"x","Wings":"2"}}""", "Unknown request parameter for SQS-PurgeQueue: Wings")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationSubtype":"SQS-PurgeQueue","credentialsArn":"arn:aws:iam::1:role/r","payloadFormatVersion":"2.0","requestParameters":{"QueueUrl":"x"}}""", "payloadFormatVersion must be 1.0 with integrationSubtype")]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationSubtype":"SQS-PurgeQueue","credentialsArn":"arn:aws:iam::1:role/r","integrationUri":"x","requestParameters":{"QueueUrl":"x"}}""", "integrationUri cannot be specified with integrationSubtype")]
    [InlineData("""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example","integrationSubtype":"SQS-PurgeQueue"}""", "integrationSubtype is supported only for AWS_PROXY integrations")]
    public void Refuses_what_http_apis_cannot_call(string body, string error) =>
        Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST /v2/apis/{_http}/integrations", body));

    [Theory]
    [InlineData("requestParameters", """{"append:header.Authorization":"x"}""", "Operations on header Authorization are restricted")]
    [InlineData("requestParameters", """{"append:header.X-Amz-Date":"x"}""", "Operations on header X-Amz-Date are restricted")]
    [InlineData("requestParameters", """{"prepend:header.a":"x"}""", "Invalid mapping expression specified: prepend:header.a")]
    [InlineData("requestParameters", """{"append:cookie.a":"x"}""", "Invalid mapping expression specified: append:cookie.a")]
    [InlineData("requestParameters", """{"append:path":"x"}""", "Invalid mapping expression specified: append:path")]
    [InlineData("requestParameters", """{"append:header.a":"$response.header.b"}""", "Invalid mapping expression specified: $response.header.b")]
    [InlineData("requestParameters", """{"append:header.a":"x-${request.cookie.b}"}""", "Invalid mapping expression specified: x-${request.cookie.b}")]
    [InlineData("requestParameters", """{"append:header.a":"$request.body..b"}""", "Invalid mapping expression specified: $request.body..b")]
    [InlineData("requestParameters", """{"append:header.a":"$request.body.b[?(@.c)]"}""", "Invalid mapping expression specified: $request.body.b[?(@.c)]")]
    [InlineData("requestParameters", """{"append:header.a":"x\r\ny: z"}""", "Invalid mapping expression specified: x\r\ny: z")]
    [InlineData("responseParameters", """{"2xx":{"append:header.a":"x"}}""", "Invalid mapping expression specified: 2xx")]
    [InlineData("responseParameters", """{"199":{"append:header.a":"x"}}""", "Invalid mapping expression specified: 199")]
    [InlineData("responseParameters", """{"200":{"append:querystring.a":"x"}}""", "Invalid mapping expression specified: append:querystring.a")]
    [InlineData("responseParameters", """{"200":{"append:header.a":"$request.header.b"}}""", "Invalid mapping expression specified: $request.header.b")]
    [InlineData("responseParameters", """{"200":{"overwrite:statuscode":"999"}}""", "Invalid mapping expression specified: 999")]
    public void Refuses_mappings_that_mean_nothing(string member, string mapping, string error) => Assert.Equal(
        $"400 BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [{error}]",
        _harness.Fail($"POST /v2/apis/{_http}/integrations", $$"""{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example","{{member}}":{{mapping}}}"""));

    [Fact]
    public void Refuses_a_link_that_is_not_there() => Assert.Equal("404 NotFoundException: Invalid VpcLink identifier specified nope00", _harness.Fail(
        $"POST /v2/apis/{_http}/integrations",
        """{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","connectionType":"VPC_LINK","connectionId":"nope00","integrationUri":"https://b.example"}"""));

    [Fact]
    public void Completes_integrations_of_websocket_apis_by_their_type()
    {
        WireValue proxy = Create("""{"integrationType":"AWS_PROXY","integrationUri":"INVOCATION"}""");
        WireValue service = Create("""{"integrationType":"AWS","integrationUri":"arn:aws:apigateway:us-east-1:dynamodb:action/PutItem","credentialsArn":"arn:aws:iam::*:user/*","templateSelectionExpression":"${request.body.a}"}""");
        WireValue http = Create("""{"integrationType":"HTTP","integrationMethod":"POST","integrationUri":"https://b.example","connectionType":"VPC_LINK","connectionId":"abcdefghij"}""");
        WireValue mock = Create("""{"integrationType":"MOCK","requestTemplates":{"200":"{\"statusCode\":200}"}}""");

        Assert.Equal("POST", proxy.TextOf("integrationMethod"));
        Assert.Equal(29_000, proxy.NumberOf("timeoutInMillis"));
        Assert.Null(proxy["integrationResponseSelectionExpression"]);
        Assert.Equal("${integration.response.body.errorMessage}", service.TextOf("integrationResponseSelectionExpression"));
        Assert.Equal("WHEN_NO_MATCH", service.TextOf("passthroughBehavior"));
        Assert.Equal("${integration.response.statuscode}", http.TextOf("integrationResponseSelectionExpression"));
        Assert.Equal("${integration.response.statuscode}", mock.TextOf("integrationResponseSelectionExpression"));

        WireValue Create(string body) => _harness.Do($"POST /v2/apis/{_webSocket}/integrations", body.Replace("INVOCATION", Invocation, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"integrationType":"AWS_PROXY","integrationUri":"arn:aws:apigateway:us-east-1:sqs:path/q"}""", "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.")]
    [InlineData("""{"integrationType":"AWS","integrationUri":"arn:aws:apigateway:us-east-1:sqs:q"}""", "AWS ARN for integration must contain path or action")]
    [InlineData("""{"integrationType":"AWS","integrationUri":"https://b.example"}""", "Invalid ARN specified in the request")]
    [InlineData("""{"integrationType":"HTTP","integrationUri":"https://b.example"}""", "Enumeration value for HttpMethod must be non-empty")]
    [InlineData("""{"integrationType":"MOCK","timeoutInMillis":29001}""", "Timeout should be between 50 ms and 29000 ms")]
    [InlineData("""{"integrationType":"MOCK","integrationSubtype":"SQS-SendMessage"}""", "integrationSubtype is supported only for APIs with a protocol type of HTTP")]
    [InlineData("""{"integrationType":"MOCK","responseParameters":{"200":{"append:header.a":"b"}}}""", "responseParameters is supported only for APIs with a protocol type of HTTP")]
    [InlineData("""{"integrationType":"MOCK","payloadFormatVersion":"2.0"}""", "payloadFormatVersion must be 1.0 for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"integrationType":"MOCK","templateSelectionExpression":"$context.a"}""", "Invalid template selection expression specified: $context.a")]
    [InlineData("""{"integrationType":"MOCK","requestParameters":{"append:header.a":"'b'"}}""", "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: append:header.a]")]
    [InlineData("""{"integrationType":"MOCK","requestParameters":{"integration.request.header.a":"b"}}""", "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: b]")]
    public void Refuses_what_websocket_apis_cannot_call(string body, string error) =>
        Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST /v2/apis/{_webSocket}/integrations", body));

    [Fact]
    public void Merges_mappings_by_key_and_removes_the_empty_ones()
    {
        string id = _harness.Do($"POST /v2/apis/{_http}/integrations",
            """{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example","requestParameters":{"append:header.a":"1","append:header.b":"2"},"responseParameters":{"200":{"append:header.c":"3","append:header.d":"4"},"404":{"append:header.e":"5"}}}""").TextOf("integrationId")!;

        WireValue changed = _harness.Do($"PATCH /v2/apis/{_http}/integrations/{id}",
            """{"requestParameters":{"append:header.a":"","append:header.f":"6"},"responseParameters":{"200":{"append:header.c":""},"404":{}}}""");

        Assert.Equal("""{"append:header.b":"2","append:header.f":"6"}""", changed["requestParameters"]!.ToString());
        Assert.Equal("""{"200":{"append:header.d":"4"}}""", changed["responseParameters"]!.ToString());
    }

    [Fact]
    public void Does_not_delete_an_integration_that_a_route_needs()
    {
        string id = _harness.Do($"POST /v2/apis/{_http}/integrations", $$"""{"integrationType":"AWS_PROXY","integrationUri":"{{Function}}"}""").TextOf("integrationId")!;
        string route = _harness.Do($"POST /v2/apis/{_http}/routes", $$"""{"routeKey":"$default","target":"integrations/{{id}}"}""").TextOf("routeId")!;

        Assert.Equal($"409 ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [{route}]", _harness.Fail($"DELETE /v2/apis/{_http}/integrations/{id}"));
        _harness.Do($"DELETE /v2/apis/{_http}/routes/{route}");
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_http}/integrations/{id}").Status);
        Assert.Equal($"404 NotFoundException: Invalid Integration identifier specified {id}", _harness.Fail($"DELETE /v2/apis/{_http}/integrations/{id}"));
    }
}
