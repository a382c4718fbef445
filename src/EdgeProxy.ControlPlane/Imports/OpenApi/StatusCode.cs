using System.Globalization;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Status codes as documents write them.</summary>
internal static class StatusCode
{
    /// <summary>True for three digits from 100 to 599.</summary>
    public static bool TryParse(string text, out int status)
    {
        status = 0;
        return text.Length == 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 100 and <= 599;
    }
}
