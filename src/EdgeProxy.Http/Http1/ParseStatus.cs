namespace EdgeProxy.Http.Http1;

/// <summary>What a parser says about the bytes received so far.</summary>
public enum ParseStatus : byte
{
    /// <summary>The message part is whole; the result says how many bytes it took.</summary>
    Complete,

    /// <summary>Nothing is wrong yet; call again with these bytes and more.</summary>
    Incomplete,

    /// <summary>The bytes break a rule; no further bytes can mend it.</summary>
    Violation,
}
