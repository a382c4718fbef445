namespace EdgeProxy.ControlPlane.Management;

/// <summary>A request to the management API, read whole.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Raw, as the client coded it.</param>
/// <param name="Query">Raw, without the question mark.</param>
/// <param name="Body">Its body.</param>
public sealed record ManagementRequest(string Method, string Path, string Query, ReadOnlyMemory<byte> Body)
{
    /// <summary>The <c>Accept</c> field; empty when there is none.</summary>
    public string Accept { get; init; } = "";

    /// <summary>By which the answer names it (<c>x-amzn-RequestId</c>).</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The key it was signed with; empty when it was not.</summary>
    public string AccessKeyId { get; init; } = "";

    /// <summary>The client's address without port.</summary>
    public string ClientAddress { get; init; } = "";

    public string UserAgent { get; init; } = "";

    /// <summary>The host that the client asked.</summary>
    public string Host { get; init; } = "";
}
