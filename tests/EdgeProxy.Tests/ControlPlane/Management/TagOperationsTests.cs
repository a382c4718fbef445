using EdgeProxy.ControlPlane.Records;
using EdgeProxy.TestKit;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Management;

public sealed class TagOperationsTests
{
    private readonly ManagementHarness _harness = new(RecordBook.Of(
    [
        Of(Scopes.RestApi("a1"), Kinds.RestApi, "a1"), Of(Scopes.RestApi("a1"), Kinds.Stage, "prod"),
        Of(Scopes.Api("a2"), Kinds.Api, "a2"), Of(Scopes.Api("a2"), Kinds.Stage, "$default"),
        Of(Scopes.Account, Kinds.ApiKey, "k1"), Of(Scopes.Account, Kinds.UsagePlan, "p1"), Of(Scopes.Account, Kinds.ClientCertificate, "c1"),
        Of(Scopes.Account, Kinds.VpcLink, "l1"), Of(Scopes.Account, Kinds.VpcLinkV2, "l2"),
        Of(Scopes.DomainName("example.com"), Kinds.DomainName, "example.com"), Of(Scopes.DomainName("example.com+id1"), Kinds.DomainName, "example.com"),
        Of(Scopes.Account, Kinds.DomainNameAccessAssociation, "arn:aws:apigateway:us-east-1:000000000000:/domainnameaccessassociations/domainname/example.com/vpcesource/v1"),
    ]));

    [Theory]
    [InlineData("/restapis/a1")]
    [InlineData("/restapis/a1/stages/prod")]
    [InlineData("/apis/a2")]
    [InlineData("/apis/a2/stages/$default")]
    [InlineData("/apikeys/k1")]
    [InlineData("/usageplans/p1")]
    [InlineData("/clientcertificates/c1")]
    [InlineData("/vpclinks/l1")]
    [InlineData("/vpclinks/l2")]
    [InlineData("/domainnames/example.com")]
    [InlineData("/domainnames/example.com+id1")]
    [InlineData("/domainnameaccessassociations/domainname/example.com/vpcesource/v1")]
    public void Puts_tags_on_whatever_can_have_them_by_either_version(string path)
    {
        string arn = Uri.EscapeDataString($"arn:aws:apigateway:us-east-1:{(path.Contains("access", StringComparison.Ordinal) ? "000000000000" : "")}:{path}");
        Assert.Equal(204, _harness.Call($"PUT /tags/{arn}", """{"tags":{"a":"1","b":"2"}}""").Status);
        Assert.Equal(0, _harness.Last!.Body.Length);
        Assert.Equal(201, _harness.Call($"POST /v2/tags/{arn}", """{"tags":{"b":"3","c d":""}}""").Status);
        Assert.Equal("""{"tags":{"a":"1","b":"3","c d":""}}""", _harness.Do($"GET /tags/{arn}").ToString());
        Assert.Equal(204, _harness.Call($"DELETE /tags/{arn}?tagKeys=a&tagKeys=c%20d").Status);
        Assert.Equal(204, _harness.Call($"DELETE /v2/tags/{arn}?tagKeys=never").Status);
        Assert.Equal("""{"tags":{"b":"3"}}""", _harness.Do($"GET /v2/tags/{arn}").ToString());
    }

    [Theory]
    [InlineData("arn:aws:apigateway:us-east-1::/restapis/none")]
    [InlineData("arn:aws:apigateway:us-east-1::/restapis/a1/stages/none")]
    [InlineData("arn:aws:apigateway:us-east-1::/restapis/a1/resources/x")]
    [InlineData("arn:aws:apigateway:us-east-1::/account")]
    [InlineData("arn:aws:apigateway:us-east-1::/")]
    public void Says_that_a_thing_is_not_there(string arn)
    {
        string target = Uri.EscapeDataString(arn);
        string answer = $"404 NotFoundException: Invalid resource ARN specified {arn}";
        Assert.Equal(answer, _harness.Fail($"GET /tags/{target}"));
        Assert.Equal(answer, _harness.Fail($"PUT /tags/{target}", """{"tags":{}}"""));
        Assert.Equal(answer, _harness.Fail($"DELETE /tags/{target}?tagKeys=a"));
        Assert.Equal(answer, _harness.Fail($"POST /v2/tags/{target}", "{}"));
    }

    [Fact]
    public void Takes_an_ARN_with_its_slashes_uncoded() =>
        Assert.Equal("""{"tags":{}}""", _harness.Do("GET /tags/arn:aws:apigateway:us-east-1::/restapis/a1/stages/prod").ToString());

    [Theory]
    [InlineData("""{"tags":{"aws:x":"1"}}""", "400 BadRequestException: Invalid tag key specified: aws:x. Keys that begin with aws: are reserved.")]
    [InlineData("""{"tags":{"":"1"}}""", "400 BadRequestException: Invalid tag key specified, it takes 1 to 128 characters.")]
    [InlineData("""{"tags":{"a":1}}""", "400 SerializationException: class java.lang.Integer can not be converted to an String")]
    [InlineData("{}", "400 ValidationException: 1 validation error detected: Value null at 'tagResourceInput.tags' failed to satisfy constraint: Member must not be null")]
    public void Refuses_tags_that_cannot_be(string body, string answer) => Assert.Equal(answer, _harness.Fail("PUT /tags/arn:aws:apigateway:us-east-1::/restapis/a1", body));

    [Fact]
    public void Refuses_longer_and_more_tags_than_there_may_be_and_a_removal_of_nothing()
    {
        const string Arn = "/tags/arn:aws:apigateway:us-east-1::/apikeys/k1";
        Assert.StartsWith("400", _harness.Fail("PUT " + Arn, $$$"""{"tags":{"{{{new string('k', 129)}}}":""}}"""));
        Assert.Equal("400 BadRequestException: Invalid value of the tag k specified, can be at most 256 characters.", _harness.Fail("PUT " + Arn, $$$"""{"tags":{"k":"{{{new string('v', 257)}}}"}}"""));
        _harness.Do("PUT " + Arn, Tags(0, 50));
        Assert.Equal("429 LimitExceededException: A resource takes at most 50 tags.", _harness.Fail("PUT " + Arn, Tags(50, 1)));
        _harness.Do("PUT " + Arn, Tags(49, 1));
        Assert.Equal("400 BadRequestException: tagKeys are needed.", _harness.Fail("DELETE " + Arn));
        Assert.Equal("400 BadRequestException: Invalid ARN. ARN is not well formed nonsense", _harness.Fail("GET /tags/nonsense"));
    }

    private static (string Scope, string Kind, Record Record) Of(string scope, string kind, string key) => (scope, kind, new Record(key, """{"id":"x"}"""u8.ToArray()));

    private static string Tags(int from, int count) => "{\"tags\":{" + string.Join(',', Enumerable.Range(from, count).Select(static i => $"\"k{i}\":\"v\"")) + "}}";
}
