using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class RetryRulesTests
{
    private static readonly RetryPlan Plan = new() { Statuses = StatusSet.Gateway };

    [Theory]
    [InlineData(UpstreamOutcome.NameNotFound)]
    [InlineData(UpstreamOutcome.ConnectFailed)]
    [InlineData(UpstreamOutcome.ConnectTimedOut)]
    [InlineData(UpstreamOutcome.TlsFailed)]
    [InlineData(UpstreamOutcome.CertificateExpired)]
    [InlineData(UpstreamOutcome.PoolExhausted)]
    public void Any_request_is_tried_again_of_which_nothing_was_sent(UpstreamOutcome outcome)
    {
        Assert.Equal("Connect", Cause(Plan, outcome, 0, HttpMethod.Post));
        Assert.Equal("Connect", Cause(Plan, outcome, 0, HttpMethod.Get));
        Assert.Equal("None", Cause(Plan, outcome, 0, HttpMethod.Get, hasBody: false));
        Assert.Equal("None", Cause(Plan with { Causes = RetryCauses.Reset }, outcome, 0, HttpMethod.Get));
    }

    [Theory]
    [InlineData(UpstreamOutcome.Reset, 0, "Reset")]
    [InlineData(UpstreamOutcome.TimedOut, 0, "Timeout")]
    [InlineData(UpstreamOutcome.Ok, 503, "Status")]
    public void Only_what_may_be_done_twice_is_sent_twice(UpstreamOutcome outcome, int status, string cause)
    {
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Trace])
        {
            Assert.Equal(cause, Cause(Plan, outcome, status, method));
            Assert.Equal("None", Cause(Plan, outcome, status, method, hasBody: false));
        }

        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Patch, HttpMethod.Other])
        {
            Assert.Equal("None", Cause(Plan, outcome, status, method));
            Assert.Equal(cause, Cause(Plan with { NonIdempotent = true }, outcome, status, method));
        }
    }

    [Theory]
    [InlineData(UpstreamOutcome.Ok, 200)]
    [InlineData(UpstreamOutcome.Ok, 500)]
    [InlineData(UpstreamOutcome.Malformed, 0)]
    [InlineData(UpstreamOutcome.HeadTooLarge, 0)]
    [InlineData(UpstreamOutcome.Unsendable, 0)]
    [InlineData(UpstreamOutcome.RequestBodyFailed, 0)]
    [InlineData(UpstreamOutcome.Aborted, 0)]
    public void What_would_only_fail_again_is_not_tried_again(UpstreamOutcome outcome, int status) =>
        Assert.Equal("None", Cause(Plan with { NonIdempotent = true }, outcome, status, HttpMethod.Get));

    [Fact]
    public void Pauses_grow_are_spread_and_have_an_end()
    {
        var plan = new RetryPlan { Backoff = 1000 };
        Assert.Equal(500, RetryRules.PauseBefore(plan, attempt: 1, random: 0));
        Assert.Equal(1000, RetryRules.PauseBefore(plan, attempt: 1, random: 500));
        Assert.Equal(2000, RetryRules.PauseBefore(plan, attempt: 2, random: 1000));
        Assert.InRange(RetryRules.PauseBefore(plan, attempt: 60, random: ulong.MaxValue), 5000, 10_000);
        Assert.Equal(0, RetryRules.PauseBefore(plan with { Backoff = 0 }, attempt: 3, random: 7));
    }

    private static string Cause(RetryPlan plan, UpstreamOutcome outcome, int status, HttpMethod method, bool hasBody = true) =>
        RetryRules.CauseOrNone(plan, outcome, status, method, hasBody).ToString();
}
