using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.3, 9: pages and structural limits of what belongs to no API; each limit is a setting.</summary>
public sealed class V1_9_AccountLimits
{
    private const string Target = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/nlb/50dc6c495c0c9188";

    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod"), static services => services with { NewClientCertificate = SelfSignedCertificate.CreateForClient });

    [Theory]
    [InlineData("/apikeys", "{}")]
    [InlineData("/usageplans", """{"name":"n"}""")]
    [InlineData("/clientcertificates", "{}")]
    [InlineData("/vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"]}""")]
    public void Lists_come_in_pages_of_25_and_the_last_has_no_position(string path, string body)
    {
        for (int i = 0; i < 26; i++) _harness.Do("POST " + path, body);
        WireValue first = _harness.Do("GET " + path);
        Assert.Equal(25, first["item"]!.Items.Count);
        WireValue last = _harness.Do($"GET {path}?position={first.TextOf("position")}");
        Assert.Single(last["item"]!.Items);
        Assert.Null(last["position"]);
        Assert.Equal(26, _harness.Do($"GET {path}?limit=500")["item"]!.Items.Count);
        Assert.StartsWith("400 BadRequestException", _harness.Fail($"GET {path}?limit=0"), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException", _harness.Fail($"GET {path}?position=*"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_keys_of_a_plan_come_in_pages()
    {
        string plan = _harness.Do("POST /usageplans", """{"name":"n"}""").TextOf("id")!;
        _harness.Do("POST /apikeys?mode=import&format=csv", "name,key,usageplanids\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"n,value-value-value-{i:D3},{plan}\n")));
        WireValue first = _harness.Do($"GET /usageplans/{plan}/keys");
        Assert.Equal(25, first["item"]!.Items.Count);
        Assert.Equal(5, _harness.Do($"GET /usageplans/{plan}/keys?position={first.TextOf("position")}")["item"]!.Items.Count);
    }

    [Fact]
    public void The_eleventh_plan_of_a_key_and_the_21st_throttle_of_a_stage_are_refused()
    {
        string key = _harness.Do("POST /apikeys", "{}").TextOf("id")!;
        for (int i = 0; i < 10; i++) Assert.Equal(201, Join().Status);
        Assert.Equal(429, Join().Status);
        Assert.Equal(201, _harness.Call("POST /usageplans", Throttles(20)).Status);
        Assert.Equal(429, _harness.Call("POST /usageplans", Throttles(21)).Status);

        (int Status, WireValue Json) Join() =>
            _harness.Call($"POST /usageplans/{_harness.Do("POST /usageplans", """{"name":"n"}""").TextOf("id")}/keys", $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""");

        static string Throttles(int count) =>
            "{\"name\":\"n\",\"apiStages\":[{\"apiId\":\"api0000001\",\"stage\":\"prod\",\"throttle\":{" + string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"/r{i}/GET\":{{\"rateLimit\":1,\"burstLimit\":1}}")) + "}}]}";
    }

    [Fact]
    public void What_is_beyond_a_limit_is_answered_by_429_and_when_to_come_back()
    {
        _harness.Api.Options = _harness.Api.Options with { Limits = new ManagementLimits { ApiKeys = 0, UsagePlans = 0, ClientCertificates = 0, VpcLinks = 0 } };
        foreach ((string target, string body) in new[]
        {
            ("/apikeys", "{}"), ("/usageplans", """{"name":"n"}"""), ("/clientcertificates", "{}"), ("/vpclinks", $$$"""{"name":"n","targetArns":["{{{Target}}}"]}"""),
        })
        {
            Assert.StartsWith("429 LimitExceededException: ", _harness.Fail("POST " + target, body), StringComparison.Ordinal);
            Assert.NotNull(_harness.Last!.RetryAfter);
        }

        Assert.StartsWith("429 TooManyRequestsException: ", _harness.Fail("POST /v2/vpclinks", """{"name":"n","subnetIds":["s"]}"""), StringComparison.Ordinal);
    }
}
