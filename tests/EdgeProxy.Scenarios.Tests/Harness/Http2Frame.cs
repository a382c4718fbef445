namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>One HTTP/2 frame as it came.</summary>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Push = 5;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte Ack = 1;
    public const byte EndHeaders = 4;
    public const byte Padded = 8;

    /// <summary>The error code of RST_STREAM or GOAWAY.</summary>
    public int Code => Type == Reset ? Number(0) : Number(4);

    /// <summary>Whether a response ends with it.</summary>
    public bool EndsStream => Type is Data or Headers && (Flags & EndStream) != 0;

    /// <summary>
    /// The status at the start of a response's field block. No more of HPACK is needed, since the clients here allow no dynamic table:
    /// a static index, or three digits, plain or in Huffman code.
    /// </summary>
    public int Status()
    {
        int at = 0;
        while ((Payload[at] & 0xE0) == 0x20) at++; // a size update down to nothing
        if (Payload[at] is >= 0x88 and <= 0x8E) return ((int[])[200, 204, 206, 304, 400, 404, 500])[Payload[at] - 0x88];
        Assert.Equal(8, Payload[at] & ((Payload[at] & 0x40) != 0 ? 0x3F : 0x0F));
        byte length = Payload[at + 1];
        ReadOnlySpan<byte> text = Payload.AsSpan(at + 2, length & 0x7F);
        return length < 0x80 ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : Digits(text);
    }

    /// <summary>Digits in the Huffman code of RFC 7541: 0 to 2 have five bits and their value, 3 to 9 six and their value and 22.</summary>
    private static int Digits(ReadOnlySpan<byte> coded)
    {
        int bits = 0;
        foreach (byte value in coded) bits = (bits << 8) | value;
        int left = coded.Length * 8;
        int number = 0;
        for (int i = 0; i < 3; i++)
        {
            int five = (bits >> (left - 5)) & 0x1F;
            int digit = five <= 2 ? five : ((bits >> (left - 6)) & 0x3F) - 22;
            left -= five <= 2 ? 5 : 6;
            number = (number * 10) + digit;
        }

        return number;
    }

    private int Number(int at) => (Payload[at] << 24) | (Payload[at + 1] << 16) | (Payload[at + 2] << 8) | Payload[at + 3];
}
