using System.Runtime.CompilerServices;
using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Encodes the field blocks of one direction of a connection (RFC 7541), in the order they are sent.</summary>
/// <remarks>
/// Blocks must be sent in the order they were written, each whole. One that was begun and is not sent makes the tables of both ends
/// differ: say so with <see cref="ForgetTable"/>. Nothing that a message may not have is ever written: a field with such bytes is left
/// out and the method says so. Loop thread only.
/// </remarks>
public sealed class HpackEncoder
{
    /// <summary>The most bytes of table used, whatever the other end would allow: it costs memory on each connection.</summary>
    public const int LargestTable = 4096;

    /// <summary>Bytes a field takes at most beyond its name and value.</summary>
    private const int Framing = 1 + (3 * (HpackInteger.MostOctets + 1));

    private const int LongestIndexedName = 128;
    private const int SeenSlots = 32;

    private readonly HpackTable _table = new(LargestTable, isSearched: true);

    /// <summary>Hashes of fields written lately but not put into the table; one that comes again is.</summary>
    private uint[] _seen = [];

    private int _lowestCapacity = LargestTable;
    private bool _updateDue;

    /// <summary>Bytes in the dynamic table, as RFC 7541, 4.1, counts.</summary>
    public int TableSize => _table.Size;

    /// <summary>Takes the other end's SETTINGS_HEADER_TABLE_SIZE; call it for each that comes, in order.</summary>
    public void SetTableLimit(uint bytes)
    {
        int capacity = (int)Math.Min(bytes, LargestTable);
        if (capacity == _table.Capacity) return;
        _table.SetCapacity(capacity);
        _lowestCapacity = Math.Min(_lowestCapacity, capacity);
        _updateDue = true;
    }

    /// <summary>Empties both ends' tables with the next block: a block that was begun has not been sent whole.</summary>
    public void ForgetTable()
    {
        _table.Clear();
        _lowestCapacity = 0;
        _updateDue = true;
    }

    /// <summary>The most bytes a block of these fields and a few pseudo-headers takes: room of this size is never too small.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="pseudoLength">Bytes of the values of all pseudo-headers.</param>
    public static int MostBytes(HeaderTable fields, int pseudoLength)
    {
        int most = pseudoLength + (8 * (Framing + 10));
        for (int i = 0; i < fields.Count; i++) most += fields[i].NameLength + fields[i].ValueLength + Framing;
        return most;
    }

    /// <summary>Begins a block: to be called before its first field. Writes the size updates that are due (RFC 7541, 4.2).</summary>
    public void BeginBlock(ref ByteWriter writer)
    {
        if (_updateDue) WriteUpdates(ref writer);
    }

    /// <summary>Writes <c>:status</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="status">Three digits.</param>
    public void WriteStatus(ref ByteWriter writer, int status)
    {
        int index = status switch { 200 => 8, 204 => 9, 206 => 10, 304 => 11, 400 => 12, 404 => 13, 500 => 14, _ => 0 };
        if (index != 0)
        {
            writer.Write((byte)(0x80 | index));
            return;
        }

        ReadOnlySpan<byte> digits = [(byte)('0' + (status / 100 % 10)), (byte)('0' + (status / 10 % 10)), (byte)('0' + (status % 10))];
        TryWritePseudo(ref writer, PseudoHeader.Status, digits);
    }

    /// <summary>Writes a pseudo-header; all of them come before the fields.</summary>
    /// <returns>False, and nothing written, when the value holds CR, LF or NUL.</returns>
    public bool TryWritePseudo(ref ByteWriter writer, PseudoHeader pseudo, scoped ReadOnlySpan<byte> value)
    {
        int index = pseudo switch
        {
            PseudoHeader.Authority => 1,
            PseudoHeader.Method => value.SequenceEqual("POST"u8) ? 3 : 2,
            PseudoHeader.Path => 4,
            PseudoHeader.Scheme => value.Length == 5 ? 7 : 6,
            PseudoHeader.Status => 8,
            _ => throw new ArgumentOutOfRangeException(nameof(pseudo)),
        };
        if (pseudo != PseudoHeader.Authority && value.SequenceEqual(HpackStaticTable.ValueOf(index)))
        {
            writer.Write((byte)(0x80 | index));
            return true;
        }

        // Paths differ from request to request; the others do not.
        IndexingPolicy policy = pseudo == PseudoHeader.Path ? IndexingPolicy.WhenRepeated : IndexingPolicy.OnSight;
        ReadOnlySpan<byte> name = HpackStaticTable.NameOf(index);
        return TryWriteIndexed(ref writer, default, pseudo, default, (uint)pseudo, policy, value, out uint hash)
            || TryWriteLiteral(ref writer, default, pseudo, name, (uint)pseudo, hash, index, policy, value);
    }

    /// <summary>Writes one field, its name in lower case.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="known">Which name it is.</param>
    /// <param name="name">The name in any case; not looked at when it is a known one.</param>
    /// <param name="value">The value; spaces at its ends are left out.</param>
    /// <param name="neverIndexed">Whether it was received as never to be indexed, and has to be sent on so.</param>
    /// <returns>False, and nothing written, when the name is no token, the value holds CR, LF or NUL, or the field belongs to an HTTP/1.1 connection.</returns>
    public bool TryWriteField(ref ByteWriter writer, KnownHeader known, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, bool neverIndexed = false)
    {
        if (known == KnownHeader.Other)
        {
            // API Gateway's keys travel in a field of their own.
            bool secret = neverIndexed || (name.Length == 9 && Ascii.EqualsIgnoreCase(name, "x-api-key"u8));
            IndexingPolicy usual = secret ? IndexingPolicy.Never : IndexingPolicy.WhenRepeated;
            uint nameHash = HpackHash.OfName(name);
            return TryWriteIndexed(ref writer, known, default, name, nameHash, usual, value, out uint otherHash)
                || TryWriteOther(ref writer, name, nameHash, otherHash, usual, value);
        }

        ref readonly HpackName facts = ref HpackNames.Of(known);
        IndexingPolicy policy = neverIndexed && facts.Policy < IndexingPolicy.Never ? IndexingPolicy.Never : facts.Policy;
        if (known == KnownHeader.TE && !value.SequenceEqual("trailers"u8)) policy = IndexingPolicy.NotSent; // RFC 9113, 8.2.2
        return TryWriteIndexed(ref writer, known, default, default, facts.Hash, policy, value, out uint hash)
            || TryWriteLiteral(ref writer, known, default, HpackNames.Bytes.AsSpan(facts.Start, facts.Length), facts.Hash, hash, facts.StaticIndex, policy, value);
    }

    /// <summary>Writes all fields of a table but those that may not be sent.</summary>
    public void WriteFields(ref ByteWriter writer, HeaderTable fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            ref readonly HeaderField field = ref fields[i];
            TryWriteField(ref writer, field.Known, fields.Name(i), fields.Value(i), field.NeverIndexed);
        }
    }

    /// <summary>Writes the index of a field that is in the table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="known">Which name it is.</param>
    /// <param name="pseudo">Which pseudo-header it is.</param>
    /// <param name="name">The name in any case, when it is neither.</param>
    /// <param name="nameHash">Of the name.</param>
    /// <param name="policy">Whether it may be in the table at all.</param>
    /// <param name="value">As given.</param>
    /// <param name="hash">Gets the hash of name and value, for <see cref="TryWriteLiteral"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWriteIndexed(ref ByteWriter writer, KnownHeader known, PseudoHeader pseudo, scoped ReadOnlySpan<byte> name, uint nameHash, IndexingPolicy policy, scoped ReadOnlySpan<byte> value, out uint hash)
    {
        hash = 0;
        if (policy > IndexingPolicy.WhenRepeated) return false;

        int found = _table.Guess();
        if (found < 0 || !IsSame(found, known, pseudo, name, value))
        {
            hash = HpackHash.Of(value, nameHash);
            found = _table.FindField(hash);
            if (found < 0 || !IsSame(found, known, pseudo, name, value)) return false;
        }

        _table.Follow(found);
        int index = HpackStaticTable.Count + 1 + found;
        if (index < 0x7F) writer.Write((byte)(0x80 | index));
        else WriteIndex(ref writer, index);
        return true;
    }

    /// <summary>Whether an entry is this field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSame(int newest, KnownHeader known, PseudoHeader pseudo, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value) =>
        _table.ValueOf(newest).SequenceEqual(value) && IsSame(newest, known, pseudo, name);

    /// <summary>Whether an entry has this name: known names and pseudo-headers are told by their number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsSame(int newest, KnownHeader known, PseudoHeader pseudo, scoped ReadOnlySpan<byte> name)
    {
        ref readonly HpackEntry entry = ref _table[newest];
        if (entry.Known != known || entry.Pseudo != pseudo) return false;
        return known != KnownHeader.Other || pseudo != PseudoHeader.None || Ascii.EqualsIgnoreCase(_table.NameOf(newest), name);
    }

    /// <summary>Writes a literal with a name that is not a known one. A name found in the table was looked at when it got there; this one is now.</summary>
    [SkipLocalsInit]
    private bool TryWriteOther(ref ByteWriter writer, scoped ReadOnlySpan<byte> name, uint nameHash, uint hash, IndexingPolicy policy, scoped ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || name.ContainsAnyExcept(Syntax.TokenBytes)) return false;
        if (name.Length > LongestIndexedName) return TryWriteLongName(ref writer, name, value, policy);

        Span<byte> room = stackalloc byte[LongestIndexedName];
        Ascii.ToLower(name, room, out _);
        ReadOnlySpan<byte> lower = room[..name.Length];
        return TryWriteLiteral(ref writer, default, default, lower, nameHash, hash, HpackStaticTable.IndexOfName(lower), policy, value);
    }

    /// <summary>Writes a field as a literal, and puts it into the table when it is worth it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="known">Which name it is.</param>
    /// <param name="pseudo">Which pseudo-header it is.</param>
    /// <param name="name">In lower case.</param>
    /// <param name="nameHash">Not 0.</param>
    /// <param name="hash">Of name and value; not 0 unless the policy forbids an entry.</param>
    /// <param name="staticIndex">Of an entry of the static table with this name, or 0.</param>
    /// <param name="policy">How to index it.</param>
    /// <param name="value">As given.</param>
    private bool TryWriteLiteral(ref ByteWriter writer, KnownHeader known, PseudoHeader pseudo, scoped ReadOnlySpan<byte> name, uint nameHash, uint hash, int staticIndex, IndexingPolicy policy, scoped ReadOnlySpan<byte> value)
    {
        if (policy == IndexingPolicy.NotSent || value.ContainsAny(Syntax.LineBytes)) return false;
        value = Syntax.TrimSpace(value);

        int nameIndex = staticIndex;
        if (nameIndex == 0)
        {
            int found = _table.FindName(nameHash);
            if (found >= 0 && IsSame(found, known, pseudo, name)) nameIndex = HpackStaticTable.Count + 1 + found;
        }

        int start = writer.Length;
        Span<byte> room = writer.Reserve(name.Length + value.Length + Framing);
        if (room.IsEmpty) return true; // overflowed, and the table is as it was

        bool indexed = IsWorthEntry(policy, nameIndex, hash, name.Length + value.Length + HpackEntry.Overhead);
        int at = indexed ? HpackInteger.Write(room, 0x40, 0x3F, nameIndex)
            : HpackInteger.Write(room, policy == IndexingPolicy.Never ? (byte)0x10 : (byte)0, 0x0F, nameIndex);
        if (nameIndex == 0) at += WriteString(name, room[at..]);

        // What stays in the table is sent this once, so it may take its time; what comes anew each time is copied, because coding it
        // would cost more processor time than its few octets are worth.
        at += indexed ? WriteString(value, room[at..]) : WriteRaw(value, room[at..]);
        writer.Truncate(start + at);

        if (indexed) _table.Insert(name, value, new HpackEntry { Known = known, Pseudo = pseudo }, hash, nameHash);
        return true;
    }

    /// <summary>Whether to put a field into the table. A name that no table has is worth an entry of its own, whatever its value.</summary>
    private bool IsWorthEntry(IndexingPolicy policy, int nameIndex, uint hash, int size)
    {
        if (policy >= IndexingPolicy.Never || size > _table.Capacity / 2) return false;
        if (policy == IndexingPolicy.OnSight || nameIndex == 0) return true;

        if (_seen.Length == 0) _seen = new uint[SeenSlots];
        ref uint seen = ref _seen[(hash >> 8) % SeenSlots];
        if (seen == hash) return true;
        seen = hash;
        return false;
    }

    /// <summary>Writes a field whose name is too long to be worth a table.</summary>
    private static bool TryWriteLongName(ref ByteWriter writer, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, IndexingPolicy policy)
    {
        if (value.ContainsAny(Syntax.LineBytes)) return false;
        value = Syntax.TrimSpace(value);
        int start = writer.Length;
        Span<byte> room = writer.Reserve(name.Length + value.Length + Framing);
        if (room.IsEmpty) return true;

        room[0] = policy == IndexingPolicy.Never ? (byte)0x10 : (byte)0;
        int at = 1 + HpackInteger.Write(room[1..], 0, 0x7F, name.Length);
        Ascii.ToLower(name, room[at..], out _);
        at += name.Length;
        at += WriteRaw(value, room[at..]);
        writer.Truncate(start + at);
        return true;
    }

    /// <summary>Writes a string the shorter way (RFC 7541, 5.2).</summary>
    private static int WriteString(ReadOnlySpan<byte> text, Span<byte> room)
    {
        int coded = HuffmanEncoder.LengthOf(text);
        if (coded < text.Length)
        {
            int head = HpackInteger.Write(room, 0x80, 0x7F, coded);
            HuffmanEncoder.Write(text, room[head..]);
            return head + coded;
        }

        return WriteRaw(text, room);
    }

    private static int WriteRaw(ReadOnlySpan<byte> text, Span<byte> room)
    {
        int length = HpackInteger.Write(room, 0, 0x7F, text.Length);
        text.CopyTo(room[length..]);
        return length + text.Length;
    }

    private static void WriteIndex(ref ByteWriter writer, int index)
    {
        int start = writer.Length;
        Span<byte> room = writer.Reserve(HpackInteger.MostOctets + 1);
        if (!room.IsEmpty) writer.Truncate(start + HpackInteger.Write(room, 0x80, 0x7F, index));
    }

    private void WriteUpdates(ref ByteWriter writer)
    {
        int start = writer.Length;
        Span<byte> room = writer.Reserve(2 * (HpackInteger.MostOctets + 1));
        if (room.IsEmpty) return;
        int at = 0;
        if (_lowestCapacity < _table.Capacity) at = HpackInteger.Write(room, 0x20, 0x1F, _lowestCapacity);
        at += HpackInteger.Write(room[at..], 0x20, 0x1F, _table.Capacity);
        writer.Truncate(start + at);
        _lowestCapacity = _table.Capacity;
        _updateDue = false;
    }
}
