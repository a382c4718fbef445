using EdgeProxy.Fuzz.Engine;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>Where to cut an input: everywhere when it is short, else at some places that depend on its bytes.</summary>
internal static class Cuts
{
    private const int Everywhere = 48;
    private const int Some = 12;

    /// <summary>Lengths of prefixes to try, each shorter than the input.</summary>
    public static IEnumerable<int> Of(byte[] input)
    {
        if (input.Length <= Everywhere)
        {
            for (int length = 0; length < input.Length; length++) yield return length;
            yield break;
        }

        FuzzRandom random = FuzzRandom.For(input);
        for (int i = 0; i < Some; i++) yield return random.Below(input.Length);
    }

    /// <summary>The input in pieces: single bytes in the first round, then ever larger ones.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] input, int round)
    {
        FuzzRandom random = FuzzRandom.For(input);
        int at = 0;
        while (at < input.Length)
        {
            int length = round == 0 ? 1 : Math.Min(1 + random.Below(4 << (2 * round)), input.Length - at);
            yield return input.AsMemory(at, length);
            at += length;
        }
    }
}
