using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class UsagePlanOperationsTests
{
    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod", "api0000002:test"));

    [Fact]
    public void Answers_a_create_with_the_plan_and_its_defaults()
    {
        WireValue made = _harness.Do("POST /usageplans", """{"name":"gold","description":"d","apiStages":[{"stage":"prod","apiId":"api0000001","throttle":{"/pets/{id}/GET":{"rateLimit":2.5,"burstLimit":3},"//ANY":{"rateLimit":1,"burstLimit":1}}}],"throttle":{"rateLimit":100,"burstLimit":200},"quota":{"limit":1000,"period":"MONTH"}}""");
        string id = made.TextOf("id")!;
        Assert.Equal(6, id.Length);
        Assert.Equal(
            $$$$$$"""{"id":"{{{{{{id}}}}}}","name":"gold","description":"d","apiStages":[{"apiId":"api0000001","stage":"prod","throttle":{"/pets/{id}/GET":{"rateLimit":2.5,"burstLimit":3},"//ANY":{"rateLimit":1.0,"burstLimit":1}}}],"throttle":{"burstLimit":200,"rateLimit":100.0},"quota":{"limit":1000,"period":"MONTH","offset":0}}""",
            made.ToString());
        Assert.Equal("{}", _harness.Do($"GET /usageplans/{id}")["tags"]!.ToString());
        Assert.Null(Assert.Single(_harness.Do("GET /usageplans")["item"]!.Items)["tags"]);
    }

    [Theory]
    [InlineData("""{"name":""}""", "400 BadRequestException: Usage Plan name must not be empty")]
    [InlineData("""{"name":"p","apiStages":[{"apiId":"api0000001"}]}""", "400 BadRequestException: Invalid API Stage specified")]
    [InlineData("""{"name":"p","apiStages":[{"apiId":"","stage":""}]}""", "400 BadRequestException: Invalid API Stage specified")]
    [InlineData("""{"name":"p","apiStages":[{"apiId":"api0000001","stage":"prod","throttle":{"GET /pets":{}}}]}""", "400 BadRequestException: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY")]
    [InlineData("""{"name":"p","throttle":{"burstLimit":-2}}""", "400 BadRequestException: Invalid throttle burstLimit of the Usage Plan, must be a whole number from -1 to 2147483647")]
    [InlineData("""{"name":"p","throttle":{"burstLimit":3000000000}}""", "400 BadRequestException: Invalid throttle burstLimit of the Usage Plan, must be a whole number from -1 to 2147483647")]
    [InlineData("""{"name":"p","throttle":{"rateLimit":-0.5}}""", "400 BadRequestException: Invalid throttle rateLimit of the Usage Plan, must be -1, or a number from 0 to 1000000000")]
    [InlineData("""{"name":"p","throttle":{"rateLimit":1e300}}""", "400 BadRequestException: Invalid throttle rateLimit of the Usage Plan, must be -1, or a number from 0 to 1000000000")]
    [InlineData("""{"name":"p","quota":{"period":"DAY"}}""", "400 BadRequestException: Usage Plan quota limit must be a number from 0 to 1000000000000")]
    [InlineData("""{"name":"p","quota":{"limit":5}}""", "400 BadRequestException: Usage Plan quota period must be one of DAY, WEEK, MONTH")]
    [InlineData("""{"name":"p","quota":{"limit":5,"period":"DAY","offset":1}}""", "400 BadRequestException: Usage Plan quota offset must be zero in the DAY period")]
    [InlineData("""{"name":"p","quota":{"limit":5,"period":"WEEK","offset":7}}""", "400 BadRequestException: Usage Plan quota offset must be between zero and six inclusive in the WEEK period")]
    [InlineData("""{"name":"p","quota":{"limit":5,"period":"MONTH","offset":-1}}""", "400 BadRequestException: Usage Plan quota offset must be between zero and 27 inclusive in the MONTH period")]
    [InlineData("""{"name":"p","apiStages":[{"apiId":"api0000001","stage":7}]}""", "400 SerializationException: class java.lang.Integer can not be converted to an String")]
    public void Refuses_what_a_plan_cannot_be(string body, string answer) => Assert.Equal(answer, _harness.Fail("POST /usageplans", body));

    [Fact]
    public void Says_which_stage_is_not_there_and_which_is_named_twice()
    {
        Assert.Matches("^404 NotFoundException: Invalid API Stage {api: api0000001, stage: none} specified for usageplan [a-z0-9]{6}$", _harness.Fail("POST /usageplans", """{"name":"p","apiStages":[{"apiId":"api0000001","stage":"none"}]}"""));
        Assert.Matches("^409 ConflictException: The Usage Plan [a-z0-9]{6} has the API Stage api0000001:prod already$", _harness.Fail("POST /usageplans", """{"name":"p","apiStages":[{"apiId":"api0000001","stage":"prod"},{"apiId":"api0000001","stage":"prod"}]}"""));
    }

    [Fact]
    public void Deletes_a_plan_only_without_stages_and_its_keys_with_it()
    {
        string key = _harness.Do("POST /apikeys", "{}").TextOf("id")!;
        string plan = _harness.Do("POST /usageplans", """{"name":"p","apiStages":[{"apiId":"api0000001","stage":"prod"}]}""").TextOf("id")!;
        _harness.Do($"POST /usageplans/{plan}/keys", $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""");
        Assert.Equal($"400 BadRequestException: Cannot delete Usage Plan {plan} because there are API Stages associated with it, including api0000001:prod", _harness.Fail($"DELETE /usageplans/{plan}"));
        _harness.Do($"PATCH /usageplans/{plan}", """{"patchOperations":[{"op":"remove","path":"/apiStages","value":"api0000001:prod"}]}""");
        Assert.Equal(202, _harness.Call($"DELETE /usageplans/{plan}").Status);
        Assert.Equal("404 NotFoundException: Invalid Usage Plan ID specified", _harness.Fail($"GET /usageplans/{plan}"));
        Assert.Equal("404 NotFoundException: Invalid Usage Plan ID specified", _harness.Fail($"DELETE /usageplans/{plan}"));
        Assert.Equal("404 NotFoundException: Invalid Usage Plan ID specified", _harness.Fail($"PATCH /usageplans/{plan}", "{}"));
        Assert.Equal("404 NotFoundException: Invalid Usage Plan ID specified", _harness.Fail($"GET /usageplans/{plan}/keys"));
        Assert.Null(_harness.Book.ScopeOrNull(Scopes.UsagePlan(plan)));
    }

    [Fact]
    public void Refuses_more_plans_and_more_throttles_of_methods_than_there_may_be()
    {
        _harness.Api.Options = _harness.Api.Options with { Limits = _harness.Api.Options.Limits with { UsagePlans = 1, MethodThrottlesPerStage = 1 } };
        Assert.Equal(
            "429 LimitExceededException: A Usage Plan takes at most 1 method throttles for an API Stage",
            _harness.Fail("POST /usageplans", """{"name":"p","apiStages":[{"apiId":"api0000001","stage":"prod","throttle":{"/a/GET":{},"/b/GET":{}}}]}"""));
        _harness.Do("POST /usageplans", """{"name":"p"}""");
        Assert.Equal("429 LimitExceededException: Maximum number of Usage Plans has been reached: 1", _harness.Fail("POST /usageplans", """{"name":"p"}"""));
    }
}
