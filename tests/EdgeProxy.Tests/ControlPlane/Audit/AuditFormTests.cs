using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Audit;

public sealed class AuditFormTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 10, 0, 1, 900, TimeSpan.Zero);

    /// <remarks>control-plane.md 6.1: the members and their order.</remarks>
    [Fact]
    public void Tells_of_a_change_what_CloudTrail_would()
    {
        string text = Write("CreateApiKey", "POST /apikeys", "POST /apikeys?mode=x", """{"name":"a","value":"top secret of 20 chars"}""", Reply.Of(WireValue.Parse("""{"id":"abc","value":"top secret of 20 chars"}"""u8)), []);
        text = System.Text.RegularExpressions.Regex.Replace(text, "\"eventID\":\"[0-9a-f-]{36}\"", "\"eventID\":\"?\"");
        Assert.Equal(
            """
            {"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"OPERATOR","arn":"arn:aws:iam::000000000000:user/OPERATOR","accountId":"000000000000","accessKeyId":"OPERATOR","userName":"OPERATOR"},
            "eventTime":"2026-11-23T10:00:01Z","eventSource":"apigateway.amazonaws.com","eventName":"CreateApiKey","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.7","userAgent":"aws-cli/2.9",
            "requestParameters":{"mode":"x","createApiKeyInput":{"name":"a","value":"HIDDEN_DUE_TO_SECURITY_REASONS"},"template":false},"responseElements":{"id":"abc","value":"HIDDEN_DUE_TO_SECURITY_REASONS"},
            "requestID":"11111111-2222-4333-8444-555555555555","eventID":"?","readOnly":false,
            "resources":[{"ARN":"arn:aws:apigateway:us-east-1::/apikeys/abc","accountId":"000000000000","type":"AWS::ApiGateway::ApiKey"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"000000000000","eventCategory":"Management",
            "tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"edge.example:9080"},"additionalEventData":{"trail":"changes","sequence":1,"previousHash":"0000000000000000000000000000000000000000000000000000000000000000"}}
            """.ReplaceLineEndings(""),
            text);
    }

    [Fact]
    public void Tells_of_a_read_its_ids_and_no_answer()
    {
        WireValue record = WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(Write("GetMethod", "GET /restapis/{restapi_id}/resources/{resource_id}/methods/{http_method}", "GET /restapis/a/resources/b/methods/GET?limit=5", "", Reply.Of(WireValue.NewObject()), [new("restapi_id", "a"), new("resource_id", "b"), new("http_method", "GET")])));
        Assert.Equal("""{"restApiId":"a","resourceId":"b","httpMethod":"GET","limit":"5","template":false}""", record["requestParameters"]!.ToString());
        Assert.Equal(WireKind.Null, record["responseElements"]!.Kind);
        Assert.True(record.IsTrueOf("readOnly"));
        Assert.Null(record["errorCode"]);
    }

    [Fact]
    public void Tells_nothing_of_parameters_where_there_are_none()
    {
        WireValue record = Read("GetRestApis", "GET /restapis", "GET /restapis", "", Reply.Empty);
        Assert.Equal(WireKind.Null, record["requestParameters"]!.Kind);
    }

    [Fact]
    public void Puts_the_members_of_V2_beside_the_ids()
    {
        WireValue record = Read("UpdateApi", "PATCH /v2/apis/{apiId}", "PATCH /v2/apis/x", """{"name":"n"}""", Reply.Of(WireValue.NewObject()), [new("apiId", "x")]);
        Assert.Equal("""{"apiId":"x","name":"n"}""", record["requestParameters"]!.ToString());
    }

    [Fact]
    public void Tells_each_member_once_and_what_was_called_before_what_was_said()
    {
        WireValue record = Read("UpdateApi", "PATCH /v2/apis/{apiId}", "PATCH /v2/apis/x?apiId=y&a=1&a=2", """{"apiId":"z","a":3,"name":"n"}""", Reply.Of(WireValue.NewObject()), [new("apiId", "x")]);
        Assert.Equal("""{"apiId":"x","a":"1","name":"n"}""", record["requestParameters"]!.ToString());
    }

    [Theory]
    [InlineData("PUT /v2/apis")]
    [InlineData("PUT /v2/apis/x")]
    public void Tells_of_a_document_how_long_it_is(string call)
    {
        using var stage = new AuditStage();
        stage.Call(call, """{"body":"openapi: 3.0.1 # overwrite:header.x-api-key: topsecret é"}""");
        stage.Trail.Save();
        WireValue record = Assert.Single(stage.Records());
        Assert.DoesNotContain("topsecret", record.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"omitted":true,"originalSize":57}""", record["requestParameters"]!["body"]!.ToString());
    }

    [Fact]
    public void Tells_the_error_of_a_call_that_failed_and_no_answer()
    {
        WireValue record = Read("DeleteRestApi", "DELETE /restapis/{restapi_id}", "DELETE /restapis/x", "", Reply.NotFound("Invalid API identifier specified 000000000000:x"), [new("restapi_id", "x")]);
        Assert.Equal("NotFoundException", record.TextOf("errorCode"));
        Assert.Equal("Invalid API identifier specified 000000000000:x", record.TextOf("errorMessage"));
        Assert.Equal(WireKind.Null, record["responseElements"]!.Kind);
    }

    [Fact]
    public void Names_nobody_where_nobody_signed()
    {
        WireValue record = Read("GetAccount", "GET /account", "GET /account", "", Reply.Empty, key: "");
        Assert.Equal("""{"type":"Unknown","principalId":"","accountId":"000000000000"}""", record["userIdentity"]!.ToString());
    }

    [Fact]
    public void Leaves_out_documents_and_what_is_large_and_says_so()
    {
        WireValue import = Read("ImportRestApi", "POST /restapis?mode=import", "POST /restapis?mode=import", "openapi: 3.0.1", Reply.Of(WireValue.NewObject()), isRaw: true);
        Assert.Equal("""{"mode":"import","body":{"omitted":true,"originalSize":14},"template":false}""", import["requestParameters"]!.ToString());

        string large = $"{{\"description\":\"{new string('x', 20_000)}\"}}";
        WireValue create = Read("CreateRestApi", "POST /restapis", "POST /restapis", large, Reply.Of(WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(large))));
        Assert.Equal("""{"createRestApiInput":{"omitted":true,"originalSize":20018},"template":false}""", create["requestParameters"]!.ToString());
        Assert.Equal("""{"omitted":true,"originalSize":20018}""", create["responseElements"]!.ToString());
    }

    [Theory]
    [InlineData("""{"certificatePrivateKey":"-----BEGIN"}""", """{"certificatePrivateKey":"?"}""")]
    [InlineData("""{"certificateName":"c","certificateBody":"public"}""", """{"certificateName":"c","certificateBody":"public"}""")]
    [InlineData("""{"requestParameters":{"integration.request.header.Authorization":"'Bearer x'","integration.request.header.X-Id":"'7'"}}""", """{"requestParameters":{"integration.request.header.Authorization":"?","integration.request.header.X-Id":"'7'"}}""")]
    [InlineData("""{"authorizationType":"NONE","authorizerId":"a","identitySource":"method.request.header.Authorization"}""", """{"authorizationType":"NONE","authorizerId":"a","identitySource":"method.request.header.Authorization"}""")]
    [InlineData("""{"patchOperations":[{"op":"replace","path":"/requestParameters/integration.request.header.Authorization","value":"'Bearer x'"},{"op":"replace","path":"/uri","value":"http://a"}]}""", """{"patchOperations":[{"op":"replace","path":"/requestParameters/integration.request.header.Authorization","value":"?"},{"op":"replace","path":"/uri","value":"http://a"}]}""")]
    [InlineData("""{"patchOperations":[{"op":"add","path":"/certificatePrivateKey","value":"-----BEGIN"}]}""", """{"patchOperations":[{"op":"add","path":"/certificatePrivateKey","value":"?"}]}""")]
    [InlineData("""{"items":[{"clientSecret":"x"}]}""", """{"items":[{"clientSecret":"?"}]}""")]
    public void Hides_secrets(string body, string told)
    {
        WireValue record = Read("UpdateDomainName", "PATCH /domainnames/{domain_name}", "PATCH /domainnames/d", body, Reply.Of(WireValue.NewObject()));
        Assert.Equal(told.Replace("?", MaskSecrets.Mask, StringComparison.Ordinal), record["requestParameters"]!["updateDomainNameInput"]!.ToString());
    }

    [Theory]
    [InlineData("CreateUsagePlanKey", """{"keyId":"k","keyType":"API_KEY","value":"s3cret"}""", """{"keyId":"k","keyType":"API_KEY","value":"?"}""")]
    [InlineData("UpdateApiKey", """{"patchOperations":[{"op":"replace","path":"/value","value":"s3cret"},{"op":"replace","path":"/name","value":"n"}]}""", """{"patchOperations":[{"op":"replace","path":"/value","value":"?"},{"op":"replace","path":"/name","value":"n"}]}""")]
    [InlineData("CreateVpcLink", """{"tags":{"value":"plain"}}""", """{"tags":{"value":"plain"}}""")]
    public void Hides_the_values_of_keys(string operation, string body, string told)
    {
        WireValue record = Read(operation, "PATCH /x", "PATCH /x", body, Reply.Of(WireValue.NewObject()));
        Assert.Equal(told.Replace("?", MaskSecrets.Mask, StringComparison.Ordinal), record["requestParameters"]![$"{char.ToLowerInvariant(operation[0])}{operation[1..]}Input"]!.ToString());
    }

    private static WireValue Read(string name, string operation, string target, string body, Reply reply, List<KeyValuePair<string, string>>? path = null, string key = "OPERATOR", bool isRaw = false) =>
        WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(Write(name, operation, target, body, reply, path ?? [], key, isRaw)));

    private static string Write(string name, string operation, string target, string body, Reply reply, List<KeyValuePair<string, string>> path, string key = "OPERATOR", bool isRaw = false)
    {
        var called = new Operation(name, operation, 200, "", static _ => Reply.Empty) { TakesRawBody = isRaw };
        AuditEntry entry = AuditForm.Write(called, path, AuditStage.RequestOf(target, body, key), reply, new ManagementOptions(), s_now);
        return System.Text.Encoding.UTF8.GetString(entry.Seal(1, new byte[AuditEntry.HashLength]));
    }
}
