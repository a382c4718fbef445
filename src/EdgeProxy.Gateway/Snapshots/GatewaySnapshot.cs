using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>All plans: the host table over the stages, and the node's settings. Immutable; a change makes a new one that shares what it did not touch.</summary>
/// <remarks>
/// The order in which a request finds its stage (product.md 2): a custom domain; the API id in Host with the stage as first segment; the emulator path
/// forms on loopback listeners; the mounted APIs by base path.
/// </remarks>
internal sealed class GatewaySnapshot
{
    public static GatewaySnapshot Empty { get; } = new();

    /// <summary>Custom domains: host in lower case, without port. <c>*.example.com</c> stands for one more label.</summary>
    public Utf8Table<DomainPlan> Domains { get; init; } = Utf8Table<DomainPlan>.Empty;

    /// <summary>APIs by id, lower case.</summary>
    public Utf8Table<ApiEntry> Apis { get; init; } = Utf8Table<ApiEntry>.Empty;

    /// <summary>The APIs of <c>run FILE</c> and of the configuration file without a domain, served without a stage prefix.</summary>
    public BasePathTable Mounts { get; init; } = BasePathTable.Empty;

    /// <summary>Each way in which an integration speaks TLS, once: what must be read before any does.</summary>
    public IReadOnlyCollection<UpstreamTls> UpstreamTls { get; init; } = [];

    /// <summary>Those of them that stages of the management API alone have.</summary>
    public IReadOnlySet<UpstreamTls> StoredUpstreamTls { get; init; } = new HashSet<UpstreamTls>();

    /// <summary>The bucket that requests of all APIs take a token from (<c>limits.accountThrottle</c>); null for none.</summary>
    public RateLimit? AccountThrottle { get; init; }

    /// <summary>The upstreams with targets to choose from or to hold to account.</summary>
    public IReadOnlyList<UpstreamGroup> Upstreams { get; init; } = [];

    /// <summary>The node's cache; null when no stage caches, and when there is no memory for it.</summary>
    public CacheStore? Cache { get; init; }

    /// <summary>The API keys that requests are known by.</summary>
    public KeyTable Keys { get; init; } = KeyTable.Empty;

    /// <summary>Where their use of plans is counted; null without keys.</summary>
    public UsageLedger? Usage { get; init; }

    public GatewaySettings Settings { get; init; } = GatewaySettings.Default;

    /// <summary>What VPC links stand for, by id: those of settings and of the management API.</summary>
    public IReadOnlyDictionary<string, VpcLink> VpcLinks { get; init; } = GatewaySettings.Default.VpcLinks;

    /// <summary>What upstreams are shown when they ask, by the id that a stage names it with: files of settings, and names that stand for what the management API keeps.</summary>
    public IReadOnlyDictionary<string, (string Certificate, string Key)> ClientCertificates { get; init; } = GatewaySettings.Default.ClientCertificates;

    /// <summary>The domain of a host: its exact name, else with an asterisk for its first label.</summary>
    /// <param name="host">In lower case. Changed while this looks, and as it was afterwards.</param>
    public DomainPlan? DomainOrNull(Span<byte> host)
    {
        if (Domains.Count == 0) return null;
        if (Domains.Find(host) is { } exact) return exact;
        int dot = host.IndexOf((byte)'.');
        if (dot <= 0) return null;
        byte before = host[dot - 1];
        host[dot - 1] = (byte)'*';
        DomainPlan? wildcard = Domains.Find(host[(dot - 1)..]);
        host[dot - 1] = before;
        return wildcard;
    }
}
