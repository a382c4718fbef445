using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>A run of field blocks through the HPACK decoder, against a plain one; and what it read through the encoder and back.</summary>
/// <remarks>
/// An input is a row of steps: a byte that says what comes, then for a block two bytes of length and the block (cut at the end of the
/// input), or for a change of the table's limit one byte, times 32.
/// </remarks>
internal sealed class HpackTarget : FuzzTarget
{
    private const int LimitStep = 7;

    private static readonly HpackLimits Limits = new(ListSize: 2048, FieldCount: 12);

    private readonly HeaderTable _fields = new();
    private readonly HeaderTable _again = new();
    private readonly byte[] _written = new byte[256 * 1024];

    public override string Name => "Hpack";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\x82\x86\x84", "\x41\x08", "\x40\x01x\x01y", "\x10\x01x\x01y", "\0\x01x\x01y", "\xbe", "\xbf", "\xff\x80\x80\x80\x00", "\x7f\xff\xff\xff\x0f", "\x20", "\x3f\xe1\x1f", "\x3f\x81\x1f",
        "\x21", "\x88", "\x48\x03", "\x80", "\x00\x07\x3amethod", "\x00\x04:foo\x01x", "\x00\x01X\x01y", "\x0f\x0d\u00015", "\x5f\x1b\x01,", "\x40\x84\xff\xff\xff\xff", "\x40\x81\x07\x81\x07",
        "\x0c\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff", "\x00\x01a\x01\r", "\x00\x01a\x02 b", "\x00\x02te\x08trailers", "\x07\x00", "\x07\x80", "\x00\x00\x03", "\x01\x00\x10", "\x02\x00\x20",
    ];

    public override ulong Run(byte[] input)
    {
        var decoder = new HpackDecoder();
        var plain = new PlainHpack();
        var encoder = new HpackEncoder();
        var back = new HpackDecoder();
        ulong outcome = Outcome.None;
        int at = 0;
        while (at < input.Length)
        {
            int step = input[at++] & 7;
            if (step == LimitStep)
            {
                if (at == input.Length) break;
                int limit = input[at++] * 32;
                decoder.SetTableLimit(limit);
                plain.SetTableLimit(limit);
                encoder.SetTableLimit((uint)limit);
                back.SetTableLimit(Math.Min(limit, HpackEncoder.LargestTable));
                continue;
            }

            if (input.Length - at < 2) break;
            int length = Math.Min(((input[at] & 7) << 8) | input[at + 1], input.Length - at - 2);
            ReadOnlySpan<byte> block = input.AsSpan(at + 2, length);
            at += 2 + length;
            var kind = (FieldBlockKind)(step % 3);
            _fields.Clear();
            HpackResult result = decoder.Decode(block, kind, Limits, _fields, out PseudoHeaders pseudo);
            outcome = outcome.With((int)result.Status).With((int)result.Violation).With((int)kind).WithCount(_fields.Count).WithCount(decoder.TableSize);
            if (!Compare(result, kind, pseudo, plain.DecodeOrNull(block))) return outcome;
            Promise.Same(plain.TableSize, decoder.TableSize, "Both tables are equally full");
            Promise.That(decoder.TableSize <= 255 * 32, "The table keeps to its limit");
            if (result.IsComplete) PassOn(encoder, back);
        }

        return outcome;
    }

    /// <summary>Whether the connection would go on.</summary>
    private bool Compare(HpackResult result, FieldBlockKind kind, PseudoHeaders pseudo, List<(string Name, string Value, bool Never)>? expected)
    {
        if (result.Status == HpackStatus.Excess)
        {
            Promise.That(expected is null || expected.Sum(field => PlainHpack.Size((field.Name, field.Value))) > Limits.Excess, "Only what is far too much is excess");
            return false;
        }

        Promise.Same(expected is null, result.Status == HpackStatus.CompressionError, "What is no HPACK is a compression error, and nothing else is");
        if (expected is null) return false;

        int size = expected.Sum(field => PlainHpack.Size((field.Name, field.Value)));
        int ordinary = expected.Count(field => !field.Name.StartsWith(':'));
        bool good = size <= Limits.ListSize && ordinary <= Limits.FieldCount && expected.All(IsGood) && PseudosAreGood(expected, kind);
        Promise.Same(good, result.Status == HpackStatus.Complete, "What is good is complete, and nothing else is");
        if (!good)
        {
            Promise.That(result.Violation != ViolationCode.None, "A refusal has a reason");
            return true;
        }

        int at = 0;
        foreach ((string name, string value, bool never) in expected)
        {
            if (name[0] == ':')
            {
                BlockPart part = name switch { ":method" => pseudo.Method, ":scheme" => pseudo.Scheme, ":authority" => pseudo.Authority, ":path" => pseudo.Path, _ => pseudo.Status };
                Promise.Same(value, Encoding.Latin1.GetString(_fields.Slice(part.Start, part.Length)), "The same pseudo-header");
                continue;
            }

            Promise.Same(name, Encoding.Latin1.GetString(_fields.Name(at)), "The same name");
            Promise.Same(value, Encoding.Latin1.GetString(_fields.Value(at)), "The same value");
            Promise.Same(KnownHeaders.Find(_fields.Name(at)), _fields[at].Known, "A known name is recognised");
            Promise.Same(never, _fields[at].NeverIndexed, "Never indexed, as it was sent");
            at++;
        }

        Promise.Same(at, _fields.Count, "As many fields");
        return true;
    }

    /// <summary>What may be sent on arrives as it was.</summary>
    private void PassOn(HpackEncoder encoder, HpackDecoder back)
    {
        var writer = new ByteWriter(_written);
        int most = HpackEncoder.MostBytes(_fields, 0);
        encoder.BeginBlock(ref writer);
        var sent = new List<int>();
        for (int i = 0; i < _fields.Count; i++)
        {
            int before = writer.Length;
            if (encoder.TryWriteField(ref writer, _fields[i].Known, _fields.Name(i), _fields.Value(i), _fields[i].NeverIndexed)) sent.Add(i);
            else Promise.Same(before, writer.Length, "What is not sent is not written");
        }

        Promise.That(!writer.Overflowed && writer.Length <= most, "A block takes no more than was said");
        Promise.That(encoder.TableSize <= HpackEncoder.LargestTable, "The encoder's table keeps to its limit");
        _again.Clear();
        HpackResult result = back.Decode(writer.Written, FieldBlockKind.Trailers, Limits, _again, out _);
        Promise.Same(HpackStatus.Complete, result.Status, "What was accepted, encoded anew, is accepted");
        Promise.Same(sent.Count, _again.Count, "As many fields as were sent");
        for (int i = 0; i < sent.Count; i++)
        {
            Promise.Same(_fields.Name(sent[i]), _again.Name(i), "The same name");
            Promise.Same(_fields.Value(sent[i]), _again.Value(i), "The same value");
        }

        Promise.Same(encoder.TableSize, back.TableSize, "Encoder and decoder have the same table");
    }

    private static bool IsGood((string Name, string Value, bool Never) field)
    {
        bool name = field.Name.StartsWith(':') || (field.Name.Length > 0 && field.Name.All(letter => letter < 0x80 && HeadPromises.IsToken((byte)letter) && !char.IsAsciiLetterUpper(letter)));
        return name && field.Value.Trim(' ', '\t').Length == field.Value.Length && field.Value.All(letter => letter == '\t' || (letter >= ' ' && letter != '\x7f'));
    }

    private static bool PseudosAreGood(List<(string Name, string Value, bool Never)> fields, FieldBlockKind kind)
    {
        string[] allowed = kind switch { FieldBlockKind.Request => [":method", ":scheme", ":authority", ":path"], FieldBlockKind.Response => [":status"], _ => [] };
        string[] pseudos = [.. fields.Where(field => field.Name.StartsWith(':')).Select(field => field.Name)];
        return pseudos.All(allowed.Contains) && pseudos.Distinct().Count() == pseudos.Length && fields.Take(pseudos.Length).All(field => field.Name.StartsWith(':'));
    }
}
