namespace EdgeProxy.Gateway.Routing;

/// <summary>An escape (<c>%61</c>) stands for the byte it encodes, but an escaped slash for no byte at all: it is data, and separates nothing.</summary>
internal readonly struct DecodedSymbols : IPathSymbols
{
    public static int At(ReadOnlySpan<byte> path, int at, out int length)
    {
        length = 1;
        byte first = path[at];
        if (first != '%' || path.Length - at < 3)
        {
            return first;
        }

        int high = HexDigit(path[at + 1]);
        int low = HexDigit(path[at + 2]);
        if ((high | low) < 0)
        {
            return first;
        }

        length = 3;
        int decoded = (high << 4) | low;
        return decoded == '/' ? -1 : decoded;
    }

    public static int Skip(ReadOnlySpan<byte> path, int at, RouteLabel literal)
    {
        for (int i = 0; i < literal.Length; i++)
        {
            if (at == path.Length || At(path, at, out int length) != literal[i])
            {
                return -1;
            }

            at += length;
        }

        return at;
    }

    private static int HexDigit(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
