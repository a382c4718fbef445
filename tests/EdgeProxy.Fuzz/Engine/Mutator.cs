using System.Globalization;
using System.Text;

namespace EdgeProxy.Fuzz.Engine;

/// <summary>Makes new inputs out of old ones.</summary>
internal sealed class Mutator(FuzzRandom random, FuzzTarget target)
{
    private static readonly byte[] Doubtful = [0x00, 0x01, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0D, 0x1F, 0x20, 0x22, 0x23, 0x25, 0x2C, 0x2E, 0x2F, 0x3A, 0x3B, 0x5C, 0x5F, 0x7F, 0x80, 0xC0, 0xFE, 0xFF];

    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "+1", "00", "0x1", "1 ", " 1", "1,1", "7fffffff", "80000000", "ffffffffffffffff", "2147483647", "2147483648", "4294967296",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "99999999999999999999", "1e3", "\u00b2",
    ];

    private readonly byte[][] _tokens = [.. target.Tokens.Select(Encoding.Latin1.GetBytes)];
    private readonly byte[][] _numbers = [.. Numbers.Select(Encoding.Latin1.GetBytes)];
    private readonly List<byte> _bytes = [];

    /// <summary>A few changes to <paramref name="parent"/>; <paramref name="other"/> gives parts to splice in.</summary>
    public byte[] Mutate(byte[] parent, byte[] other)
    {
        _bytes.Clear();
        _bytes.AddRange(parent);
        int changes = 1 + random.Below(random.OneIn(4) ? 8 : 3);
        for (int i = 0; i < changes; i++) Change(other);
        if (_bytes.Count > target.LongestInput) _bytes.RemoveRange(target.LongestInput, _bytes.Count - target.LongestInput);
        return [.. _bytes];
    }

    private void Change(byte[] other)
    {
        if (_bytes.Count == 0)
        {
            _bytes.AddRange(other.Length > 0 ? other : [(byte)random.Next()]);
            return;
        }

        int at = random.Below(_bytes.Count);
        switch (random.Below(14))
        {
            case 0:
                _bytes[at] ^= (byte)(1 << random.Below(8));
                break;
            case 1:
                _bytes[at] = (byte)random.Next();
                break;
            case 2:
                _bytes[at] = Doubtful[random.Below(Doubtful.Length)];
                break;
            case 3:
                _bytes.Insert(at, Doubtful[random.Below(Doubtful.Length)]);
                break;
            case 4:
                _bytes.RemoveRange(at, Length(_bytes.Count - at));
                break;
            case 5:
                _bytes.InsertRange(random.Below(_bytes.Count + 1), _bytes.GetRange(at, Length(_bytes.Count - at)));
                break;
            case 6 or 7 when _tokens.Length > 0:
                _bytes.InsertRange(at, _tokens[random.Below(_tokens.Length)]);
                break;
            case 8 when _tokens.Length > 0:
                Overwrite(at, _tokens[random.Below(_tokens.Length)]);
                break;
            case 9 when other.Length > 0:
                int from = random.Below(other.Length);
                _bytes.InsertRange(at, other[from..(from + Length(other.Length - from))]);
                break;
            case 10 when other.Length > 0:
                _bytes.RemoveRange(at, _bytes.Count - at);
                _bytes.AddRange(other[random.Below(other.Length)..]);
                break;
            case 11:
                EditNumber(at);
                break;
            case 12:
                EditLength(at);
                break;
            default:
                Repeat(at);
                break;
        }
    }

    // Mostly short, sometimes anything.
    private int Length(int most) => 1 + random.Below(random.OneIn(4) ? most : Math.Min(most, 16));

    private void Overwrite(int at, byte[] token)
    {
        int length = Math.Min(token.Length, _bytes.Count - at);
        _bytes.RemoveRange(at, length);
        _bytes.InsertRange(at, token);
    }

    /// <summary>Replaces the next run of digits by a number that is hard to read, or by one that is off by little.</summary>
    private void EditNumber(int at)
    {
        int start = at;
        while (start < _bytes.Count && !char.IsAsciiDigit((char)_bytes[start])) start++;
        int end = start;
        while (end < _bytes.Count && char.IsAsciiDigit((char)_bytes[end])) end++;
        byte[] number = _numbers[random.Below(_numbers.Length)];
        string old = Encoding.Latin1.GetString([.. _bytes.GetRange(start, end - start)]);
        if (random.OneIn(2) && long.TryParse(old, CultureInfo.InvariantCulture, out long value))
        {
            number = Encoding.Latin1.GetBytes((value + random.Below(5) - 2).ToString(CultureInfo.InvariantCulture));
        }

        _bytes.RemoveRange(start, end - start);
        _bytes.InsertRange(start, number);
    }

    /// <summary>Binary formats keep lengths in one to four bytes, high byte first.</summary>
    private void EditLength(int at)
    {
        int size = Math.Min(1 + random.Below(4), _bytes.Count - at);
        uint value = 0;
        for (int i = 0; i < size; i++) value = (value << 8) | _bytes[at + i];
        value = random.Below(4) switch
        {
            0 => value + (uint)random.Below(9) - 4,
            1 => (uint)(_bytes.Count - at),
            2 => uint.MaxValue >> random.Below(32),
            _ => (uint)random.Below(64),
        };
        for (int i = size - 1; i >= 0; i--)
        {
            _bytes[at + i] = (byte)value;
            value >>= 8;
        }
    }

    private void Repeat(int at)
    {
        int length = Math.Min(Length(_bytes.Count - at), 64);
        int times = 1 + random.Below(random.OneIn(3) ? 300 : 8);
        List<byte> part = _bytes.GetRange(at, length);
        for (int i = 0; i < times && _bytes.Count < target.LongestInput; i++) _bytes.InsertRange(at, part);
    }
}
