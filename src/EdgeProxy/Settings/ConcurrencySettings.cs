using System.Globalization;

namespace EdgeProxy.Settings;

/// <summary>How many requests of a method may be under way at once.</summary>
/// <param name="Max">At most so many; null (<c>auto</c>) for as many as the backend is found to bear.</param>
/// <param name="Queue">So many more may wait for their turn.</param>
/// <param name="Wait">For so long, in nanoseconds.</param>
internal sealed record ConcurrencySettings(int? Max, int Queue, long Wait)
{
    /// <summary>The members of the object, in the order of the text.</summary>
    public static readonly string[] Names = ["max", "queue", "wait"];

    /// <summary>In the place of a number, where the setting has it among its choices.</summary>
    public const string Automatic = "auto";

    private const int Most = 1_000_000;
    private const long LongestWait = 3600L * 1_000_000_000;
    private const long DefaultWait = 1_000_000_000;

    /// <summary>Reads <c>MAX queue QUEUE wait WAIT</c>, of which the last two may be left out, and the first may be <c>auto</c>. Without a queue nobody waits; without a time for at most a second.</summary>
    public static bool TryParse(string text, out ConcurrencySettings? concurrency)
    {
        concurrency = null;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (1 or 3 or 5)) return false;
        int? max = null;
        if (!words[0].Equals(Automatic, StringComparison.OrdinalIgnoreCase))
        {
            if (!TryCount(words[0], out int most) || most < 1) return false;
            max = most;
        }

        int? queue = null;
        long? wait = null;
        for (int i = 1; i < words.Length; i += 2)
        {
            if (queue is null && words[i].Equals("queue", StringComparison.OrdinalIgnoreCase) && TryCount(words[i + 1], out int length)) queue = length;
            else if (wait is null && words[i].Equals("wait", StringComparison.OrdinalIgnoreCase) && Duration.TryParse(words[i + 1], out long time) && time is >= 1_000_000 and <= LongestWait) wait = time;
            else return false;
        }

        concurrency = new ConcurrencySettings(max, queue ?? 0, wait ?? DefaultWait);
        return true;
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= Most;
}
