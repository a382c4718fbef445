using System.Buffers;
using System.Globalization;
using System.Net;

namespace EdgeProxy.Core.Text;

/// <summary>A host with or without a port, as authorities of URIs and settings write it: <c>host</c>, <c>host:80</c>, <c>[::1]:80</c> (RFC 3986, 3.2.2 and 3.2.3).</summary>
public static class HostPort
{
    private static readonly SearchValues<char> s_hostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Reads one.</summary>
    /// <param name="text">As written.</param>
    /// <param name="host">Lower-case name or address; an IPv6 address without brackets.</param>
    /// <param name="port">Null when there is none.</param>
    /// <param name="problem">What is wrong, as a sentence; null for nothing.</param>
    public static bool TryParse(string text, out string host, out int? port, out string? problem)
    {
        port = null;
        problem = null;
        int portAt = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        if (portAt < 0) portAt = text.Length;
        host = text[..portAt].ToLowerInvariant();
        string rest = text[portAt..];
        if (host is ['[', .. var inner, ']'])
        {
            if (!inner.Contains(':', StringComparison.Ordinal) || inner.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(inner, out IPAddress? address)) problem = "The host is no IPv6 address.";
            else host = address.ToString();
        }
        else if (host.Length == 0)
        {
            problem = "There is no host.";
        }
        else if (host.AsSpan().ContainsAnyExcept(s_hostCharacters))
        {
            problem = "The host has a character that no host name has.";
        }

        // RFC 3986 lets the port be empty behind its colon.
        if (problem is not null || rest is "" or ":") return problem is null;
        if (rest[0] == ':' && int.TryParse(rest.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= 65535) port = number;
        else problem = "The port is no number from 1 to 65535.";
        return problem is null;
    }
}
