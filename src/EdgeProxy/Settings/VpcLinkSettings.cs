using System.Globalization;
using System.Net;

namespace EdgeProxy.Settings;

/// <summary>A VPC link by the id that integrations name it with.</summary>
/// <param name="Id">As <c>connectionId</c> or <c>integrationTarget</c> has it.</param>
/// <param name="Host">Lower-case name or address; an IPv6 address without brackets.</param>
/// <param name="Port">Null for the port of each integration's URI.</param>
internal sealed record VpcLinkSettings(string Id, string Host, int? Port)
{
    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[::1]:port</c>.</summary>
    public static bool TryParseAddress(string text, out string host, out int? port)
    {
        port = null;
        int colon = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) colon = text.Length;
        host = text[..colon].ToLowerInvariant();
        string rest = text[colon..];
        if (host is ['[', .. var inner, ']'])
        {
            if (!inner.Contains(':', StringComparison.Ordinal) || !IPAddress.TryParse(inner, out IPAddress? address)) return false;
            host = address.ToString();
        }
        else if (host.Length == 0 || host.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_')))
        {
            return false;
        }

        if (rest.Length == 0) return true;
        if (rest[0] != ':' || !int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65535) return false;
        port = number;
        return true;
    }
}
