using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 9.2 and 9.3: throttles and quotas of usage plans, from the plan's figures to the 429.</summary>
public sealed class Rest_9_2_Plans : IDisposable
{
    private const string Ann = "ann-0123456789-abcdefghij-000001";
    private const string Bob = "bob-0123456789-abcdefghij-000002";

    private const string Document = """
        openapi: 3.0.1
        info: {title: Pets, version: '1'}
        components: {securitySchemes: {api_key: {type: apiKey, in: header, name: x-api-key}}}
        paths:
          /pets:
            get: &keyed
              security: [{api_key: []}]
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: '200'}}
            post: *keyed
          /pets/{id}:
            x-amazon-apigateway-any-method: *keyed
        """;

    private readonly StagedGateway _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Each_key_has_the_plan_s_bucket_over_all_its_methods()
    {
        Deploy(Plan() with { RateLimit = 1, BurstLimit = 2 });
        Assert.Equal(200, Get(Ann));
        Assert.Equal(200, Status(Ann, "POST /pets"));
        Assert.Equal(429, Status(Ann, "GET /pets/1"));
        Assert.Equal(200, Get(Bob));
        _node.Gateway.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([200, 429], Times(2, Ann));
    }

    [Fact]
    public void A_throttled_key_is_429_with_the_standard_answer_and_no_hint_when_to_come_again()
    {
        Deploy(Plan() with { RateLimit = 1, BurstLimit = 1 });
        Assert.Equal(200, Get(Ann));
        FakeExchange answer = Send(Ann, "GET /pets");
        Assert.Equal(429, answer.Response.Status);
        Assert.Equal("{\"message\":\"Too Many Requests\"}", answer.SentText);
        Assert.Equal("TooManyRequestsException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Null(answer.ResponseField("Retry-After"));
        Assert.Equal("1", _node.Gateway.Metric("edgeproxy_throttled_total{api_id=\"api0\",stage=\"prod\",scope=\"key_rate\"}"));
        Assert.Equal("1", _node.Gateway.Metric("edgeproxy_usage_plan_requests_total{usage_plan=\"gold\",outcome=\"throttled\"}"));
    }

    [Fact]
    public void A_key_over_its_quota_is_429_with_an_answer_of_its_own()
    {
        Deploy(Plan() with { QuotaLimit = 2, QuotaPeriod = "DAY" });
        Assert.Equal([200, 200], Times(2, Ann));
        FakeExchange answer = Send(Ann, "GET /pets");
        Assert.Equal(429, answer.Response.Status);
        Assert.Equal("{\"message\":\"Limit Exceeded\"}", answer.SentText);
        Assert.Equal("LimitExceededException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Equal("1", _node.Gateway.Metric("edgeproxy_throttled_total{api_id=\"api0\",stage=\"prod\",scope=\"key_quota\"}"));
        Assert.Equal("1", _node.Gateway.Metric("edgeproxy_usage_plan_requests_total{usage_plan=\"gold\",outcome=\"quota\"}"));
        Assert.Equal(200, Get(Bob));
    }

    [Theory]
    [InlineData("QUOTA_EXCEEDED")]
    [InlineData("THROTTLED")]
    public void Both_refusals_can_be_customised(string type)
    {
        string document = Document + $$$"""

            x-amazon-apigateway-gateway-responses:
              {{{type}}}: {statusCode: '420', responseTemplates: {application/json: '$context.error.responseType $context.identity.apiKeyId'}}
            """;
        Deploy(document, Plan() with { RateLimit = 1, BurstLimit = 1, QuotaLimit = type == "QUOTA_EXCEEDED" ? 1 : 9, QuotaPeriod = "MONTH" });
        Assert.Equal(200, Get(Ann));
        FakeExchange answer = Send(Ann, "GET /pets");
        Assert.Equal(420, answer.Response.Status);
        Assert.Equal(type + " k-ann", answer.SentText);
    }

    [Theory]
    [InlineData("DAY", "2026-11-22T13:00:00Z", "2026-11-22T23:59:59Z", "2026-11-23T00:00:00Z")]
    [InlineData("WEEK", "2026-11-24T00:00:00Z", "2026-11-28T23:59:59Z", "2026-11-29T00:00:00Z")]
    [InlineData("MONTH", "2026-11-01T00:00:00Z", "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z")]
    public void A_quota_begins_anew_with_the_calendar_s_period(string period, string first, string last, string next)
    {
        At(first);
        Deploy(Plan() with { QuotaLimit = 3, QuotaPeriod = period });
        Assert.Equal([200, 200], Times(2, Ann));
        At(last);
        Assert.Equal([200, 429, 429], Times(3, Ann));
        At(next);
        Assert.Equal([200, 200, 200, 429], Times(4, Ann));
    }

    [Fact]
    public void The_offset_is_taken_off_the_first_period_only()
    {
        Deploy(Plan() with { QuotaLimit = 4, QuotaPeriod = "WEEK", QuotaOffset = 3 });
        Assert.Equal([200, 429], Times(2, Ann));
        At("2026-11-29T00:00:00Z");
        Assert.Equal([200, 200, 200, 200, 429], Times(5, Ann));
    }

    [Fact]
    public void Throttled_requests_and_refused_ones_use_nothing_of_the_quota()
    {
        Deploy(Plan() with { RateLimit = 1, BurstLimit = 1, QuotaLimit = 3, QuotaPeriod = "DAY" });
        Assert.Equal([200, 429, 429, 429, 429], Times(5, Ann));
        Assert.Equal(new DayUsage(1, 2), Usage("k-ann"));
        _node.Gateway.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([200, 429], Times(2, Ann));
        _node.Gateway.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([200, 429], Times(2, Ann));
        _node.Gateway.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("{\"message\":\"Limit Exceeded\"}", Send(Ann, "GET /pets").SentText);
        Assert.Equal(new DayUsage(3, 0), Usage("k-ann"));
    }

    [Fact]
    public void A_request_over_the_quota_takes_no_token_of_any_bucket()
    {
        Deploy(Plan() with { RateLimit = 0.001, BurstLimit = 2, QuotaLimit = 1, QuotaPeriod = "DAY" });
        Assert.Equal([200, 429, 429, 429], Times(4, Ann));
        At("2026-11-23T00:00:00Z");
        Assert.Equal(200, Get(Ann));
    }

    [Fact]
    public void A_method_s_limit_in_the_plan_holds_for_each_key_besides_the_plan_s()
    {
        var method = new UsagePlanMethodDefinition("/pets", "GET", 1, 1, null);
        Deploy(Plan(method) with { RateLimit = 1, BurstLimit = 3 });
        Assert.Equal([200, 429], Times(2, Ann));
        Assert.Equal(200, Status(Ann, "POST /pets"));

        // The refused one has given back what it had taken of the plan's bucket, or there would be nothing left.
        Assert.Equal(200, Status(Ann, "POST /pets"));
        Assert.Equal(429, Status(Ann, "POST /pets"));
        Assert.Equal(200, Get(Bob));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_stage_or_the_account_refuses_gives_the_plan_its_tokens_back(bool byStage)
    {
        var stage = new StageDefinition { Name = "prod", MethodSettings = byStage ? [new MethodSettingsDefinition { ResourcePath = "*", Verb = "*", ThrottlingRateLimit = 1, ThrottlingBurstLimit = 1 }] : [] };
        var settings = new GatewaySettings { AccountThrottle = byStage ? null : new Rate(1, 1) };
        var method = new UsagePlanMethodDefinition("/pets", "GET", 0.01, 2, null);
        Assert.Empty(_node.DeployKeys(Document, stage, [Plan(method) with { RateLimit = 0.01, BurstLimit = 2, QuotaLimit = 2, QuotaPeriod = "DAY" }], Keys, settings));
        Assert.Equal([200, 429, 429, 429], Times(4, Ann));
        Assert.Equal("3", _node.Gateway.Metric($"edgeproxy_throttled_total{{api_id=\"api0\",stage=\"prod\",scope=\"{(byStage ? "stage" : "account")}\"}}"));
        _node.Gateway.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, Get(Ann));
        Assert.Equal(new DayUsage(2, 0), Usage("k-ann"));
    }

    [Fact]
    public void Zero_and_zero_refuse_everything_and_minus_one_nothing()
    {
        Deploy(Plan() with { RateLimit = 0, BurstLimit = 0 });
        Assert.Equal([429, 429], Times(2, Ann));
        Deploy(Plan() with { RateLimit = -1, BurstLimit = -1 });
        Assert.Equal(Enumerable.Repeat(200, 50), Times(50, Ann));
    }

    [Fact]
    public void Counts_and_buckets_outlast_a_deployment_and_follow_the_plan_s_new_figures()
    {
        Deploy(Plan() with { RateLimit = 0.001, BurstLimit = 2, QuotaLimit = 10, QuotaPeriod = "DAY" });
        Assert.Equal([200, 200, 429], Times(3, Ann));
        Deploy(Plan() with { RateLimit = 0.001, BurstLimit = 2, QuotaLimit = 10, QuotaPeriod = "DAY", Name = "changed" });
        Assert.Equal(429, Get(Ann));
        Deploy(Plan() with { QuotaLimit = 3, QuotaPeriod = "DAY" });
        Assert.Equal([200, 429], Times(2, Ann));
        Assert.Equal(new DayUsage(3, 0), Usage("k-ann"));
        Deploy(Plan() with { QuotaLimit = 5, QuotaPeriod = "DAY" });
        Assert.Equal([200, 200, 429], Times(3, Ann));
    }

    [Fact]
    public void What_a_plan_without_a_quota_lets_pass_is_counted_all_the_same()
    {
        Deploy(Plan());
        Assert.Equal(Enumerable.Repeat(200, 5), Times(5, Ann));
        Assert.Equal(new DayUsage(5, -1), Usage("k-ann"));
        Assert.Equal(new DayUsage(0, -1), Usage("k-bob"));
    }

    [Fact]
    public void The_canary_s_requests_count_in_the_same_plan_and_buckets()
    {
        var stage = new StageDefinition { Name = "prod", Canary = new CanaryDefinition { PercentTraffic = 50 } };
        var method = new UsagePlanMethodDefinition("/pets", "GET", 0.001, 8, null);
        Assert.Empty(_node.DeployKeys(Document, stage, [Plan(method)], Keys, canary: Document));
        Assert.Equal(8, Times(40, Ann).Count(static status => status == 200));
    }

    [Fact]
    public void A_plan_that_lists_a_stage_that_is_not_there_is_a_problem_that_names_those_that_are()
    {
        ProblemList problems = _node.DeployKeys(Document, new StageDefinition { Name = "prod" }, [Plan(), Plan() with { Id = "lost", Stages = [new UsagePlanStageDefinition("api0", "beta", [], null)] }], Keys);
        Problem problem = Assert.Single(problems);
        Assert.Equal((ProblemCode.UnknownName, ProblemSeverity.Error), (problem.Code, problem.Severity));
        Assert.Contains("api0 stage prod", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_for_a_method_that_is_not_there_is_told_of()
    {
        ProblemList problems = _node.DeployKeys(Document, new StageDefinition { Name = "prod" }, [Plan(new UsagePlanMethodDefinition("/pet", "GET", 1, 1, null))], Keys);
        Assert.Equal((ProblemCode.NoEffect, ProblemSeverity.Warning), (Assert.Single(problems).Code, problems[0].Severity));
    }

    private static (string, string, bool, string)[] Keys => [(Ann, "k-ann", true, "gold"), (Bob, "k-bob", true, "gold")];

    private static UsagePlanDefinition Plan(params UsagePlanMethodDefinition[] methods) => new() { Id = "gold", Stages = [new UsagePlanStageDefinition("API0", "prod", methods, null)] };

    private void Deploy(UsagePlanDefinition plan) => Deploy(Document, plan);

    private void Deploy(string document, UsagePlanDefinition plan) => Assert.Empty(_node.DeployKeys(document, new StageDefinition { Name = "prod" }, [plan], Keys));

    // The loop reads the wall clock anew once its own has gone on by a second; a whole minute would fill buckets.
    private void At(string time)
    {
        _node.Gateway.Clock.Now = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        _node.Gateway.Loop.Advance(TimeSpan.FromMilliseconds(1001));
    }

    private DayUsage Usage(string key)
    {
        var day = DateOnly.FromDateTime(_node.Gateway.Clock.Now.UtcDateTime);
        return new ReadUsage(_node.Gateway.Live.Usage, _node.Gateway.Clock).Read("gold", day, day, key)!.Keys.Single().Days.Single();
    }

    private int Get(string key) => Status(key, "GET /pets");

    private int Status(string key, string what) => Send(key, what).Response.Status;

    private FakeExchange Send(string key, string what) => _node.Gateway.Send($"{what} HTTP/1.1\nHost: node\nX-API-Key: {key}");

    private int[] Times(int count, string key)
    {
        int[] statuses = new int[count];
        for (int i = 0; i < count; i++) statuses[i] = Get(key);
        return statuses;
    }
}
