namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>A pattern as a table over bytes: one look-up a byte, no way back, and the same table for all loops.</summary>
/// <param name="source">The expression as written.</param>
/// <param name="classes">The class of each byte.</param>
/// <param name="next">By state and class the next state. States are numbers of rows times the row's length: 0 can match no more, the next one has matched.</param>
/// <param name="rowLength">Classes of bytes, which is a row's length.</param>
/// <param name="start">The first state.</param>
/// <param name="endsHere">By row whether the text may end there.</param>
internal sealed class AutomatonPattern(string source, byte[] classes, int[] next, int rowLength, int start, bool[] endsHere) : TextPattern(source)
{
    /// <summary>States, for tests and figures.</summary>
    public int States => endsHere.Length;

    public override bool IsFoundIn(ReadOnlySpan<byte> text, PatternScratch scratch, ref bool timedOut)
    {
        int state = start;
        if (state <= rowLength) return state == rowLength;
        byte[] byteClasses = classes;
        int[] table = next;
        foreach (byte value in text)
        {
            state = table[state + byteClasses[value]];
            if (state <= rowLength) return state == rowLength;
        }

        return endsHere[state / rowLength];
    }
}
