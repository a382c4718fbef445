using System.Text;
using EdgeProxy.Http.Http2.Hpack;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>RFC 7541 word for word: a list for the table, bit by bit for the Huffman code, strings for everything, and no limits.</summary>
internal sealed class PlainHpack
{
    private readonly List<(string Name, string Value)> _table = [];
    private int _capacity = HpackDecoder.DefaultTableSize;
    private int _limit = HpackDecoder.DefaultTableSize;
    private bool _updateDue;

    /// <summary>Bytes in the table, as 4.1 counts.</summary>
    public int TableSize => _table.Sum(Size);

    public static int Size((string Name, string Value) field) => field.Name.Length + field.Value.Length + 32;

    public void SetTableLimit(int bytes)
    {
        _limit = bytes;
        _updateDue = bytes < _capacity;
    }

    /// <summary>All fields of a block with whether they are never to be indexed; null when it is no HPACK.</summary>
    public List<(string Name, string Value, bool Never)>? DecodeOrNull(ReadOnlySpan<byte> block)
    {
        var fields = new List<(string, string, bool)>();
        int at = 0;
        bool begun = false;
        while (at < block.Length)
        {
            byte first = block[at];
            if ((first & 0xE0) == 0x20)
            {
                if (begun || !TryInteger(block, ref at, 5, out long capacity) || capacity > _limit) return null;
                _capacity = (int)capacity;
                _updateDue = false;
                Evict(0);
                continue;
            }

            begun = true;
            if (_updateDue) return null;
            (string Name, string Value) field;
            if (first >= 0x80)
            {
                if (!TryInteger(block, ref at, 7, out long index) || !TryEntry(index, out field)) return null;
                fields.Add((field.Name, field.Value, false));
                continue;
            }

            bool indexed = first >= 0x40;
            if (!TryInteger(block, ref at, indexed ? 6 : 4, out long named)) return null;
            if (named == 0)
            {
                if (!TryString(block, ref at, out field.Name)) return null;
            }
            else
            {
                if (!TryEntry(named, out field)) return null;
            }

            if (!TryString(block, ref at, out field.Value)) return null;
            fields.Add((field.Name, field.Value, !indexed && (first & 0x10) != 0));
            if (!indexed) continue;
            Evict(Size(field));
            if (Size(field) <= _capacity) _table.Insert(0, field);
        }

        return fields;
    }

    private void Evict(int room)
    {
        while (_table.Count > 0 && TableSize + room > _capacity) _table.RemoveAt(_table.Count - 1);
    }

    private bool TryEntry(long index, out (string Name, string Value) field)
    {
        field = default;
        if (index < 1 || index > HpackStaticTable.Count + _table.Count) return false;
        field = index > HpackStaticTable.Count
            ? _table[(int)index - HpackStaticTable.Count - 1]
            : (Encoding.Latin1.GetString(HpackStaticTable.NameOf((int)index)), Encoding.Latin1.GetString(HpackStaticTable.ValueOf((int)index)));
        return true;
    }

    /// <summary>Five octets at most, as the specification of the gateway has it.</summary>
    private static bool TryInteger(ReadOnlySpan<byte> block, ref int at, int bits, out long value)
    {
        long mask = (1 << bits) - 1;
        value = block[at++] & mask;
        if (value < mask) return true;
        for (int i = 0; i < 4; i++)
        {
            if (at >= block.Length) return false;
            value += (long)(block[at] & 0x7F) << (7 * i);
            if ((block[at++] & 0x80) == 0) return true;
        }

        return false;
    }

    private static bool TryString(ReadOnlySpan<byte> block, ref int at, out string text)
    {
        text = "";
        if (at >= block.Length) return false;
        bool huffman = block[at] >= 0x80;
        if (!TryInteger(block, ref at, 7, out long length) || length > block.Length - at) return false;
        ReadOnlySpan<byte> bytes = block.Slice(at, (int)length);
        at += (int)length;
        if (huffman) return TryHuffman(bytes, out text);
        text = Encoding.Latin1.GetString(bytes);
        return true;
    }

    private static bool TryHuffman(ReadOnlySpan<byte> bytes, out string text)
    {
        var decoded = new StringBuilder();
        text = "";
        uint code = 0;
        int bits = 0;
        foreach (byte value in bytes)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                code = (code << 1) | (uint)((value >> bit) & 1);
                if (++bits > HuffmanCode.Longest) return false;
                int symbol = Symbols.GetValueOrDefault((bits, code), -1);
                if (symbol < 0) continue;
                if (symbol == HuffmanCode.EndOfString) return false;
                decoded.Append((char)symbol);
                code = 0;
                bits = 0;
            }
        }

        // What is left must be the start of the end symbol, which is all ones, and less than an octet.
        if (bits > 7 || code != (1u << bits) - 1) return false;
        text = decoded.ToString();
        return true;
    }

    private static readonly Dictionary<(int Bits, uint Code), int> Symbols = Enumerable.Range(0, HuffmanCode.EndOfString + 1)
        .ToDictionary(symbol => ((int)HuffmanCode.Lengths[symbol], HuffmanCode.Codes[symbol]), symbol => symbol);
}
