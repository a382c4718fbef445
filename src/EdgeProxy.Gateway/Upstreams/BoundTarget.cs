using EdgeProxy.Http.Client;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>A target as a plan has it.</summary>
/// <param name="Name">Where to connect to.</param>
/// <param name="Weight">Its share, from 0 to 100.</param>
/// <param name="Live">What outlasts the plan.</param>
internal sealed record BoundTarget(UpstreamName Name, int Weight, TargetLive Live);
