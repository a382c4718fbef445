namespace EdgeProxy.Telemetry.Tracing;

/// <summary>Whether a peer may say how its requests are traced (<c>trace.trustIncoming</c>).</summary>
public enum TraceTrust : byte
{
    /// <summary>All fields are taken over.</summary>
    Trusted,

    /// <summary><c>Parent</c> and <c>Sampled</c> are ignored, because a client could force sampling with them.</summary>
    Untrusted,
}
