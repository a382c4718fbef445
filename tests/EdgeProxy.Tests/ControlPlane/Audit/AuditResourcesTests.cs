using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Audit;

/// <remarks>control-plane.md 1.2, 6.1.</remarks>
public sealed class AuditResourcesTests : IDisposable
{
    private readonly AuditStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Names_a_new_thing_by_the_id_that_it_got()
    {
        string id = Call("POST /restapis", """{"name":"pets"}""", out WireValue record).TextOf("id")!;
        Assert.Equal($$"""[{"ARN":"arn:aws:apigateway:us-east-1::/restapis/{{id}}","accountId":"000000000000","type":"AWS::ApiGateway::RestApi"}]""", record["resources"]!.ToString());
        string http = Call("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""", out record).TextOf("apiId")!;
        Assert.Equal($$"""[{"ARN":"arn:aws:apigateway:us-east-1::/apis/{{http}}","accountId":"000000000000","type":"AWS::ApiGatewayV2::Api"}]""", record["resources"]!.ToString());
        Call($"POST /v2/apis/{http}/stages", """{"stageName":"prod"}""", out record);
        Assert.Equal(
            $$"""[{"ARN":"arn:aws:apigateway:us-east-1::/apis/{{http}}","accountId":"000000000000","type":"AWS::ApiGatewayV2::Api"},{"ARN":"arn:aws:apigateway:us-east-1::/apis/{{http}}/stages/prod","accountId":"000000000000","type":"AWS::ApiGatewayV2::Stage"}]""",
            record["resources"]!.ToString());
        Call("POST /v2/vpclinks", """{"name":"n","subnetIds":["s"],"tags":{"_custom_id_":"link01"}}""", out record);
        Assert.Equal("""[{"ARN":"arn:aws:apigateway:us-east-1::/vpclinks/link01","accountId":"000000000000","type":"AWS::ApiGatewayV2::VpcLink"}]""", record["resources"]!.ToString());
    }

    [Theory]
    [InlineData("GET /restapis/a/stages/prod", "/restapis/a AWS::ApiGateway::RestApi, /restapis/a/stages/prod AWS::ApiGateway::Stage")]
    [InlineData("DELETE /restapis/a/stages/prod/cache/data", "/restapis/a AWS::ApiGateway::RestApi, /restapis/a/stages/prod AWS::ApiGateway::Stage")]
    [InlineData("GET /restapis/a/stages", "/restapis/a AWS::ApiGateway::RestApi")]
    [InlineData("GET /restapis/a/resources/b", "/restapis/a AWS::ApiGateway::RestApi")]
    [InlineData("GET /apikeys/k", "/apikeys/k AWS::ApiGateway::ApiKey")]
    [InlineData("GET /usageplans/p/keys/k", "/usageplans/p AWS::ApiGateway::UsagePlan")]
    [InlineData("DELETE /clientcertificates/c", "/clientcertificates/c AWS::ApiGateway::ClientCertificate")]
    [InlineData("GET /domainnames/a.example.com/basepathmappings", "/domainnames/a.example.com AWS::ApiGateway::DomainName")]
    [InlineData("GET /v2/domainnames/a.example.com", "/domainnames/a.example.com AWS::ApiGatewayV2::DomainName")]
    [InlineData("GET /v2/apis/x/routes/r", "/apis/x AWS::ApiGatewayV2::Api")]
    [InlineData("GET /tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fa%2Fstages%2Fprod", "/restapis/a/stages/prod AWS::ApiGateway::Stage")]
    public void Names_what_the_path_names(string call, string told)
    {
        Call(call, "", out WireValue record);
        string resources = string.Join(", ", record["resources"]!.Items.ConvertAll(static item => $"{item.TextOf("ARN")!["arn:aws:apigateway:us-east-1::".Length..]} {item.TextOf("type")}"));
        Assert.Equal(told, resources);
    }

    [Theory]
    [InlineData("GET /restapis", "")]
    [InlineData("GET /account", "")]
    [InlineData("POST /restapis", "{}")]
    [InlineData("GET /tags/nonsense", "")]
    public void Says_nothing_where_there_is_nothing_to_name(string call, string body)
    {
        Call(call, body, out WireValue record);
        Assert.Null(record["resources"]);
    }

    private WireValue Call(string target, string body, out WireValue record)
    {
        WireValue answer = _stage.Call(target, body).Json;
        _stage.Trail.Save();
        record = _stage.Records()[0];
        return answer;
    }
}
