namespace EdgeProxy.Definitions;

/// <summary>Whether a response is read whole before it is sent on (rest-api.md 5.13).</summary>
public enum ResponseTransferMode
{
    /// <summary>Whole.</summary>
    Buffered,

    /// <summary>As it comes.</summary>
    Stream,
}
