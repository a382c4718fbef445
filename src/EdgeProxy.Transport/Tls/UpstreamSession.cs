using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>The newest session of one upstream on one loop.</summary>
internal sealed class UpstreamSession : ISessionStore
{
    private NativeReference? _newest;

    /// <inheritdoc/>
    public void Take(nint session) => _newest = NativeReference.OfSession(session);

    /// <summary>Offers the session on a new connection. Several connections may use it: that they are of one client is no secret to an upstream.</summary>
    public void OfferOn(nint ssl)
    {
        if (_newest is not { } session) return;
        if (LibSsl.SSL_SESSION_is_resumable(session.Pointer) == 1) _ = LibSsl.SSL_set_session(ssl, session.Pointer);
        GC.KeepAlive(session);
    }
}
