namespace EdgeProxy.Fuzz.Engine;

/// <summary>SplitMix64: the same numbers for the same seed on every machine and runtime, which <see cref="Random"/> does not promise.</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator that depends on the bytes alone, so that a target cuts an input the same way whenever it is replayed.</summary>
    public static FuzzRandom For(ReadOnlySpan<byte> input) => new(Outcome.Of(input));

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong value = _state;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>From 0 to below <paramref name="bound"/>, which is at least 1.</summary>
    public int Below(int bound) => (int)(Next() % (uint)bound);

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;
}
