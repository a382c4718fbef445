using System.Buffers.Binary;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Caching;

/// <summary>The cache of one route in one stage: bound when the stage's plan is built.</summary>
internal sealed class RouteCache
{
    // Resources and namespaces that an author chose are told apart, whatever their texts are.
    private const byte OwnNamespace = 0;
    private const byte GivenNamespace = 1;

    private readonly StageLive _stage;

    /// <param name="deployment">The deployment's number: what another deployment stored is never found.</param>
    /// <param name="route">The route.</param>
    /// <param name="settings">How its answers are cached.</param>
    /// <param name="stage">The stage's live state.</param>
    public RouteCache(long deployment, RoutePlan route, RouteCacheSettings settings, StageLive stage)
    {
        _stage = stage;
        Settings = settings;
        Deployment = deployment;
        Policy = route.CachePolicy;
        Key = route.CacheKey!;
        Utf8Text name = Key.Namespace.IsEmpty ? route.ResourcePath : Key.Namespace;
        KeyStart = new byte[sizeof(long) + 1 + sizeof(int) + name.Span.Length];
        BinaryPrimitives.WriteInt64LittleEndian(KeyStart, deployment);
        KeyStart[sizeof(long)] = Key.Namespace.IsEmpty ? OwnNamespace : GivenNamespace;
        BinaryPrimitives.WriteInt32LittleEndian(KeyStart.AsSpan(sizeof(long) + 1), name.Span.Length);
        name.Span.CopyTo(KeyStart.AsSpan(sizeof(long) + 1 + sizeof(int)));
    }

    public RouteCacheSettings Settings { get; }

    public CacheKeyPlan Key { get; }

    /// <summary>The deployment's number.</summary>
    public long Deployment { get; }

    /// <summary>What the cache does beyond API Gateway; null for nothing.</summary>
    public CachePolicy? Policy { get; }

    /// <summary>What all keys of the route have in common: deployment and namespace.</summary>
    public byte[] KeyStart { get; }

    /// <summary>The number of the stage's cache, which a flush replaces by one that never was.</summary>
    public long Generation => _stage.CacheGeneration;
}
