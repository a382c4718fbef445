namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What a VPC link stands for on this node: where its requests are sent instead of to the host of the URI (rest-api.md 5.6; setting <c>upstream.vpcLinks</c>).</summary>
/// <param name="Host">Lower-case name or address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535; null for the port of the URI.</param>
internal sealed record VpcLink(string Host, int? Port)
{
    /// <summary>No links.</summary>
    public static IReadOnlyDictionary<string, VpcLink> None { get; } = new Dictionary<string, VpcLink>();
}
