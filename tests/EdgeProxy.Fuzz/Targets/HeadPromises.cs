using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>What both head parsers promise.</summary>
internal static class HeadPromises
{
    /// <summary>A result says no more than the input holds.</summary>
    public static void KeepsToItsInput(ParseResult result, int length)
    {
        switch (result.Status)
        {
            case ParseStatus.Complete:
                Promise.That(result.Consumed > 0 && result.Consumed <= length, "A complete head took bytes, and no more than there are");
                Promise.Same(ViolationCode.None, result.Violation, "A complete head breaks no rule");
                break;
            case ParseStatus.Incomplete:
                Promise.Same(ParseResult.Incomplete, result, "An unfinished head says nothing else");
                break;
            default:
                Promise.That(result.Violation != ViolationCode.None && result.Consumed == 0, "A violation has a reason and takes nothing");
                break;
        }
    }

    /// <summary>What was said of a prefix is never taken back when more comes.</summary>
    public static void IsNeverTakenBack(ParseResult prefix, ParseResult whole)
    {
        if (prefix.Status != ParseStatus.Incomplete) Promise.Same(prefix, whole, "The result of a prefix stands when more bytes come");
    }

    /// <summary>Every offset lies in the block, and no value could end its line.</summary>
    public static void HoldsOnlyFields(HeaderTable headers, in HeadLimits limits)
    {
        Promise.That(headers.Count <= limits.HeaderCount, "A head has no more fields than allowed");
        for (int i = 0; i < headers.Count; i++)
        {
            HeaderField field = headers[i];
            Promise.That(field.NameStart >= 0 && field.NameStart + field.NameLength <= headers.BlockLength, "A name lies in the block");
            Promise.That(field.ValueStart >= 0 && field.ValueStart + field.ValueLength <= headers.BlockLength, "A value lies in the block");
            Promise.That(headers.Name(i).Length > 0, "A field has a name");
            foreach (byte value in headers.Name(i)) Promise.That(IsToken(value), "A name is a token");
            Promise.That(headers.Value(i).IndexOfAny("\0\r\n"u8) < 0, "A value holds no byte that ends a line");
            Promise.That(headers.Value(i).Trim(" \t"u8).Length == headers.Value(i).Length, "A value has no white space around it");
            Promise.Same(KnownHeaders.Find(headers.Name(i)), field.Known, "A known name is recognised");
        }
    }

    /// <summary>Two heads have the same fields in the same order.</summary>
    public static void HaveTheSameFields(HeaderTable one, HeaderTable other)
    {
        Promise.Same(one.Count, other.Count, "As many fields");
        for (int i = 0; i < one.Count; i++)
        {
            Promise.Same(one.Name(i), other.Name(i), "The same name");
            Promise.Same(one.Value(i), other.Value(i), "The same value");
        }
    }

    /// <summary>Reads a head as the grammar has it and nothing more: lines that end in CRLF, a name, a colon, a value.</summary>
    /// <param name="lines">The field lines with their line ends, and the empty line.</param>
    /// <param name="lengths">Values of Content-Length.</param>
    /// <param name="codings">Values of Transfer-Encoding.</param>
    /// <returns>How many fields there are; -1 when a line is wrong.</returns>
    public static int CountFields(ReadOnlySpan<byte> lines, List<string> lengths, List<string> codings)
    {
        int count = 0;
        while (true)
        {
            int end = lines.IndexOf((byte)'\n');
            if (end < 1 || lines[end - 1] != '\r') return -1;
            ReadOnlySpan<byte> line = lines[..(end - 1)];
            lines = lines[(end + 1)..];
            if (line.IsEmpty) return lines.IsEmpty ? count : -1;
            foreach (byte value in line)
            {
                if ((value < 0x20 && value != '\t') || value == 0x7F) return -1;
            }

            int colon = line.IndexOf((byte)':');
            if (colon < 1) return -1;
            foreach (byte value in line[..colon])
            {
                if (!IsToken(value)) return -1;
            }

            string name = System.Text.Encoding.Latin1.GetString(line[..colon]);
            string text = System.Text.Encoding.Latin1.GetString(line[(colon + 1)..]).Trim(' ', '\t');
            if (name.Equals("content-length", StringComparison.OrdinalIgnoreCase)) lengths.Add(text);
            if (name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)) codings.Add(text);
            count++;
        }
    }

    public static bool IsToken(byte value) => char.IsAsciiLetterOrDigit((char)value) || "!#$%&'*+-.^_`|~"u8.Contains(value);
}
