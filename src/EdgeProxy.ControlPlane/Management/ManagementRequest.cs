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

    /// <summary>Whether its key may read only; then it is shown no secrets (decision 0061).</summary>
    public bool IsReader { get; init; }

    /// <summary>The version of TLS that it came by, as <c>TLSv1.3</c>; empty for plain text.</summary>
    public string TlsVersion { get; init; } = "";

    /// <summary>The cipher suite that it came by; empty for plain text.</summary>
    public string CipherSuite { get; init; } = "";

    /// <summary>The client's address without port.</summary>
    public string ClientAddress { get; init; } = "";

    public string UserAgent { get; init; } = "";

    /// <summary>The host that the client asked.</summary>
    public string Host { get; init; } = "";
}
