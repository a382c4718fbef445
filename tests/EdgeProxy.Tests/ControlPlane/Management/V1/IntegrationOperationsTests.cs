using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class IntegrationOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Theory]
    [InlineData("""{"type":"HTTP","httpMethod":"GET","uri":"https://${stageVariables.host}/pets"}""")]
    [InlineData("""{"type":"HTTP_PROXY","httpMethod":"ANY","uri":"${stageVariables.url}"}""")]
    [InlineData("""{"type":"HTTP_PROXY","httpMethod":"ANY","uri":"http://127.0.0.1:8081/{proxy}"}""")]
    [InlineData("""{"type":"AWS","httpMethod":"POST","uri":"arn:aws:apigateway:us-east-1:dynamodb:action/GetItem"}""")]
    [InlineData("""{"type":"AWS_PROXY","httpMethod":"POST","uri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations"}""")]
    [InlineData("""{"type":"AWS_PROXY","httpMethod":"POST","uri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${stageVariables.f}/invocations"}""")]
    [InlineData("""{"type":"AWS_PROXY","httpMethod":"POST","uri":"arn:aws:apigateway:us-east-1:firehose:action/PutRecord"}""")]
    [InlineData("""{"type":"HTTP","httpMethod":"GET","uri":"http://a","connectionType":"VPC_LINK","connectionId":"${stageVariables.vpcLinkId}"}""")]
    public void Takes_what_leads_somewhere(string body)
    {
        WireValue put = _api.Do("PUT " + _api.Integration, body);
        foreach ((string name, WireValue value) in WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(body)).Members) Assert.Equal(value.ToString(), put[name]!.ToString());
    }

    [Fact]
    public void Another_put_replaces_all_of_it()
    {
        _api.Do("PUT " + _api.Integration, """{"type":"MOCK"}""");
        WireValue now = _api.Do("GET " + _api.Integration);
        Assert.Null(now["requestTemplates"]);
        Assert.Null(now["integrationResponses"]);
    }

    [Fact]
    public void A_deleted_integration_leaves_the_method()
    {
        _api.Do("DELETE " + _api.Integration);
        Assert.Equal("404 NotFoundException: Invalid Integration identifier specified", _api.Fail("GET " + _api.Integration));
        Assert.Null(_api.Do("GET " + _api.Method)["methodIntegration"]);
    }

    [Fact]
    public void A_link_that_is_there_can_be_used()
    {
        string link = _api.Do("POST /vpclinks", """{"name":"l","targetArns":["arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/l/1"]}""").TextOf("id")!;
        string body = $$"""{"type":"HTTP","httpMethod":"GET","uri":"http://a","connectionType":"VPC_LINK","connectionId":"{{link}}"}""";
        Assert.Equal(link, _api.Do("PUT " + _api.Integration, body).TextOf("connectionId"));
    }

    [Theory]
    [InlineData("/passthroughBehavior", "SOMETIMES")]
    [InlineData("/connectionType", "TUNNEL")]
    [InlineData("/contentHandling", "CONVERT")]
    [InlineData("/responseTransferMode", "DRIP")]
    [InlineData("/timeoutInMillis", "soon")]
    [InlineData("/timeoutInMillis", "49")]
    [InlineData("/cacheKeyParameters/body", null)]
    public void A_patch_is_judged_as_a_put_is(string path, string? value)
    {
        string op = path.StartsWith("/cacheKey", StringComparison.Ordinal) ? "add" : "replace";
        Assert.StartsWith("400 BadRequestException", _api.Fail("PATCH " + _api.Integration, RestApiHarness.Patch(op, path, value)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_parameter_that_is_named_again_stays()
    {
        _api.Do("PATCH " + _api.Integration, RestApiHarness.Patch("add", "/cacheKeyParameters/method.request.querystring.kind"));
        WireValue again = _api.Do("PATCH " + _api.Integration, RestApiHarness.Patch("replace", "/cacheKeyParameters/method.request.querystring.kind", ""));
        Assert.Equal("""["method.request.querystring.kind"]""", again["cacheKeyParameters"]!.ToString());
        Assert.Equal("[]", _api.Do("PATCH " + _api.Integration, RestApiHarness.Patch("remove", "/cacheKeyParameters/method.request.querystring.kind"))["cacheKeyParameters"]!.ToString());
    }

    [Fact]
    public void What_is_optional_is_cleared_by_an_empty_text()
    {
        _api.Do("PATCH " + _api.Integration, RestApiHarness.Replace(("/contentHandling", "CONVERT_TO_TEXT"), ("/cacheNamespace", "n")));
        WireValue cleared = _api.Do("PATCH " + _api.Integration, RestApiHarness.Replace(("/contentHandling", ""), ("/cacheNamespace", "")));
        Assert.Null(cleared["contentHandling"]);
        Assert.Equal(_api.Pets, cleared.TextOf("cacheNamespace"));
    }

    [Fact]
    public void The_back_end_of_a_real_integration_moves_by_a_patch()
    {
        _api.Do("PUT " + _api.Integration, """{"type":"HTTP","httpMethod":"GET","uri":"http://a"}""");
        WireValue moved = _api.Do("PATCH " + _api.Integration, RestApiHarness.Replace(("/uri", "http://b"), ("/httpMethod", "POST")));
        Assert.Equal("http://b", moved.TextOf("uri"));
        Assert.Equal("POST", moved.TextOf("httpMethod"));
    }
}
