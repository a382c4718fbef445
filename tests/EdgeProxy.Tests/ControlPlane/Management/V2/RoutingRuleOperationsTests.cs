using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class RoutingRuleOperationsTests
{
    private const string Action = """{"invokeApi":{"apiId":"abc","stage":"prod","stripBasePath":true}}""";

    private readonly ManagementHarness _harness = new(RecordBook.Of(
    [
        (Scopes.RestApi("abc"), Kinds.RestApi, new("abc", """{"id":"abc"}"""u8.ToArray())),
        (Scopes.RestApi("abc"), Kinds.Stage, new("prod", """{"stageName":"prod"}"""u8.ToArray())),
    ]));

    public RoutingRuleOperationsTests() => _harness.Do("POST /v2/domainnames", """{"domainName":"a.example.com","domainNameConfigurations":[{"certificateArn":"arn:x","endpointType":"REGIONAL"}],"routingMode":"ROUTING_RULE_ONLY"}""");

    [Fact]
    public void Are_made_read_replaced_and_removed()
    {
        WireValue made = _harness.Do("POST /v2/domainnames/a.example.com/routingrules", Rule(Action, """{"matchBasePaths":{"anyOf":["v1"]}},{"matchHeaders":{"anyOf":[{"header":"X-Tier","valueGlob":"gold*"}]}}""", 10));
        string id = made.TextOf("routingRuleId")!;
        Assert.EndsWith("/domainnames/a.example.com/routingrules/" + id, made.TextOf("routingRuleArn"), StringComparison.Ordinal);
        Assert.Equal(20, _harness.Do("PUT /v2/domainnames/a.example.com/routingrules/" + id, Rule(Action, "", 20)).NumberOf("priority"));
        Assert.Equal(id, Assert.Single(_harness.Do("GET /v2/domainnames/a.example.com/routingrules")["routingRules"]!.Items).TextOf("routingRuleId"));
        _harness.Do("DELETE /v2/domainnames/a.example.com/routingrules/" + id);
        Assert.StartsWith("404 ", _harness.Fail("GET /v2/domainnames/a.example.com/routingrules/" + id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Action, "", 0, "400 BadRequestException: Priority")]
    [InlineData(Action, "", 1_000_001, "400 BadRequestException: Priority")]
    [InlineData(Action + "," + Action, "", 1, "400 BadRequestException: A routing rule has exactly one action.")]
    [InlineData("""{"invokeApi":{"apiId":"nothing","stage":"prod"}}""", "", 1, "400 BadRequestException: Invalid REST API")]
    [InlineData("""{"invokeApi":{"apiId":"abc","stage":"test"}}""", "", 1, "400 BadRequestException: Invalid stage")]
    [InlineData(Action, """{"matchBasePaths":{"anyOf":["a/b"]}}""", 1, "400 BadRequestException: A base path to match")]
    [InlineData(Action, """{"matchBasePaths":{"anyOf":[]}}""", 1, "400 BadRequestException: A condition matches at least one value.")]
    [InlineData(Action, """{"matchBasePaths":{"anyOf":["a"]}},{"matchBasePaths":{"anyOf":["b"]}}""", 1, "400 BadRequestException: A routing rule has at most")]
    [InlineData(Action, """{"matchHeaders":{"anyOf":[{"header":"a","valueGlob":"x*y"}]}}""", 1, "400 BadRequestException: A header value")]
    [InlineData(Action, """{"matchHeaders":{"anyOf":[{"header":"a*","valueGlob":"x"}]}}""", 1, "400 BadRequestException: A header to match")]
    [InlineData(Action, """{"matchHeaders":{"anyOf":[{"header":"a b","valueGlob":"x"}]}}""", 1, "400 BadRequestException: A header to match")]
    [InlineData(Action, """{"matchHeaders":{"anyOf":[{"header":"","valueGlob":"x"}]}}""", 1, "400 BadRequestException: A header to match")]
    [InlineData(Action, """{"matchHeaders":{"anyOf":[{"header":"a","valueGlob":"x\ny"}]}}""", 1, "400 BadRequestException: A header value")]
    [InlineData(Action, """{"matchHeaders":{"anyOf":[{"header":"a","valueGlob":"é"}]}}""", 1, "400 BadRequestException: A header value")]
    [InlineData(Action, """{"matchHeaders":null,"matchBasePaths":null}""", 1, "400 BadRequestException: A condition has either")]
    [InlineData(Action, "{}", 1, "400 BadRequestException: A condition has either")]
    public void Refuses_rules_that_make_no_sense(string actions, string conditions, int priority, string fault) =>
        Assert.StartsWith(fault, _harness.Fail("POST /v2/domainnames/a.example.com/routingrules", Rule(actions, conditions, priority)), StringComparison.Ordinal);

    [Fact]
    public void A_domain_has_so_many_of_them_and_no_more()
    {
        for (int priority = 1; priority <= 50; priority++) _harness.Do("POST /v2/domainnames/a.example.com/routingrules", Rule(Action, "", priority));

        (int status, WireValue answer) = _harness.Call("POST /v2/domainnames/a.example.com/routingrules", Rule(Action, "", 51));

        Assert.Equal((429, "RoutingRulesPerDomainName"), (status, answer.TextOf("limitType")));
    }

    [Fact]
    public void Keeps_no_members_that_rules_do_not_have()
    {
        WireValue made = _harness.Do("POST /v2/domainnames/a.example.com/routingrules", Rule("""{"invokeApi":{"apiId":"abc","stage":"prod","more":1},"more":2}""", """{"matchHeaders":{"anyOf":[{"header":"a","valueGlob":"b","more":3}],"more":4}}""", 1));

        Assert.DoesNotContain("more", made.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_priority_is_taken_once()
    {
        _harness.Do("POST /v2/domainnames/a.example.com/routingrules", Rule(Action, "", 1));
        Assert.StartsWith("409 ConflictException", _harness.Fail("POST /v2/domainnames/a.example.com/routingrules", Rule(Action, "", 1)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_routing_mode_is_spelt_by_version()
    {
        Assert.Equal("ROUTING_RULE_ONLY", _harness.Do("GET /domainnames/a.example.com").TextOf("routingMode"));
        Assert.Equal("ROUTING_RULE_THEN_API_MAPPING", _harness.Do("PATCH /v2/domainnames/a.example.com", """{"routingMode":"ROUTING_RULE_THEN_API_MAPPING"}""").TextOf("routingMode"));
        Assert.Equal("ROUTING_RULE_THEN_BASE_PATH_MAPPING", _harness.Do("GET /domainnames/a.example.com").TextOf("routingMode"));
    }

    private static string Rule(string actions, string conditions, int priority) => $"{{\"actions\":[{actions}],\"conditions\":[{conditions}],\"priority\":{priority}}}";
}
