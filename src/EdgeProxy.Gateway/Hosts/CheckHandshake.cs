using System.Text;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Hosts;

/// <summary>
/// Compares the name that a request is for with the one that its connection's TLS handshake was made for, and judges the client's
/// certificate (security.md 10, 11). A connection may carry requests for other hosts than it was opened for, and must not bring them past
/// the certificate that such a host asks for.
/// </summary>
internal static class CheckHandshake
{
    /// <summary>Judges by the domain, before any stage is chosen.</summary>
    /// <param name="request">The request.</param>
    /// <param name="host">Its host in lower case, without port and last dot.</param>
    /// <param name="domain">The host's domain; null when it is no custom domain.</param>
    public static Verdict OfDomain(RequestContext request, ReadOnlySpan<byte> host, DomainPlan? domain)
    {
        TlsFacts? tls = request.Exchange.Tls;
        if (domain?.TrustStore is not { } wanted)
        {
            // Nobody may use a certificate shown to one domain at another, and be it one that would not ask.
            return tls?.TrustStore is null ? Verdict.Continue : Verdict.Of(FaultKind.MisdirectedRequest);
        }

        // In plain text there is nobody to ask for a certificate.
        if (tls is null) return Refused(domain);
        if (!IsDomainOfHandshake(request, host, domain, tls)) return Verdict.Of(FaultKind.MisdirectedRequest);
        if (tls.TrustStore != wanted)
        {
            // The same name, judged by what was configured before a reload: a new connection will do.
            request.Exchange.CloseAfterwards = true;
            return Verdict.Of(FaultKind.MisdirectedRequest);
        }

        return tls.ClientVerdict == ClientCertificateVerdict.Trusted ? Verdict.Continue : Refused(domain);
    }

    /// <summary>Judges by what the domain or the chosen stage's API says of its endpoint: STRICT wants the same name in both places.</summary>
    public static Verdict OfEndpoint(RequestContext request, ReadOnlySpan<byte> host, DomainPlan? domain)
    {
        if (domain is not { IsStrict: true } && request.Stage is not { Api.IsStrict: true }) return Verdict.Continue;
        if (request.Exchange.Tls is { } tls) return Named(tls, host) ? Verdict.Continue : Verdict.Of(FaultKind.ServerNameDiffers);

        // A handshake that we did not see cannot be compared. On loopback nobody can have come by another name than on purpose.
        return request.Exchange.Listener.IsLoopback ? Verdict.Continue : Verdict.Of(FaultKind.ServerNameDiffers);
    }

    private static Verdict Refused(DomainPlan domain) =>
        Verdict.Of(domain.CutsUntrusted ? FaultKind.ClientCertificateCut : FaultKind.ClientCertificateRefused);

    // A wildcard domain is one domain, whatever stands for the asterisk.
    private static bool IsDomainOfHandshake(RequestContext request, ReadOnlySpan<byte> host, DomainPlan domain, TlsFacts tls)
    {
        if (Named(tls, host)) return true;
        if (tls.ServerName is not { Length: > 0 and <= SelectHost.LongestHost } name) return false;
        Span<byte> bytes = stackalloc byte[SelectHost.LongestHost];
        return Encoding.Latin1.TryGetBytes(name, bytes, out int length) && ReferenceEquals(request.Snapshot.DomainOrNull(bytes[..length]), domain);
    }

    private static bool Named(TlsFacts tls, ReadOnlySpan<byte> host) => tls.ServerName is { } name && Ascii.Equals(host, name);
}
