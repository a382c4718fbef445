using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Decodes the field blocks of one direction of a connection (RFC 7541), in the order they were received.</summary>
/// <remarks>
/// Every block has to pass through, also that of a stream nobody serves any more: the tables of both ends must stay equal. So a block
/// that breaks a limit or has a malformed field is decoded to its end, only without keeping anything (up to
/// <see cref="HpackLimits.Excess"/>). Loop thread only.
/// </remarks>
public sealed class HpackDecoder
{
    /// <summary>SETTINGS_HEADER_TABLE_SIZE before any setting.</summary>
    public const int DefaultTableSize = 4096;

    private readonly HpackTable _table = new(DefaultTableSize, isSearched: false);
    private int _limit = DefaultTableSize;

    /// <summary>Whether the other end has to say first that it uses less than before.</summary>
    private bool _updateDue;

    /// <summary>Bytes in the dynamic table, as RFC 7541, 4.1, counts.</summary>
    public int TableSize => _table.Size;

    /// <summary>Sets how large the dynamic table may be: call it when our SETTINGS_HEADER_TABLE_SIZE has been acknowledged.</summary>
    /// <remarks>When that is less than the table may be now, the next block must begin with a size update (RFC 7541, 4.2).</remarks>
    public void SetTableLimit(int bytes)
    {
        _limit = bytes;
        _updateDue = bytes < _table.Capacity;
    }

    /// <summary>Decodes a whole field block: the fragments of HEADERS and its CONTINUATIONs, put together.</summary>
    /// <param name="block">The block.</param>
    /// <param name="kind">Which pseudo-headers it may have.</param>
    /// <param name="limits">How large its list may be.</param>
    /// <param name="fields">Gets the fields, names in lower case, appended to what it holds. A refused block leaves what came before its fault.</param>
    /// <param name="pseudo">Gets the pseudo-headers: offsets into <paramref name="fields"/>. Whether one is missing is not judged here.</param>
    public HpackResult Decode(ReadOnlySpan<byte> block, FieldBlockKind kind, in HpackLimits limits, HeaderTable fields, out PseudoHeaders pseudo)
    {
        pseudo = default;
        HpackEntry[] common = HpackStaticTable.Entries;
        byte[] commonBytes = HpackStaticTable.Bytes;
        ViolationCode violation = ViolationCode.None;
        bool updatesAllowed = true;
        bool fieldsBegun = false;
        long size = 0;
        int at = 0;

        while (at < block.Length)
        {
            byte first = block[at];
            if (first >= 0x80)
            {
                // An indexed field (RFC 7541, 6.1).
                if (!HpackInteger.TryRead(block, ref at, 0x7F, out int index)) return Broken;
                updatesAllowed = false;
                if (_updateDue) return Broken;

                ref readonly HpackEntry entry = ref common[0];
                byte[] source = commonBytes;
                if ((uint)(index - 1) < HpackStaticTable.Count)
                {
                    entry = ref common[index];
                }
                else
                {
                    index -= HpackStaticTable.Count + 1;
                    if ((uint)index >= (uint)_table.Count) return Broken;
                    entry = ref _table[index];
                    source = _table.Bytes;
                }

                size += entry.Size;
                if (size > limits.ListSize)
                {
                    if (size > limits.Excess) return new HpackResult(HpackStatus.Excess, ViolationCode.HeadTooLarge);
                    if (violation == ViolationCode.None) violation = ViolationCode.HeadTooLarge;
                }

                if (violation != ViolationCode.None) continue;
                int start = fields.Append(source.AsSpan(entry.Start, entry.Length));
                violation = Keep(entry, start, kind, limits, fields, ref pseudo, ref fieldsBegun);
                if (violation != ViolationCode.None) fields.SetBlockLength(start);
            }
            else if (first is >= 0x20 and < 0x40)
            {
                // A size update: only before the first field, and never over what we announced (RFC 7541, 4.2 and 6.3).
                if (!updatesAllowed || !HpackInteger.TryRead(block, ref at, 0x1F, out int capacity) || capacity > _limit) return Broken;
                _table.SetCapacity(capacity);
                _updateDue = false;
            }
            else
            {
                // A literal (RFC 7541, 6.2): 01 to be indexed, 0000 not, 0001 never.
                updatesAllowed = false;
                if (_updateDue) return Broken;
                bool indexed = first >= 0x40;
                if (!HpackInteger.TryRead(block, ref at, indexed ? 0x3F : 0x0F, out int index)) return Broken;

                int start = fields.BlockLength;
                HpackEntry entry = default;
                bool whole = true;

                // What is kept has to fit into the list or into the table; longer strings are only followed.
                int longest = (int)Math.Max(limits.ListSize - size, _table.Capacity);
                if (index == 0)
                {
                    if (!TryReadString(block, ref at, fields, longest, out entry.NameLength, ref whole)) return Broken;
                    if (whole)
                    {
                        ReadOnlySpan<byte> name = fields.Slice(start, entry.NameLength);
                        entry.Pseudo = PseudoNames.Find(name);
                        if (entry.Pseudo == PseudoHeader.None)
                        {
                            entry.Known = KnownHeaders.Find(name);
                            entry.NameIsWrong = !FieldSyntax.IsName(name);
                        }
                    }
                }
                else
                {
                    ReadOnlySpan<byte> name;
                    if (index <= HpackStaticTable.Count)
                    {
                        entry = common[index];
                        name = commonBytes.AsSpan(entry.Start, entry.NameLength);
                    }
                    else
                    {
                        index -= HpackStaticTable.Count + 1;
                        if ((uint)index >= (uint)_table.Count) return Broken;
                        entry = _table[index];
                        name = _table.NameOf(index);
                    }

                    fields.Append(name);
                }

                if (!TryReadString(block, ref at, fields, longest, out entry.ValueLength, ref whole)) return Broken;
                if (whole) entry.ValueIsWrong = !FieldSyntax.IsValue(fields.Slice(start + entry.NameLength, entry.ValueLength));

                if (indexed)
                {
                    if (whole) _table.Insert(fields.Slice(start, entry.NameLength), fields.Slice(start + entry.NameLength, entry.ValueLength), entry);
                    else _table.Clear(); // longer than the table
                }

                size += (long)entry.NameLength + entry.ValueLength + HpackEntry.Overhead;
                if (size > limits.ListSize)
                {
                    if (size > limits.Excess) return new HpackResult(HpackStatus.Excess, ViolationCode.HeadTooLarge);
                    if (violation == ViolationCode.None) violation = ViolationCode.HeadTooLarge;
                }

                if (violation == ViolationCode.None) violation = Keep(entry, start, kind, limits, fields, ref pseudo, ref fieldsBegun);
                if (violation != ViolationCode.None) fields.SetBlockLength(start);
                else if (!indexed && (first & 0x10) != 0 && entry.Pseudo == PseudoHeader.None) fields.MarkNeverIndexed(fields.Count - 1);
            }
        }

        return new HpackResult(violation == ViolationCode.None ? HpackStatus.Complete : HpackStatus.Refused, violation);
    }

    private static HpackResult Broken => new(HpackStatus.CompressionError, ViolationCode.None);

    /// <summary>Records a field whose bytes are at the end of the block, or says why its message is malformed.</summary>
    private static ViolationCode Keep(in HpackEntry entry, int start, FieldBlockKind kind, in HpackLimits limits, HeaderTable fields, ref PseudoHeaders pseudo, ref bool fieldsBegun)
    {
        if (entry.NameIsWrong) return ViolationCode.BadHeaderName;
        if (entry.ValueIsWrong) return ViolationCode.BadHeaderValue;

        int valueStart = start + entry.NameLength;
        if (entry.Pseudo != PseudoHeader.None)
        {
            bool inOrder = !fieldsBegun && pseudo.TryAdd(entry.Pseudo, kind, new BlockPart(valueStart, entry.ValueLength));
            return inOrder ? ViolationCode.None : ViolationCode.BadPseudoHeader;
        }

        fieldsBegun = true;
        if (fields.Count >= limits.FieldCount) return ViolationCode.TooManyHeaders;
        fields.AddAt(start, entry.NameLength, valueStart, entry.ValueLength, entry.Known);
        return ViolationCode.None;
    }

    /// <summary>Reads a string (RFC 7541, 5.2) onto the end of the block; one over the longest is checked and counted, and clears <paramref name="whole"/>.</summary>
    private static bool TryReadString(ReadOnlySpan<byte> block, ref int at, HeaderTable fields, int longest, out int length, ref bool whole)
    {
        length = 0;
        if ((uint)at >= (uint)block.Length) return false;
        bool huffman = block[at] >= 0x80;
        if (!HpackInteger.TryRead(block, ref at, 0x7F, out int coded) || coded > block.Length - at) return false;

        ReadOnlySpan<byte> text = block.Slice(at, coded);
        at += coded;
        if (huffman)
        {
            int most = Math.Min(HuffmanDecoder.MostOf(coded), longest);
            Span<byte> room = fields.Room(most + HuffmanDecoder.Slack);
            if (!HuffmanDecoder.TryDecode(text, room[..(most + HuffmanDecoder.Slack)], out length)) return false;
            if (length <= most) fields.SetBlockLength(fields.BlockLength + length);
            else whole = false;
            return true;
        }

        length = coded;
        if (coded <= longest) fields.Append(text);
        else whole = false;
        return true;
    }
}
