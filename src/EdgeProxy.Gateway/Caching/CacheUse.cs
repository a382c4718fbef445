using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching;

/// <summary>What one request has to do with the cache, from the look-up to its end.</summary>
/// <remarks>Belongs to its <see cref="RequestContext"/>. Loop thread only.</remarks>
internal sealed class CacheUse
{
    private readonly byte[] _notes = new byte[EntryNotes.Size];
    private int _notesLength;
    private CachedEntry _entry;
    private bool _hasEntry;

    /// <summary>What came of the look-up; None when there was none.</summary>
    public CacheOutcome Outcome { get; set; }

    /// <summary>Whether the client asked to pass the cache by, and is to be told that it may not.</summary>
    public bool WarnsOfIgnored { get; set; }

    /// <summary>The route's cache; null when there was no look-up.</summary>
    public RouteCache? Cache { get; set; }

    /// <summary>Where the answer is to be stored.</summary>
    public CacheStore? Store { get; set; }

    /// <summary>The key to store it under, kept since the look-up: a flush in between counts. Not whole when it is not to be stored.</summary>
    public HeldBody Key { get; } = new();

    /// <summary>The hash of the key.</summary>
    public ulong Hash { get; set; }

    /// <summary>What a hit is called: <see cref="CacheOutcome.Coalesced"/> once the request has waited for it.</summary>
    public CacheOutcome HitIs { get; set; } = CacheOutcome.Hit;

    /// <summary>How long the answer is kept once it is stored, in nanoseconds.</summary>
    public long TimeToLive { get; set; }

    /// <summary>What is stored beside the answer's fields.</summary>
    public ReadOnlySpan<byte> Notes => _notes.AsSpan(0, _notesLength);

    /// <summary>What the request has to do with the cache beyond API Gateway.</summary>
    public FreshUse Fresh { get; } = new();

    /// <summary>The integration's body, recorded as it streams.</summary>
    public RecordedAnswer Recorded { get; } = new();

    /// <summary>Whether the answer is an entry, whose bytes lie in the cache.</summary>
    public bool HasEntry => _hasEntry;

    /// <summary>The entry that is held.</summary>
    public CachedEntry Entry => _entry;

    /// <summary>Keeps an entry for as long as its bytes are needed.</summary>
    public void Hold(in CachedEntry entry)
    {
        _entry = entry;
        _hasEntry = true;
    }

    /// <summary>Lets the entry go, if there is one: its bytes have been sent or copied.</summary>
    public void LetGo()
    {
        if (!_hasEntry) return;
        _hasEntry = false;
        _entry.Release();
        _entry = default;
    }

    /// <summary>Has notes stored beside the answer's fields.</summary>
    public void Note(in EntryNotes notes)
    {
        notes.Write(_notes);
        _notesLength = EntryNotes.Size;
    }

    /// <summary>Whether this is a request that may wait for another's fetch.</summary>
    public bool MayCoalesce(RequestContext request) => Cache!.Policy is { Coalesces: true } && request.Settings.Cache.CoalesceWaiters > 0 && request.Exchange.Request.Method == HttpMethod.Get && !Fresh.IsRefresh;

    /// <summary>Says that nothing is to be stored after all.</summary>
    public void StoreNothing(LoopBuffers buffers, long now)
    {
        Key.Release(buffers);
        Fresh.EndLead(FetchOutcome.Uncacheable, now);
    }

    /// <summary>Gives everything back.</summary>
    public void Release(LoopBuffers buffers)
    {
        LetGo();
        Recorded.Release(buffers);
        Key.Release(buffers);
        Fresh.Release();
        _notesLength = 0;
        TimeToLive = 0;
        HitIs = CacheOutcome.Hit;
        Outcome = CacheOutcome.None;
        WarnsOfIgnored = false;
        Cache = null;
        Store = null;
    }
}
