namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How an upstream's targets are chosen and held to account: the node's settings (<c>upstream.*</c>), with what a document says of its own upstream in their place.</summary>
internal sealed record UpstreamPolicy
{
    public static UpstreamPolicy Default { get; } = new();

    /// <summary>How one of several targets is chosen (<c>upstream.balance</c>).</summary>
    public TargetBalance Balance { get; init; }

    /// <summary>Whether an upstream of a single target needs any of this, rather than being called straight away.</summary>
    public bool HoldsSingle => false;
}
