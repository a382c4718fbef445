namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What requests and their accounts want to know of an API.</summary>
internal sealed class ApiFacts
{
    /// <summary>Ten characters of <c>[a-z0-9]</c> for APIs made by the control plane; a file's own id otherwise. Lower case.</summary>
    public required Utf8Text Id { get; init; }

    /// <summary>The title, for metrics and logs.</summary>
    public required Utf8Text Name { get; init; }

    public required ApiKind Kind { get; init; }

    /// <summary>Whether a handshake must be made for the host that the request names (<c>x-amazon-apigateway-endpoint-access-mode: STRICT</c>).</summary>
    public bool IsStrict { get; init; }

    /// <summary><c>disableExecuteApiEndpoint</c>, as the deployment froze it.</summary>
    public bool IsDefaultEndpointDisabled { get; init; }

    /// <summary>The account that <c>$context.accountId</c> names.</summary>
    public Utf8Text AccountId { get; init; } = "000000000000";
}
