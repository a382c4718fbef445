using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Telemetry.Tracing;

/// <summary>A request's <c>X-Amzn-Trace-Id</c>, complete: what goes to the integration (rest-api 4.4, observability 5.1).</summary>
/// <remarks>The text itself lies in the span that <see cref="Complete"/> filled; this says where its parts are.</remarks>
public readonly struct TraceId
{
    /// <summary>The longest value: a longer one that comes is dropped, and none is sent.</summary>
    public const int MaxLength = 512;

    /// <summary>Bytes of a root: <c>1-5759e988-bd862e3fe1be46a994272793</c>.</summary>
    public const int RootLength = 35;

    private const int ParentLength = 16;

    private readonly short _rootAt;

    private TraceId(int length, int rootAt, bool isSampled)
    {
        Length = length;
        _rootAt = (short)rootAt;
        IsSampled = isSampled;
    }

    /// <summary>Bytes of the whole value.</summary>
    public int Length { get; }

    /// <summary>Whether the value says <c>Sampled=1</c>.</summary>
    public bool IsSampled { get; }

    /// <summary>Where the root stands: <c>$context.xrayTraceId</c>.</summary>
    public Range Root => _rootAt..(_rootAt + RootLength);

    /// <summary>Completes what a client sent, or makes a value when it sent none.</summary>
    /// <remarks>
    /// A value with a good <c>Root</c>, <c>Parent</c> and <c>Sampled</c> is kept byte for byte. Else the three are written, each as it came or new:
    /// root from the clock and 24 random digits, parent of 16, sampled <c>1</c> if a parent came and <c>0</c> if not; other fields follow
    /// in their order as far as there is room. A value over 512 bytes or with bytes outside printable ASCII counts as none.
    /// </remarks>
    /// <param name="incoming">The header's value; empty when there is none.</param>
    /// <param name="trust">Whether the peer's <c>Parent</c> and <c>Sampled</c> count.</param>
    /// <param name="unixSeconds">The wall clock.</param>
    /// <param name="random">The loop's generator.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    public static TraceId Complete(
        ReadOnlySpan<byte> incoming, TraceTrust trust, long unixSeconds, FastRandom random, Span<byte> destination)
    {
        if (incoming.Length > MaxLength || incoming.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E)) incoming = default;

        ReadOnlySpan<byte> root = default;
        ReadOnlySpan<byte> parent = default;
        ReadOnlySpan<byte> sampled = default;
        bool plain = true;
        for (FieldReader fields = new(incoming); fields.Read();)
        {
            bool known = true;
            if (Is(fields.Key, "root"u8)) known = Keep(ref root, fields.Value, IsRoot(fields.Value));
            else if (Is(fields.Key, "parent"u8)) known = Keep(ref parent, fields.Value, IsParent(fields.Value) && trust == TraceTrust.Trusted);
            else if (Is(fields.Key, "sampled"u8)) known = Keep(ref sampled, fields.Value, IsSampling(fields.Value) && trust == TraceTrust.Trusted);
            plain &= known;
        }

        if (plain && !root.IsEmpty && !parent.IsEmpty && !sampled.IsEmpty)
        {
            incoming.CopyTo(destination);
            incoming.Overlaps(root, out int rootAt);
            return new TraceId(incoming.Length, rootAt, sampled[0] == '1');
        }

        return Compose(incoming, root, parent, sampled, unixSeconds, random, destination);
    }

    /// <summary>Whether a text is a root: version 1, 8 digits of time, 24 of chance.</summary>
    public static bool IsRoot(ReadOnlySpan<byte> text)
    {
        return text.Length == RootLength && text.StartsWith("1-"u8) && text[10] == '-' && Hex.IsHex(text[2..10]) && Hex.IsHex(text[11..]);
    }

    private static TraceId Compose(
        ReadOnlySpan<byte> incoming, ReadOnlySpan<byte> root, ReadOnlySpan<byte> parent, ReadOnlySpan<byte> sampled,
        long unixSeconds, FastRandom random, Span<byte> destination)
    {
        var writer = new ByteWriter(destination);
        writer.Write("Root="u8);
        int rootAt = writer.Length;
        if (root.IsEmpty) WriteNewRoot(ref writer, unixSeconds, random);
        else writer.Write(root);

        writer.Write(";Parent="u8);
        if (parent.IsEmpty) WriteNewParent(ref writer, random);
        else writer.Write(parent);

        if (sampled.IsEmpty) sampled = parent.IsEmpty ? "0"u8 : "1"u8;
        writer.Write(";Sampled="u8);
        writer.Write(sampled);

        for (FieldReader fields = new(incoming); fields.Read();)
        {
            if (Is(fields.Key, "root"u8) || Is(fields.Key, "parent"u8) || Is(fields.Key, "sampled"u8)) continue;

            // What was added must not make the value one that the next hop drops.
            if (writer.Length + fields.Key.Length + fields.Value.Length + 2 > MaxLength) continue;
            writer.Write((byte)';');
            writer.Write(fields.Key);
            writer.Write((byte)'=');
            writer.Write(fields.Value);
        }

        return new TraceId(writer.Length, rootAt, sampled[0] == '1');
    }

    private static void WriteNewRoot(ref ByteWriter writer, long unixSeconds, FastRandom random)
    {
        Span<byte> bits = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(bits, (uint)unixSeconds);
        random.Fill(bits[4..]);
        Span<byte> room = writer.Reserve(RootLength);
        "1-"u8.CopyTo(room);
        Hex.Write(bits[..4], room[2..]);
        room[10] = (byte)'-';
        Hex.Write(bits[4..], room[11..]);
    }

    private static void WriteNewParent(ref ByteWriter writer, FastRandom random)
    {
        Span<byte> bits = stackalloc byte[ParentLength / 2];
        random.Fill(bits);
        Hex.Write(bits, writer.Reserve(ParentLength));
    }

    // False when the field cannot stand as it came: malformed, untrusted, or there twice (the first one counts).
    private static bool Keep(ref ReadOnlySpan<byte> kept, ReadOnlySpan<byte> value, bool isGood)
    {
        if (!isGood || !kept.IsEmpty) return false;
        kept = value;
        return true;
    }

    private static bool Is(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(key, name);

    private static bool IsParent(ReadOnlySpan<byte> text) => text.Length == ParentLength && Hex.IsHex(text);

    private static bool IsSampling(ReadOnlySpan<byte> text) => text.Length == 1 && text[0] is (byte)'0' or (byte)'1' or (byte)'?';

    /// <summary>Walks <c>key=value</c> pairs between semicolons; what has no equals sign is passed over.</summary>
    private ref struct FieldReader(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public ReadOnlySpan<byte> Key { get; private set; }

        public ReadOnlySpan<byte> Value { get; private set; }

        public bool Read()
        {
            while (!_rest.IsEmpty)
            {
                int end = _rest.IndexOf((byte)';');
                ReadOnlySpan<byte> field = (end < 0 ? _rest : _rest[..end]).Trim((byte)' ');
                _rest = end < 0 ? default : _rest[(end + 1)..];
                int equals = field.IndexOf((byte)'=');
                if (equals <= 0) continue;
                Key = field[..equals];
                Value = field[(equals + 1)..];
                return true;
            }

            return false;
        }
    }
}
