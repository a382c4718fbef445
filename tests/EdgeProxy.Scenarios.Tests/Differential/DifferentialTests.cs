namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>
/// The same odd bytes to EdgeProxy, nginx and HAProxy, each in front of a recording origin: no request that EdgeProxy forwards may be
/// read as another one, or as more than the client sent, by any origin.
/// </summary>
/// <remarks>The tables of who took what are written to <c>artifacts/tests/differential-*.md</c>, and tests/run.sh prints them.</remarks>
public abstract class DifferentialTests(DifferentialRun run)
{
    /// <summary>What both peers refuse and EdgeProxy forwards, by name.</summary>
    protected abstract IReadOnlyList<string> TakenByUsAlone { get; }

    /// <summary>How many of the first requests have nothing odd.</summary>
    protected abstract int Plain { get; }

    [Fact]
    public void No_two_odd_requests_have_the_same_name()
    {
        Assert.Equal(run.All.Count, run.All.Select(odd => odd.Name).Distinct().Count());
        Assert.InRange(run.All.Count, 80, int.MaxValue);
    }

    [Fact]
    public void What_is_forwarded_is_what_the_client_sent_and_nothing_else()
    {
        var faults = new List<string>();
        foreach (OddRequest odd in run.All)
        {
            // Streams may overtake each other.
            Outcome outcome = run.EdgeProxy[odd.Name];
            if (outcome.Forwarded.Order(ByText).SequenceEqual(odd.Forwarded.Order(ByText))) continue;
            faults.Add($"{odd}: {outcome.Cell()}: forwarded [{string.Join(" | ", outcome.Forwarded)}], not [{string.Join(" | ", odd.Forwarded)}]");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void No_origin_reads_a_forwarded_request_as_another_or_as_more_than_one()
    {
        string[] faults = [.. run.All.SelectMany(odd => run.EdgeProxy[odd.Name].Ambiguities().Select(fault => $"{odd}: {fault}"))];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Fact]
    public void What_is_not_forwarded_is_refused_and_not_served()
    {
        string[] served = [.. run.All.Where(odd => odd.Forwarded.Count == 0 && run.EdgeProxy[odd.Name].WasServed).Select(odd => odd.Name)];
        Assert.Empty(served);
    }

    [Fact]
    public void A_request_cannot_be_refused_for_all_its_like()
    {
        string[] unserved = [.. run.All.Where(odd => odd.Forwarded.Count > 0 && !run.EdgeProxy[odd.Name].WasServed).Select(odd => $"{odd}: {run.EdgeProxy[odd.Name].Cell()}")];
        Assert.Empty(unserved);
    }

    [PeersFact]
    public void What_nginx_and_HAProxy_both_refuse_is_not_forwarded()
    {
        string[] found =
        [
            .. run.All
                .Where(odd => run.EdgeProxy[odd.Name].Forwarded.Count > run.Nginx[odd.Name].Forwarded.Count && run.EdgeProxy[odd.Name].Forwarded.Count > run.Haproxy[odd.Name].Forwarded.Count)
                .Select(odd => odd.Name),
        ];
        Assert.Equal(TakenByUsAlone.Order(), found.Order());
    }

    [PeersFact]
    public void The_peers_forward_what_is_not_odd()
    {
        foreach (OddRequest odd in run.All.Take(Plain))
        {
            Assert.True(odd.Forwarded.SequenceEqual(run.Nginx[odd.Name].Forwarded), $"nginx: {odd}: {run.Nginx[odd.Name].Cell()}");
            Assert.True(odd.Forwarded.SequenceEqual(run.Haproxy[odd.Name].Forwarded), $"HAProxy: {odd}: {run.Haproxy[odd.Name].Cell()}");
        }
    }

    private static readonly IComparer<ReadRequest> ByText = Comparer<ReadRequest>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()));
}
