using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using EdgeProxy.Http.Client;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>An address of the settings, ready to be called.</summary>
/// <param name="Upstream">Where to connect to.</param>
/// <param name="Host">The value of <c>Host</c>.</param>
/// <param name="Target">Path and query as on the wire; never empty.</param>
public sealed record FunctionUrl(UpstreamName Upstream, ReadOnlyMemory<byte> Host, string Target)
{
    /// <summary>Reads a URL.</summary>
    /// <param name="text">Absolute, http or https.</param>
    /// <param name="protocol">Which version of HTTP to speak.</param>
    /// <param name="tls">How to speak TLS, where the scheme asks for it.</param>
    /// <param name="url">The address.</param>
    /// <param name="wrong">What to change, when false.</param>
    public static bool TryParse(string text, UpstreamProtocol protocol, UpstreamTls tls, [NotNullWhen(true)] out FunctionUrl? url, out string wrong)
    {
        url = null;
        wrong = "write a URL with http:// or https://";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https")) return false;
        wrong = "a URL with a name and password in it ends up in logs; leave them out";
        if (uri.UserInfo.Length > 0) return false;
        wrong = "leave the fragment out: it is never sent";
        if (uri.Fragment.Length > 0) return false;
        wrong = "the host is missing";
        string host = uri.IdnHost.Trim('[', ']').ToLowerInvariant();
        if (host.Length == 0) return false;
        wrong = "its path or query has characters that no URL may have";
        if (uri.PathAndQuery.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;
        bool isTls = uri.Scheme == "https";
        string shown = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        string authority = uri.IsDefaultPort ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}:{uri.Port}");
        if (protocol == UpstreamProtocol.Auto && !isTls) protocol = UpstreamProtocol.Http1; // in the clear there is nothing to agree by
        url = new FunctionUrl(new UpstreamName(host, uri.Port, protocol, isTls ? tls : null), Encoding.ASCII.GetBytes(authority), uri.PathAndQuery);
        wrong = "";
        return true;
    }
}
