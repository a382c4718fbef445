using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>A <see cref="TokenBucket"/>'s word that stands in a row, and outlasts the figures it is held to.</summary>
/// <remarks>All rates here reckon in the same ticks (<see cref="Rate.InSixteenths"/>), so that the instant in the word means the same to each of them.</remarks>
internal static class TokenWord
{
    // Further behind than this no loop's clock is: what is more than a depth and this ahead was left by figures that no longer hold.
    private const long MostLag = 60_000_000_000;

    /// <summary>Takes a token; false when there is none.</summary>
    public static bool TryTake(ref long word, in Rate rate, long now, out TakenToken taken)
    {
        if (TokenBucket.TryTake(ref word, rate, now, out taken)) return true;
        ForgetOldFigures(ref word, rate, now);
        return false;
    }

    public static void GiveBack(ref long word, in TakenToken taken) => TokenBucket.GiveBack(ref word, taken);

    // A slower rate may have left the bucket days from full. It is empty then, and fills by its rate of now.
    private static void ForgetOldFigures(ref long word, in Rate rate, long now)
    {
        long empty = (now << rate.Shift) + rate.Depth;
        long before = Volatile.Read(ref word);
        if (rate.Depth >= 0 && before - empty > MostLag << rate.Shift) Interlocked.CompareExchange(ref word, empty, before);
    }
}
