using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 1.3: mappings and routing rules as the management API keeps them.</summary>
public sealed class Rest_1_3_CustomDomains : IDisposable
{
    private readonly TestGateway _gateway = new();

    public Rest_1_3_CustomDomains()
    {
        ParameterMapping[] facts =
        [
            MapBack("Stage", "context.stage"), MapBack("Path", "context.path"), MapBack("Base", "context.customDomain.basePathMatched"),
            MapBack("Rule", "context.customDomain.routingRuleIdMatched"), MapBack("Resource", "context.resourcePath"),
        ];
        _gateway.Route("GET /", Mock(parameters: facts)).Route("GET /{proxy+}", Mock(parameters: facts));
    }

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/orders/v1/items", "api2")]
    [InlineData("/orders/v2/items", "api3")]
    [InlineData("/orders/v1/items/123", "api2")]
    [InlineData("/orders/v2/items/categories/5", "api4")]
    [InlineData("/customers", "api1")]
    [InlineData("/orders/v1/itemsx", "api1")]
    [InlineData("//orders/v1/items", "api2")]
    public void The_longest_mapping_on_whole_segments_wins(string path, string stage)
    {
        Serve("API_MAPPING_ONLY",
            Mapping("", "api1"), Mapping("orders/v1/items", "api2"), Mapping("orders/v2/items", "api3"), Mapping("orders/v2/items/categories", "api4"));
        Assert.Equal(stage, Get(path).ResponseField("Stage"));
    }

    [Fact]
    public void The_base_path_is_taken_off_and_kept_in_the_context()
    {
        Serve("API_MAPPING_ONLY", Mapping("orders/v1", "api1"));
        FakeExchange answer = Get("/orders/v1/a/b");
        Assert.Equal("/orders/v1/a/b", answer.ResponseField("Path"));
        Assert.Equal("orders/v1", answer.ResponseField("Base"));
    }

    [Theory]
    [InlineData("/pets/api2/x", 200, "api2")]
    [InlineData("/pets/nothing", 403, null)]
    [InlineData("/other", 403, null)]
    public void A_mapping_without_a_stage_takes_it_from_the_path(string path, int status, string? stage)
    {
        Serve("API_MAPPING_ONLY", Mapping("pets", ""));
        FakeExchange answer = Get(path);
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal(stage, answer.ResponseField("Stage"));
    }

    [Theory]
    [InlineData("/v1/a", "", "api2", "b", "/v1/a")]
    [InlineData("/v1/a", "X-Tier: gold-1", "api3", "a", "/v1/a")]
    [InlineData("/v1/a", "x-tier: gold-1", "api3", "a", "/v1/a")]
    [InlineData("/v1/a", "X-Tier: Gold-1", "api2", "b", "/v1/a")]
    [InlineData("/V1/a", "", "api1", null, "/V1/a")]
    [InlineData("/a", "X-Tier: gold", "api1", null, "/a")]
    public void The_first_rule_by_priority_whose_conditions_all_hold_wins(string path, string field, string stage, string? rule, string contextPath)
    {
        Serve("ROUTING_RULE_THEN_API_MAPPING",
            Mapping("", "api1"),
            Rule("b", 20, "api2", strips: false, """{"matchBasePaths":{"anyOf":["v0","v1"]}}"""),
            Rule("a", 10, "api3", strips: true, """{"matchBasePaths":{"anyOf":["v1"]}},{"matchHeaders":{"anyOf":[{"header":"X-Tier","valueGlob":"gold*"},{"header":"X-Other","valueGlob":"1"}]}}"""));
        FakeExchange answer = Get(path, field);
        Assert.Equal(stage, answer.ResponseField("Stage"));
        Assert.Equal(rule, answer.ResponseField("Rule"));
        Assert.Equal(contextPath, answer.ResponseField("Path"));
    }

    [Theory]
    [InlineData(true, "/", "v1")]
    [InlineData(false, "/{proxy+}", null)]
    public void A_rule_takes_the_base_path_off_when_it_says_so(bool strips, string resource, string? basePath)
    {
        Serve("ROUTING_RULE_ONLY", Rule("a", 10, "api1", strips, """{"matchBasePaths":{"anyOf":["v1"]}}"""));
        FakeExchange answer = Get("/v1");
        Assert.Equal(resource, answer.ResponseField("Resource"));
        Assert.Equal(basePath, answer.ResponseField("Base"));
    }

    [Theory]
    [InlineData("abc*", "abcd", true)]
    [InlineData("abc*", "xabc", false)]
    [InlineData("*abc", "xabc", true)]
    [InlineData("*abc", "abcx", false)]
    [InlineData("*abc*", "xabcx", true)]
    [InlineData("*", "anything", true)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "abcd", false)]
    public void An_asterisk_stands_for_any_text_at_the_ends_of_a_value(string glob, string value, bool matches)
    {
        Serve("ROUTING_RULE_ONLY", Rule("a", 10, "api1", strips: false, """{"matchHeaders":{"anyOf":[{"header":"X-A","valueGlob":"GLOB"}]}}""".Replace("GLOB", glob, StringComparison.Ordinal)));
        Assert.Equal(matches ? 200 : 403, Get("/x", "X-A: " + value).Response.Status);
    }

    [Fact]
    public void A_rule_without_conditions_takes_everything_and_mappings_do_not_count_where_only_rules_do()
    {
        Serve("ROUTING_RULE_ONLY", Mapping("", "api1"), Rule("a", 10, "api2", strips: true));
        Assert.Equal("api2", Get("/anything").ResponseField("Stage"));
        Serve("ROUTING_RULE_ONLY", Mapping("", "api1"));
        Assert.Equal(403, Get("/anything").Response.Status);
    }

    [Fact]
    public void Rules_do_not_count_where_only_mappings_do()
    {
        Serve("API_MAPPING_ONLY", Mapping("", "api1"), Rule("a", 10, "api2", strips: true));
        Assert.Equal("api1", Get("/anything").ResponseField("Stage"));
    }

    [Fact]
    public void A_rule_to_a_stage_that_is_gone_answers_403()
    {
        Serve("ROUTING_RULE_THEN_API_MAPPING", Mapping("", "api1"), Rule("a", 10, "nothing", strips: true));
        Assert.Equal(403, Get("/anything").Response.Status);
    }

    private static (string Kind, string Json) Mapping(string path, string stage) =>
        (Kinds.ApiMapping, $$"""{"apiId":"abcde12345","apiMappingKey":"{{path}}"{{(stage.Length == 0 ? "" : $",\"stage\":\"{stage}\"")}}}""");

    private static (string Kind, string Json) Rule(string id, int priority, string stage, bool strips, string conditions = "") =>
        (Kinds.RoutingRule, $$$"""{"routingRuleId":"{{{id}}}","priority":{{{priority}}},"conditions":[{{{conditions}}}],"actions":[{"invokeApi":{"apiId":"abcde12345","stage":"{{{stage}}}","stripBasePath":{{{(strips ? "true" : "false")}}}}}]}""");

    private void Serve(string mode, params (string Kind, string Json)[] records)
    {
        const string Scope = "domainnames/api.example.com";
        int next = 0;
        RecordBook book = RecordBook.Of(
        [
            (Scope, Kinds.DomainName, new EdgeProxy.ControlPlane.Records.Record("api.example.com", Encoding.UTF8.GetBytes($$"""{"domainName":"api.example.com","routingMode":"{{mode.Replace("API_MAPPING", "BASE_PATH_MAPPING", StringComparison.Ordinal)}}"}"""))),
            .. records.Select(record => (Scope, record.Kind, new EdgeProxy.ControlPlane.Records.Record(
                EdgeProxy.ControlPlane.Wire.WireValue.Parse(Encoding.UTF8.GetBytes(record.Json)).TextOf("routingRuleId") ?? (next++).ToString(System.Globalization.CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(record.Json)))),
        ]);
        DomainDefinition domain = ReadDomain.Run(book.ScopeOrNull(Scope)!)!;
        StagePlan[] stages = [.. new[] { "api1", "api2", "api3", "api4" }.Select(name => _gateway.Stage(name))];
        _gateway.Snapshots.Swap(new GatewaySnapshot
        {
            Apis = new Utf8Table<ApiEntry>([("abcde12345", new ApiEntry("abcde12345", stages))]),
            Domains = new Utf8Table<DomainPlan>([("api.example.com", new DomainPlan(BasePathTable.Empty)
            {
                ApiMappings = BuildDomain.Mappings(domain),
                RoutingRules = BuildDomain.Rules(domain),
                UsesMappings = domain.UsesMappings,
            })]),
        });
    }

    private FakeExchange Get(string path, string field = "") =>
        _gateway.Send($"GET {path} HTTP/1.1\nHost: api.example.com{(field.Length == 0 ? "" : "\n" + field)}");
}
