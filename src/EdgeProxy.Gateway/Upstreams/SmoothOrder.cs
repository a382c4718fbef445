namespace EdgeProxy.Gateway.Upstreams;

/// <summary>In which order targets take their turns.</summary>
internal static class SmoothOrder
{
    /// <summary>
    /// One round of smooth weighted round robin: each index as often as its weight says, spread as evenly as it goes. Weights 5, 1, 1 give
    /// 0 0 1 0 2 0 0, and never five in a row.
    /// </summary>
    /// <remarks>
    /// Worked out once rather than kept as running sums: those could only be moved under a lock, while a place in a round is one counter that all
    /// loops share, and the shares are exact over all of them together.
    /// </remarks>
    /// <param name="indices">Who takes part.</param>
    /// <param name="weights">Weights by index; those who take part have at least 1.</param>
    public static byte[] Round(ReadOnlySpan<byte> indices, ReadOnlySpan<int> weights)
    {
        int divisor = 0;
        foreach (byte index in indices) divisor = Divisor(weights[index], divisor);
        int total = 0;
        foreach (byte index in indices) total += weights[index] / divisor;
        byte[] round = new byte[total];
        Span<int> current = stackalloc int[indices.Length];
        current.Clear();
        for (int turn = 0; turn < total; turn++)
        {
            int best = 0;
            for (int i = 0; i < indices.Length; i++)
            {
                current[i] += weights[indices[i]] / divisor;
                if (current[i] > current[best]) best = i;
            }

            current[best] -= total;
            round[turn] = indices[best];
        }

        return round;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
