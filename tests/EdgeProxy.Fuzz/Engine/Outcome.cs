namespace EdgeProxy.Fuzz.Engine;

/// <summary>What kind of result an input had, as a hash of the decisions taken. An input with a kind not seen before joins the pool.</summary>
/// <remarks>This stands in for coverage: the parsers name each rule they apply, so a new answer is nearly always a new branch.</remarks>
internal static class Outcome
{
    public const ulong None = 0xCBF29CE484222325;

    public static ulong With(this ulong outcome, long decision)
    {
        for (int i = 0; i < 8; i++)
        {
            outcome = (outcome ^ (byte)decision) * 0x100000001B3;
            decision >>= 8;
        }

        return outcome;
    }

    /// <summary>A count, but only its order of magnitude once it is more than a few.</summary>
    public static ulong WithCount(this ulong outcome, long count) => outcome.With(count <= 3 ? count : 3 + System.Numerics.BitOperations.Log2((ulong)count));

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong outcome = None;
        foreach (byte value in bytes) outcome = (outcome ^ value) * 0x100000001B3;
        return outcome;
    }
}
