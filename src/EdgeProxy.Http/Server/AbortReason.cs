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
}
