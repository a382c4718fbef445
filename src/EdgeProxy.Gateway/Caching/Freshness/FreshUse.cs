using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What one request has to do with the cache beyond API Gateway, where its route has a policy.</summary>
/// <remarks>Belongs to its <see cref="CacheUse"/>. Loop thread only.</remarks>
internal sealed class FreshUse
{
    private FetchTable? _led;
    private ulong _ledHash;
    private FetchWait? _wait;

    /// <summary>The route's policy; null without.</summary>
    public CachePolicy? Policy { get; set; }

    /// <summary>What the request says of caches, where that counts.</summary>
    public CacheControl Request { get; set; } = new();

    /// <summary>The request's conditions.</summary>
    public Preconditions Conditions { get; set; } = new();

    /// <summary>Whether the entry that is held has expired and is asked for by its validators.</summary>
    public bool Revalidates { get; set; }

    /// <summary>Whether success of the request makes invalid what is stored for its target (RFC 9111, 4.4).</summary>
    public bool Invalidates { get; set; }

    /// <summary>Whether no client waits: the request is the gateway's own, to have a newer answer.</summary>
    public bool IsRefresh { get; set; }

    /// <summary>Whether the request may wait for another's fetch, or fetch for others.</summary>
    public bool MayWait { get; set; }

    /// <summary>What tells fetches apart: the hash of the key, as far as it is known before there is an answer.</summary>
    public ulong FetchHash { get; set; }

    /// <summary>Whether others wait for this request's answer, or may.</summary>
    public bool Leads => _led is not null;

    /// <summary>The request's place among those who wait; made when it first does.</summary>
    public FetchWait WaitOn(EventLoop loop) => _wait ??= new FetchWait(loop);

    /// <summary>Takes note that the request fetches for others.</summary>
    public void Lead(FetchTable table, ulong hash)
    {
        _led = table;
        _ledHash = hash;
    }

    /// <summary>Lets those who wait go on, if the request fetches for others.</summary>
    /// <param name="outcome">What they are told.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public void EndLead(FetchOutcome outcome, long now)
    {
        if (_led is not { } table) return;
        _led = null;
        table.End(_ledHash, outcome, now);
    }

    /// <summary>Gives everything back. A fetch that has not come to its end by now is another's.</summary>
    public void Release()
    {
        if (_led is { } table)
        {
            _led = null;
            table.Abandon(_ledHash);
        }

        Policy = null;
        Request = new CacheControl();
        Conditions = new Preconditions();
        Revalidates = Invalidates = IsRefresh = MayWait = false;
        FetchHash = 0;
    }
}
