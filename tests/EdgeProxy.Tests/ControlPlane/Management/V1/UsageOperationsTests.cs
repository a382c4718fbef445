using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class UsageOperationsTests
{
    // A plan of the settings, of which there is no record, with keys that used something today.
    private readonly UsageLedger _ledger = new();
    private readonly List<UsageRecord> _kept = [];
    private readonly ManagementHarness _harness;
    private bool _canKeep = true;

    public UsageOperationsTests()
    {
        var quota = new Quota(10, QuotaPeriod.Day);
        UsagePlanLive plan = _ledger.PlanOf("gold");
        UsagePlanLive free = _ledger.PlanOf("free");
        _ledger.Serve(0, [(plan, quota), (free, null)]);
        for (int i = 0; i < 30; i++)
        {
            UsageCell cell = _ledger.CellOf(_ledger.RowOf(plan, _ledger.KeyOf(Encoding.UTF8.GetBytes($"k{i}")), 0));
            for (int n = 0; n < i % 4; n++) Assert.True(cell.TryCount(quota, UsageDay.Of(new DateOnly(2026, 11, 22))));
        }

        _ledger.RowOf(free, _ledger.KeyOf("k1"u8), 0);
        var clock = new SettableClock();
        _harness = new ManagementHarness(change: services => services with { Usage = new ReadUsage(_ledger, clock), SetUsage = new SetUsage(_ledger, clock), KeepUsage = Keep });
    }

    [Fact]
    public void Tells_what_a_key_used_and_has_left_day_by_day()
    {
        Assert.Equal(
            """{"usagePlanId":"gold","startDate":"2026-11-21","endDate":"2026-11-22","values":{"k3":[[0,10],[3,7]]}}""",
            _harness.Do("GET /usageplans/gold/usage?startDate=2026-11-21&endDate=2026-11-22&keyId=k3").ToString());
    }

    [Fact]
    public void Tells_nothing_of_days_to_come()
    {
        Assert.Equal(
            """{"usagePlanId":"gold","startDate":"2026-11-22","endDate":"2026-11-30","values":{"k3":[[3,7]]}}""",
            _harness.Do("GET /usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-30&keyId=k3").ToString());
        Assert.Empty(_harness.Do("GET /usageplans/gold/usage?startDate=2026-11-23&endDate=2026-11-30")["values"]!.Members);
    }

    [Fact]
    public void Goes_on_from_the_position_that_a_page_names()
    {
        const string Target = "GET /usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-22";
        WireValue first = _harness.Do(Target);
        Assert.Equal(25, first["values"]!.Members.Count);
        WireValue second = _harness.Do($"{Target}&position={first.TextOf("position")}");
        Assert.Equal(5, second["values"]!.Members.Count);
        Assert.Null(second["position"]);
        Assert.Equal(7, _harness.Do(Target + "&limit=7")["values"]!.Members.Count);
        Assert.Equal(30, _harness.Do(Target + "&limit=100000")["values"]!.Members.Count);
    }

    [Fact]
    public void Tells_that_a_plan_without_use_has_none()
    {
        string plan = _harness.Do("POST /usageplans", """{"name":"p"}""").TextOf("id")!;
        Assert.Equal("{}", _harness.Do($"GET /usageplans/{plan}/usage?startDate=2026-11-22&endDate=2026-11-22")["values"]!.ToString());
    }

    [Theory]
    [InlineData("silver/usage?startDate=2026-11-22&endDate=2026-11-22", "404 NotFoundException: Invalid Usage Plan ID specified")]
    [InlineData("gold/usage", "400 BadRequestException: startDate and endDate are needed, written as 2026-11-22.")]
    [InlineData("gold/usage?startDate=22.11.2026&endDate=2026-11-22", "400 BadRequestException: startDate and endDate are needed, written as 2026-11-22.")]
    [InlineData("gold/usage?startDate=2026-11-23&endDate=2026-11-22", "400 BadRequestException: endDate is not before startDate, and less than a year after it.")]
    [InlineData("gold/usage?startDate=2020-11-23&endDate=2026-11-22", "400 BadRequestException: endDate is not before startDate, and less than a year after it.")]
    [InlineData("gold/usage?startDate=2026-11-22&endDate=2026-11-22&limit=0", "400 BadRequestException: Invalid limit parameter. Must be a positive number.")]
    [InlineData("gold/usage?startDate=2026-11-22&endDate=2026-11-22&position=x", "400 BadRequestException: Invalid position parameter.")]
    [InlineData("gold/usage?startDate=9999-12-31&endDate=9999-12-31&limit=99999999999", "400 BadRequestException: Invalid limit parameter. Must be a positive number.")]
    public void Says_what_is_wrong(string target, string answer) => Assert.Equal(answer, _harness.Fail("GET /usageplans/" + target));

    [Fact]
    public void Grants_more_of_the_period_that_runs()
    {
        Assert.Equal(
            """{"usagePlanId":"gold","startDate":"2026-11-22","endDate":"2026-11-22","values":{"k3":[[3,100]]}}""",
            _harness.Do("PATCH /usageplans/gold/keys/k3/usage", """{"patchOperations":[{"op":"replace","path":"/remaining","value":"100"}]}""").ToString());
        Assert.Equal("[[3,100]]", _harness.Do("GET /usageplans/gold/usage?startDate=2026-11-22&endDate=2026-11-22&keyId=k3")["values"]!["k3"]!.ToString());
    }

    [Fact]
    public void Answers_that_usage_was_set_only_once_it_is_kept()
    {
        const string Patch = """{"patchOperations":[{"op":"replace","path":"/remaining","value":"100"}]}""";
        _harness.Do("PATCH /usageplans/gold/keys/k3/usage", Patch);
        Assert.Equal(100, Assert.Single(_kept, record => record.KeyId == "k3").Remaining);
        _canKeep = false;
        Assert.StartsWith("503 ServiceUnavailableException", _harness.Fail("PATCH /usageplans/gold/keys/k3/usage", Patch), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silver/keys/k3", "replace", "/remaining", "1", "404 NotFoundException: Invalid Usage Plan ID specified")]
    [InlineData("gold/keys/none", "replace", "/remaining", "1", "404 NotFoundException: Invalid Usage Plan Key identifier specified")]
    [InlineData("free/keys/k1", "replace", "/remaining", "1", "400 BadRequestException: The Usage Plan free has no quota")]
    [InlineData("gold/keys/k3", "replace", "/used", "1", "400 BadRequestException: Invalid patch path /used")]
    [InlineData("gold/keys/k3", "add", "/remaining", "1", "400 BadRequestException: Invalid patch operation specified. Must be one of: [replace]")]
    [InlineData("gold/keys/k3", "replace", "/remaining", "-1", "400 BadRequestException: Invalid value specified for /remaining, must be a whole number from 0 to 1000000000000")]
    [InlineData("gold/keys/k3", "replace", "/remaining", "99999999999999999999", "400 BadRequestException: Invalid value specified for /remaining, must be a whole number from 0 to 1000000000000")]
    public void Refuses_a_grant_that_makes_no_sense(string target, string op, string path, string value, string answer) =>
        Assert.Equal(answer, _harness.Fail($"PATCH /usageplans/{target}/usage", $$"""{"patchOperations":[{"op":"{{op}}","path":"{{path}}","value":"{{value}}"}]}"""));

    private bool Keep()
    {
        _kept.Clear();
        _ledger.TakeChanged(_kept, new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
        return _canKeep;
    }
}
