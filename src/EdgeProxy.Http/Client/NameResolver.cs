using System.Net;
using System.Net.Sockets;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Http.Client;

/// <summary>Turns host names into addresses off the loop, and remembers them for a while.</summary>
/// <remarks>
/// One per loop. A name is looked up once at a time, however many wait for it, and each waits no longer than its own deadline while
/// the look-up goes on for the others. An expired entry is still used while a fresh look-up runs, and when that fails: a name server
/// that is down must not take the upstreams with it. Loop thread only.
/// </remarks>
public sealed class NameResolver
{
    private const int MostNames = 4096;
    private const long FailureTtl = 1_000_000_000;

    // One set for all loops: a name server that hangs holds these, and neither a loop nor the thread pool.
    private static readonly BlockingThreads s_threads = new("dns", threads: 4, capacity: 1024);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly EventLoop _loop;
    private readonly long _ttl;
    private readonly UpstreamMetrics _metrics;
    private readonly Func<string, IpAddress[]> _find;
    private readonly BlockingThreads _threads;

    /// <param name="loop">The loop that asks and is told.</param>
    /// <param name="ttl">How long addresses are fresh, in nanoseconds.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="find">Finds a host's addresses, blocking; an exception means that it has none. The system's resolver when null.</param>
    /// <param name="threads">Where look-ups run; those shared by all loops when null.</param>
    public NameResolver(EventLoop loop, long ttl, UpstreamMetrics metrics, Func<string, IpAddress[]>? find = null, BlockingThreads? threads = null)
    {
        _loop = loop;
        _ttl = ttl;
        _metrics = metrics;
        _find = find ?? AskSystem;
        _threads = threads ?? s_threads;
    }

    /// <summary>The addresses of a host, none when there are none. A literal address needs no look-up.</summary>
    /// <param name="host">A name or a literal address.</param>
    /// <param name="deadline">When the wait ends with TimedOut, in monotonic nanoseconds.</param>
    public LoopTask<NameResult> ResolveAsync(string host, long deadline)
    {
        Entry entry = _entries.TryGetValue(host, out Entry? known) ? known : Add(host);
        if (_loop.Now >= entry.ExpiresAt && entry.LookUp is null) Start(host, entry);
        if (entry.Addresses.Length > 0 || entry.LookUp is not { } lookUp) return new NameResult(IoStatus.Ok, entry.Addresses);
        return lookUp.WaitAsync(deadline);
    }

    private static IpAddress[] AskSystem(string host)
    {
        var found = new List<IpAddress>();
        Span<byte> bytes = stackalloc byte[16];
        foreach (IPAddress address in Dns.GetHostAddresses(host))
        {
            if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) continue;
            if (address.TryWriteBytes(bytes, out int written)) found.Add(IpAddress.FromBytes(bytes[..written]));
        }

        return [.. found];
    }

    private Entry Add(string host)
    {
        // Names come from documents and stage variables, never from requests; the bound is for reload after reload. A look-up under
        // way still answers those who wait for it.
        if (_entries.Count >= MostNames) _entries.Clear();
        var entry = new Entry();
        if (IpAddress.TryParse(host.AsSpan(), out IpAddress literal))
        {
            entry.Addresses = [literal];
            entry.ExpiresAt = long.MaxValue;
        }

        _entries[host] = entry;
        return entry;
    }

    private void Start(string host, Entry entry)
    {
        entry.LookUp = new LookUp(this, host, entry);
        if (!_threads.TryQueue(entry.LookUp)) End(entry, [], "refused");
    }

    private void End(Entry entry, IpAddress[] addresses, string result)
    {
        _metrics.Lookups(result).Increment(_loop.Ordinal);
        entry.LookUp = null;
        if (addresses.Length > 0) entry.Addresses = addresses;
        entry.ExpiresAt = _loop.Now + (addresses.Length > 0 ? _ttl : FailureTtl);
    }

    private sealed class Entry
    {
        public IpAddress[] Addresses { get; set; } = [];

        public long ExpiresAt { get; set; } = long.MinValue;

        /// <summary>The look-up under way.</summary>
        public LookUp? LookUp { get; set; }
    }

    /// <summary>One look-up and who waits for it. Runs on a thread of its own kind, all else on the loop.</summary>
    private sealed class LookUp(NameResolver resolver, string host, Entry entry) : IThreadPoolWorkItem, ILoopRecipient
    {
        private readonly LinkedList<Waiter> _waiters = [];

        public LoopTask<NameResult> WaitAsync(long deadline)
        {
            if (deadline <= resolver._loop.Now) return new NameResult(IoStatus.TimedOut, []);
            if (_waiters.Count > 0) resolver._metrics.LookupWaits("joined").Increment(resolver._loop.Ordinal);
            var waiter = new Waiter(this);
            waiter.Node = _waiters.AddLast(waiter);
            resolver._loop.Timers.Set(waiter, deadline);
            return waiter.Signal.WaitAsync();
        }

        public void Execute()
        {
            IpAddress[] addresses;
            try
            {
                addresses = resolver._find(host);
            }
            catch (Exception)
            {
                // No such name, not a name at all, or no descriptors left to ask with: for whoever waits it is the same. The loop
                // must hear of it in any case.
                addresses = [];
            }

            resolver._loop.Post(new LoopMessage(this, 0, addresses, 0));
        }

        public void Receive(in LoopMessage message)
        {
            var addresses = (IpAddress[])message.Operand!;
            resolver.End(entry, addresses, addresses.Length > 0 ? "ok" : "failed");
            foreach (Waiter waiter in _waiters)
            {
                resolver._loop.Timers.Detach(waiter);
                waiter.Signal.Set(new NameResult(IoStatus.Ok, addresses));
            }

            _waiters.Clear();
        }

        public void GiveUp(Waiter waiter)
        {
            resolver._metrics.LookupWaits("timed_out").Increment(resolver._loop.Ordinal);
            _waiters.Remove(waiter.Node!);
            waiter.Signal.Set(new NameResult(IoStatus.TimedOut, []));
        }
    }

    private sealed class Waiter(LookUp lookUp) : LoopTimer
    {
        public LoopSignal<NameResult> Signal { get; } = new();

        public LinkedListNode<Waiter>? Node { get; set; }

        protected override void OnDeadline(long now) => lookUp.GiveUp(this);
    }
}
