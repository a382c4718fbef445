using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>An entry of the static or a dynamic table: where its name and, right after it, its value lie, and what was found out about them.</summary>
internal struct HpackEntry
{
    /// <summary>What each entry counts beyond its bytes (RFC 7541, 4.1).</summary>
    public const int Overhead = 32;

    public int Start;
    public int NameLength;
    public int ValueLength;
    public KnownHeader Known;
    public PseudoHeader Pseudo;

    /// <summary>Not a name of RFC 9113, 8.2.1. It is kept all the same: the block is decodable, only the message is malformed.</summary>
    public bool NameIsWrong;

    public bool ValueIsWrong;

    public readonly int Length => NameLength + ValueLength;

    public readonly int Size => NameLength + ValueLength + Overhead;
}
