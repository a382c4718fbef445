using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Settings;

/// <summary>Connections to upstreams; each loop has its own. Times in nanoseconds.</summary>
internal sealed record UpstreamSettings
{
    public required UpstreamProtocol Protocol { get; init; }

    public required int MaxConnections { get; init; }

    public required int MaxIdle { get; init; }

    public required long IdleTimeout { get; init; }

    public required int MaxStreams { get; init; }

    public required int StreamWindow { get; init; }

    public required int Queue { get; init; }

    public required long DnsTtl { get; init; }

    /// <summary>How targets are chosen and held to account where documents say nothing else.</summary>
    public required UpstreamPolicy Policy { get; init; }
}
