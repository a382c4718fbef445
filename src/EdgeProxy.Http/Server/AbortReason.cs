namespace EdgeProxy.Http.Server;

/// <summary>Why an exchange was cut.</summary>
public enum AbortReason : byte
{
    None,
    UpstreamFailed,
    ResponseTooLarge,
    HandlerFailed,
    Drained,
    ClientTooSlow,
    ClientGone,

    /// <summary>The client is not to get an answer: it showed no certificate that is trusted, and the domain says to cut.</summary>
    ClientRefused,
}
