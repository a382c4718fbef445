using System.Diagnostics;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Gateway.Caching.Coalescing;

/// <summary>The fetches of a node that others may wait for: one request for a key fetches, whatever loop it is on, and the others take what it stored.</summary>
/// <remarks>
/// Only what found nothing in the cache comes here, and has a call to a backend before it: the lock of one of many stripes is held for a few steps. Keys are their seeded hashes
/// (<see cref="CacheStore.HashOf"/>): two keys that met would wait for each other's answer, find that it is not theirs, and fetch. Any thread.
/// </remarks>
internal sealed class FetchTable
{
    /// <summary>How long a key whose answer was for nobody else is fetched without waiting: long enough to let a crowd through, short enough to see that it has changed.</summary>
    public const long UncacheableFor = 5_000_000_000;

    private const int StripeBits = 6;
    private const int SlotBits = 12;
    private const long SlotTick = 1L << 27; // about 134 ms: 32 bits of them are 18 years
    private const int MostFree = 64;

    private readonly Stripe[] _stripes = new Stripe[1 << StripeBits];
    private readonly long[] _uncacheable = new long[1 << SlotBits]; // half a hash and half a time in one word each
    private int _inFlight;
    private int _waiting;

    public FetchTable()
    {
        for (int i = 0; i < _stripes.Length; i++) _stripes[i] = new Stripe();
    }

    /// <summary>Fetches that others may wait for, now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Requests that wait for another's fetch, now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether answers for the key were for nobody else a moment ago, so that nobody waits for one.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public bool IsUncacheable(ulong hash, long now)
    {
        long word = Volatile.Read(ref _uncacheable[SlotOf(hash)]);
        return word != 0 && (uint)(word >> 32) == (uint)(hash >> 32) && (int)((uint)word - (uint)(now / SlotTick)) > 0;
    }

    /// <summary>Ends a fetch whose answer is known: all who wait go on. The leader only.</summary>
    /// <param name="hash">The key's.</param>
    /// <param name="outcome">What those are told who wait: <see cref="FetchOutcome.Stored"/>, <see cref="FetchOutcome.Uncacheable"/> or <see cref="FetchOutcome.Failed"/>.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public void End(ulong hash, FetchOutcome outcome, long now)
    {
        if (outcome == FetchOutcome.Uncacheable) Volatile.Write(ref _uncacheable[SlotOf(hash)], (long)((hash >> 32 << 32) | (uint)((now + UncacheableFor) / SlotTick)));
        Stripe stripe = StripeOf(hash);
        lock (stripe.Lock)
        {
            if (!stripe.Fetches.Remove(hash, out Fetch? fetch))
            {
                Debug.Fail("a fetch was ended twice");
                return;
            }

            while (fetch.First is { } wait)
            {
                Take(fetch, wait);
                wait.Tell(outcome);
            }

            Drop(stripe, fetch);
        }
    }

    /// <summary>Gives up a fetch of which nothing came: its client has gone, or the backend has failed. The first of those who wait fetches in its place, the others go on waiting.</summary>
    /// <param name="hash">The key's.</param>
    public void Abandon(ulong hash)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe.Lock)
        {
            if (!stripe.Fetches.TryGetValue(hash, out Fetch? fetch))
            {
                Debug.Fail("a fetch was given up that nobody leads");
                return;
            }

            while (fetch.First is { } wait)
            {
                Take(fetch, wait);
                if (wait.Tell(FetchOutcome.Leads)) return;
            }

            stripe.Fetches.Remove(hash);
            Drop(stripe, fetch);
        }
    }

    /// <summary>Leads a fetch, or joins those who wait for it.</summary>
    /// <returns>Null when the wait has begun.</returns>
    internal FetchOutcome? Join(ulong hash, FetchWait wait, int mostWaiting)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe.Lock)
        {
            if (stripe.Fetches.TryGetValue(hash, out Fetch? fetch))
            {
                if (fetch.Count >= mostWaiting) return FetchOutcome.Crowded;
                fetch.Add(wait);
                Interlocked.Increment(ref _waiting);
                return null;
            }

            fetch = stripe.Free.TryPop(out Fetch? free) ? free : new Fetch();
            fetch.Hash = hash;
            stripe.Fetches.Add(hash, fetch);
            Interlocked.Increment(ref _inFlight);
            return FetchOutcome.Leads;
        }
    }

    /// <summary>Leads a fetch if nobody does; for who would not wait.</summary>
    public bool TryLead(ulong hash)
    {
        Stripe stripe = StripeOf(hash);
        lock (stripe.Lock)
        {
            if (stripe.Fetches.ContainsKey(hash)) return false;
            Fetch fetch = stripe.Free.TryPop(out Fetch? free) ? free : new Fetch();
            fetch.Hash = hash;
            stripe.Fetches.Add(hash, fetch);
            Interlocked.Increment(ref _inFlight);
            return true;
        }
    }

    /// <summary>Ends a wait from its own side; false when a word for it is on its way already.</summary>
    internal bool TryLeave(ulong hash, FetchWait wait)
    {
        lock (StripeOf(hash).Lock)
        {
            if (wait.Fetch is not { } fetch) return false;
            Take(fetch, wait);
            return true;
        }
    }

    private void Take(Fetch fetch, FetchWait wait)
    {
        fetch.Remove(wait);
        Interlocked.Decrement(ref _waiting);
    }

    private void Drop(Stripe stripe, Fetch fetch)
    {
        Interlocked.Decrement(ref _inFlight);
        if (stripe.Free.Count < MostFree) stripe.Free.Push(fetch);
    }

    private static int SlotOf(ulong hash) => (int)(hash & ((1 << SlotBits) - 1));

    private Stripe StripeOf(ulong hash) => _stripes[(int)((hash >> SlotBits) & ((1 << StripeBits) - 1))];

    private sealed class Stripe
    {
        public readonly Lock Lock = new();
        public readonly Dictionary<ulong, Fetch> Fetches = [];
        public readonly Stack<Fetch> Free = [];
    }
}
