namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>
/// The same odd bytes to EdgeProxy, nginx and HAProxy, each in front of a recording origin: no request that EdgeProxy forwards may be
/// read as another one, or as more than the client sent, by any origin.
/// </summary>
/// <remarks>The table of who took what is written to <c>artifacts/tests/differential-http1.md</c>, and tests/run.sh prints it.</remarks>
public sealed class Http1DifferentialTests(Http1DifferentialRun run) : IClassFixture<Http1DifferentialRun>
{
    /// <summary>What both peers refuse and EdgeProxy forwards, with the reason.</summary>
    private static readonly Dictionary<string, string> Known = [];

    [Fact]
    public void No_two_odd_requests_have_the_same_name()
    {
        Assert.Equal(OddHttp1Requests.All.Count, OddHttp1Requests.All.Select(odd => odd.Name).Distinct().Count());
        Assert.InRange(OddHttp1Requests.All.Count, 80, int.MaxValue);
    }

    [Fact]
    public void What_is_forwarded_is_what_the_client_sent_and_nothing_else()
    {
        var faults = new List<string>();
        foreach (OddRequest odd in OddHttp1Requests.All)
        {
            IReadOnlyList<ReadRequest> forwarded = run.EdgeProxy[odd.Name].Forwarded;
            if (!forwarded.SequenceEqual(odd.Forwarded)) faults.Add($"{odd}: forwarded [{string.Join(" | ", forwarded)}], not [{string.Join(" | ", odd.Forwarded)}]");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void No_origin_reads_a_forwarded_request_as_another_or_as_more_than_one()
    {
        string[] faults = [.. OddHttp1Requests.All.SelectMany(odd => run.EdgeProxy[odd.Name].Ambiguities().Select(fault => $"{odd}: {fault}"))];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Fact]
    public void What_is_not_forwarded_is_refused_and_not_served()
    {
        foreach (OddRequest odd in OddHttp1Requests.All.Where(odd => odd.Forwarded.Count == 0))
        {
            Assert.All(run.EdgeProxy[odd.Name].Statuses, status => Assert.True(status >= 400, $"{odd}: {status}"));
        }
    }

    [PeersFact]
    public void What_nginx_and_HAProxy_both_refuse_is_not_forwarded()
    {
        string[] found =
        [
            .. OddHttp1Requests.All
                .Where(odd => run.EdgeProxy[odd.Name].Forwarded.Count > run.Nginx[odd.Name].Forwarded.Count && run.EdgeProxy[odd.Name].Forwarded.Count > run.Haproxy[odd.Name].Forwarded.Count)
                .Select(odd => odd.Name),
        ];
        Assert.Equal(Known.Keys.Order(), found.Order());
    }

    [PeersFact]
    public void The_peers_forward_what_is_not_odd()
    {
        foreach (OddRequest odd in OddHttp1Requests.All.Take(6))
        {
            Assert.True(odd.Forwarded.SequenceEqual(run.Nginx[odd.Name].Forwarded), $"nginx: {odd}: {run.Nginx[odd.Name].Cell()}");
            Assert.True(odd.Forwarded.SequenceEqual(run.Haproxy[odd.Name].Forwarded), $"HAProxy: {odd}: {run.Haproxy[odd.Name].Cell()}");
        }
    }
}
