namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Line and column, counted along the bytes of a UTF-8 text.</summary>
internal struct TextPosition()
{
    /// <summary>From 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>From 1, in characters.</summary>
    public int Column { get; private set; } = 1;

    /// <summary>Moves behind <paramref name="passed"/>.</summary>
    public void Advance(ReadOnlySpan<byte> passed)
    {
        int lastBreak = passed.LastIndexOf((byte)'\n');
        if (lastBreak >= 0)
        {
            Line += passed.Count((byte)'\n');
            Column = 1;
            passed = passed[(lastBreak + 1)..];
        }

        foreach (byte b in passed)
        {
            // Continuation bytes belong to the character before them.
            if ((b & 0xC0) != 0x80) Column++;
        }
    }
}
