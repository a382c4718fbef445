using System.Globalization;

namespace EdgeProxy.Settings;

/// <summary>How often something may be called.</summary>
/// <param name="Rate">Requests a second in the long run; 0 admits none.</param>
/// <param name="Burst">Requests at once after a pause; 0 admits none.</param>
internal sealed record ThrottleSettings(double Rate, int Burst)
{
    /// <summary>The members of the object, in the order of the text.</summary>
    public static readonly string[] Names = ["rate", "burst"];

    private const double Fastest = 1_000_000_000;
    private const string BurstWord = " burst ";

    /// <summary>Reads <c>RATE</c> or <c>RATE burst BURST</c>. Without a burst, what comes in a second may come at once.</summary>
    public static bool TryParse(string text, out ThrottleSettings? throttle)
    {
        throttle = null;
        int word = text.IndexOf(BurstWord, StringComparison.OrdinalIgnoreCase);
        string rateText = word < 0 ? text : text[..word];
        if (!double.TryParse(rateText.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) || rate is not (>= 0 and <= Fastest)) return false;
        int burst = (int)Math.Ceiling(rate);
        if (word >= 0 && !int.TryParse(text.AsSpan(word + BurstWord.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out burst)) return false;
        throttle = new ThrottleSettings(rate, burst);
        return true;
    }
}
