namespace EdgeProxy.Gateway.Upstreams;

/// <summary>How often something happened in the last ten seconds, and how often of these in a way that matters. No lock, no timer; all loops share it.</summary>
/// <remarks>
/// A word for each second, found by its number. A word holds which second it is about (its number, modulo 65536), all (24 bits) and those that matter
/// (24 bits); who counts first in a new second starts its word again. So the window is nine to ten seconds long. Beyond 16 million in a second the word stays
/// where it is, which changes no share worth speaking of.
/// </remarks>
internal sealed class WindowCounts
{
    /// <summary>How long the window is.</summary>
    public const int Seconds = 10;

    private const int Slots = 16; // at least as many as the window has seconds
    private const int CountBits = 24;
    private const long CountMask = (1L << CountBits) - 1;
    private const long Second = 1_000_000_000;

    private readonly long[] _words = new long[Slots];

    /// <summary>Counts one.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="matters">Whether it is one that matters.</param>
    public void Add(long now, bool matters) => Add(now, all: 1, matters ? 1 : 0);

    /// <summary>Counts one that matters besides those that <see cref="Add(long, bool)"/> counted.</summary>
    public void AddMattering(long now) => Add(now, all: 0, mattering: 1);

    /// <summary>Takes one back that <see cref="AddMattering"/> counted just now.</summary>
    public void TakeBackMattering(long now) => Add(now, all: 0, mattering: -1);

    /// <summary>What was counted in the window that ends now.</summary>
    public (long All, long Mattering) Sum(long now)
    {
        long second = now / Second;
        long all = 0;
        long mattering = 0;
        for (long at = Math.Max(0, second - Seconds + 1); at <= second; at++)
        {
            long word = Volatile.Read(ref _words[at % Slots]);
            if (StampOf(word) != StampAt(at)) continue;
            all += AllOf(word);
            mattering += MatteringOf(word);
        }

        return (all, mattering);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        for (int i = 0; i < _words.Length; i++) Volatile.Write(ref _words[i], 0);
    }

    private void Add(long now, int all, int mattering)
    {
        long second = now / Second;
        ref long place = ref _words[second % Slots];
        long word = Volatile.Read(ref place);
        while (true)
        {
            bool isSame = StampOf(word) == StampAt(second);
            long sum = (isSame ? AllOf(word) : 0) + all;
            long part = (isSame ? MatteringOf(word) : 0) + mattering;
            if (sum > CountMask || part > CountMask || part < 0) return;
            long next = (StampAt(second) << (2 * CountBits)) | (part << CountBits) | sum;
            long seen = Interlocked.CompareExchange(ref place, next, word);
            if (seen == word) return;
            word = seen;
        }
    }

    // Never 0, so that a word nobody has written is about no second.
    private static long StampAt(long second) => (second % 65535) + 1;

    private static long StampOf(long word) => (long)((ulong)word >> (2 * CountBits));

    private static long AllOf(long word) => word & CountMask;

    private static long MatteringOf(long word) => (word >> CountBits) & CountMask;
}
