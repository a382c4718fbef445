using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What both integrations with an HTTP backend have.</summary>
internal abstract class HttpIntegrationPlan : IntegrationPlan
{
    /// <summary>The method sent to the backend as text; empty for <c>ANY</c>, which means the client's.</summary>
    public required Utf8Text Method { get; init; }

    /// <summary>The same as a value; <see cref="HttpMethod.Other"/> for <c>ANY</c>.</summary>
    public required HttpMethod KnownMethod { get; init; }

    /// <summary>How to speak to the backend.</summary>
    public UpstreamPlan Upstream { get; init; } = UpstreamPlan.Default;

    /// <summary>Where to call. Bound to a stage's variables in the <see cref="StagePlan"/>.</summary>
    public required UriTemplate Uri { get; init; }
}
