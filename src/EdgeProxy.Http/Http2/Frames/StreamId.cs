using System.Globalization;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>A stream's number, 31 bits: odd when the client opened it, 0 for the connection itself (RFC 9113, 5.1.1).</summary>
public readonly record struct StreamId(uint Value) : IComparable<StreamId>
{
    /// <summary>2^31-1, the last there is.</summary>
    public const uint Largest = 0x7FFFFFFF;

    /// <summary>Stream 0: the connection.</summary>
    public static StreamId Connection => default;

    public bool IsConnection => Value == 0;

    /// <summary>Whether a client opens streams of this number; even ones would be pushed, which nobody here does.</summary>
    public bool IsClients => (Value & 1) != 0;

    public int CompareTo(StreamId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(StreamId left, StreamId right) => left.Value < right.Value;

    public static bool operator >(StreamId left, StreamId right) => left.Value > right.Value;

    public static bool operator <=(StreamId left, StreamId right) => left.Value <= right.Value;

    public static bool operator >=(StreamId left, StreamId right) => left.Value >= right.Value;
}
