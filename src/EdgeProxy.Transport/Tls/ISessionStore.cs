namespace EdgeProxy.Transport.Tls;

/// <summary>Keeps the session that an upstream offers to take up again.</summary>
internal interface ISessionStore
{
    /// <summary>Takes over a reference to OpenSSL's <c>SSL_SESSION</c>.</summary>
    void Take(nint session);
}
