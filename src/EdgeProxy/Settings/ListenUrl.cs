using System.Globalization;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Settings;

/// <summary>Where a listener binds.</summary>
/// <param name="Address">The address; the unspecified one for all interfaces.</param>
/// <param name="Port">0 for any free port.</param>
/// <param name="IsTls">Whether the scheme was <c>https</c>.</param>
internal sealed record ListenUrl(IpAddress Address, int Port, bool IsTls)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Address.IsLoopback;

    /// <summary>
    /// Reads <c>http://127.0.0.1:8080</c>, <c>http://[::]:8080</c>, <c>http://localhost:0</c>. Names other than <c>localhost</c> are
    /// refused: what they resolve to may change, and a listener that moves with DNS is a surprise.
    /// </summary>
    /// <param name="text">The URL.</param>
    /// <param name="url">The result.</param>
    /// <param name="wrong">What is wrong with it, for the end of a sentence.</param>
    public static bool TryParse(string text, out ListenUrl? url, out string wrong)
    {
        url = null;
        wrong = "write it as http://ADDRESS:PORT";
        bool tls = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!tls && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return false;
        ReadOnlySpan<char> rest = text.AsSpan(tls ? 8 : 7);
        if (rest.EndsWith("/")) rest = rest[..^1];
        int colon = rest.LastIndexOf(':');
        if (colon <= 0 || rest[^1] == ']')
        {
            wrong = "give the port: http://ADDRESS:PORT";
            return false;
        }

        if (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
        {
            wrong = "the port must be a number from 0 (any free one) to 65535, with nothing after it";
            return false;
        }

        ReadOnlySpan<char> host = rest[..colon];
        IpAddress address;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            address = IpAddress.Loopback;
        }
        else
        {
            bool bracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
            ReadOnlySpan<char> bare = bracketed ? host[1..^1] : host;
            bool looksRight = bracketed ? bare.Contains(':') : bare.Count('.') == 3;
            if (!looksRight || !IpAddress.TryParse(bare, out address))
            {
                wrong = "the host must be an address (127.0.0.1, 0.0.0.0 for all of IPv4, [::] for all) or localhost";
                return false;
            }
        }

        url = new ListenUrl(address, port, tls);
        return true;
    }

    /// <summary>As it would be written.</summary>
    public override string ToString() => $"{(IsTls ? "https" : "http")}://{new IpEndpoint(Address, (ushort)Port)}";
}
