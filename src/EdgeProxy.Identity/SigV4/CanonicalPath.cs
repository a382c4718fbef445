namespace EdgeProxy.Identity.SigV4;

/// <summary>How the path of a request enters its canonical form (specification security.md 3.2).</summary>
public enum CanonicalPath : byte
{
    /// <summary>Dot segments removed, runs of slashes made one, and the bytes of the wire percent-encoded once more: every service but S3.</summary>
    Normalized,

    /// <summary>The bytes of the wire percent-encoded once more, and nothing removed.</summary>
    AsSent,

    /// <summary>S3: decoded, then encoded once, and nothing removed, because a key may well be called <c>a/../b</c>.</summary>
    EncodedOnce,
}
