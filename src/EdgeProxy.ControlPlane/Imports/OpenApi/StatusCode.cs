using System.Globalization;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Status codes as documents write them.</summary>
internal static class StatusCode
{
    /// <summary>True for three digits from 200 to 599.</summary>
    /// <remarks>An interim status (1xx) ends no exchange: answered as a response it would leave the client waiting, and 101 would hand the
    /// connection over to a protocol nobody speaks (RFC 9110, 15.2).</remarks>
    public static bool TryParse(string text, out int status)
    {
        status = 0;
        return text.Length == 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 200 and <= 599;
    }
}
