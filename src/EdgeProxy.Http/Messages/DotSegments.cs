namespace EdgeProxy.Http.Messages;

/// <summary>What is done with <c>.</c> and <c>..</c> segments: setting <c>paths.dotSegments</c> (architecture.md 5).</summary>
public enum DotSegments : byte
{
    /// <summary>400 before routing. The default.</summary>
    Reject,

    /// <summary>Removed before routing as RFC 3986, 5.2.4 does; every layer sees the result.</summary>
    Resolve,

    /// <summary>Left alone.</summary>
    Keep,
}
