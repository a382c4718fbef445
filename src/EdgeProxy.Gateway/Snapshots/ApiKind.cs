namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The three kinds of API; each has a walk and an error form of its own.</summary>
internal enum ApiKind : byte
{
    /// <summary>A REST API (v1).</summary>
    Rest,

    /// <summary>An HTTP API (v2).</summary>
    Http,

    /// <summary>A WebSocket API.</summary>
    WebSocket,
}
