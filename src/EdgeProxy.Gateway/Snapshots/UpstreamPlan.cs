using EdgeProxy.Http.Client;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How to speak to an integration's backend (<c>x-edgeproxy-upstream</c>, <c>tlsConfig</c>).</summary>
internal sealed record UpstreamPlan
{
    public static UpstreamPlan Default { get; } = new();

    /// <summary>The version of HTTP; null for the node's setting <c>upstream.protocol</c>.</summary>
    public UpstreamProtocol? Protocol { get; init; }

    /// <summary>When trailers pass.</summary>
    public TrailerRule Trailers { get; init; }

    /// <summary>The VPC links that may take the requests, the first configured one counts; none for a backend that is reached by its URI.</summary>
    public UriTemplate[] Links { get; init; } = [];

    /// <summary>Where requests are sent in place of the URI's host; none for there.</summary>
    public TargetPlan[] Targets { get; init; } = [];

    /// <summary>Puts what the document says of its upstream in place of the node's policy; null when it says nothing.</summary>
    public Func<UpstreamPolicy, UpstreamPolicy>? Adjust { get; init; }

    /// <summary>How to speak TLS, where the URI's scheme is https.</summary>
    public UpstreamTls Tls { get; init; } = UpstreamTls.Default;
}
