using System.Net;
using System.Net.Sockets;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Http.Client;

/// <summary>Turns host names into addresses off the loop, and remembers them for a while.</summary>
/// <remarks>
/// One per loop. An expired entry is still used while a fresh look-up runs, and when that fails: a name server that is down must not
/// take the upstreams with it. Loop thread only.
/// </remarks>
public sealed class NameResolver(EventLoop loop, long ttl, UpstreamMetrics metrics)
{
    private const int MostNames = 4096;
    private const long FailureTtl = 1_000_000_000;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The addresses of a host, none when there are none. A literal address needs no look-up.</summary>
    public LoopTask<IpAddress[]> ResolveAsync(string host)
    {
        if (_entries.TryGetValue(host, out Entry? entry) && entry.Addresses.Length > 0)
        {
            if (loop.Now >= entry.ExpiresAt && !entry.Refreshing)
            {
                entry.Refreshing = true;
                RefreshAsync(host, entry).Forget();
            }

            return entry.Addresses;
        }

        if (entry is not null && loop.Now < entry.ExpiresAt) return entry.Addresses;
        if (IpAddress.TryParse(host.AsSpan(), out IpAddress literal))
        {
            IpAddress[] addresses = [literal];
            Store(host, addresses, long.MaxValue);
            return addresses;
        }

        return LookUpAsync(host);
    }

    private async LoopTask<IpAddress[]> LookUpAsync(string host)
    {
        IpAddress[] addresses = await loop.OffloadAsync(static name => LookUp(name), host);
        metrics.Lookups(addresses.Length > 0 ? "ok" : "failed").Increment(loop.Ordinal);
        Store(host, addresses, loop.Now + (addresses.Length > 0 ? ttl : FailureTtl));
        return addresses;
    }

    private async LoopTask RefreshAsync(string host, Entry entry)
    {
        IpAddress[] addresses = await loop.OffloadAsync(static name => LookUp(name), host);
        metrics.Lookups(addresses.Length > 0 ? "ok" : "failed").Increment(loop.Ordinal);
        entry.Refreshing = false;
        if (addresses.Length > 0) entry.Addresses = addresses;
        entry.ExpiresAt = loop.Now + (addresses.Length > 0 ? ttl : FailureTtl);
    }

    private void Store(string host, IpAddress[] addresses, long expiresAt)
    {
        // Names come from documents and stage variables, never from requests; the bound is for reload after reload.
        if (_entries.Count >= MostNames) _entries.Clear();
        _entries[host] = new Entry { Addresses = addresses, ExpiresAt = expiresAt };
    }

    private static IpAddress[] LookUp(string host)
    {
        try
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
        catch (SocketException)
        {
            return [];
        }
        catch (ArgumentException)
        {
            return []; // not a name at all
        }
    }

    private sealed class Entry
    {
        public required IpAddress[] Addresses { get; set; }

        public required long ExpiresAt { get; set; }

        public bool Refreshing { get; set; }
    }
}
