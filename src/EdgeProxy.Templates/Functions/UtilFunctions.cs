using System.Buffers;
using System.Buffers.Text;
using EdgeProxy.Core.Text;
using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Functions;

/// <summary><c>$util</c> (rest-api.md 6.8).</summary>
internal static class UtilFunctions
{
    /// <summary>Whether <c>escapeJavaScript</c> writes a solidus as <c>\/</c>, as commons-lang 2 does (unconfirmed for the service).</summary>
    private const bool EscapesSolidus = true;

    private static readonly SearchValues<byte> s_formPlain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_"u8);

    // Printable ASCII that escapeJavaScript leaves as it is.
    private static readonly SearchValues<byte> s_scriptPlain = SearchValues.Create(
        " !#$%&()*+,-.0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    public static Value Call(Machine machine, MethodName method, ReadOnlySpan<Value> arguments)
    {
        if (arguments.Length != 1) return Value.Null;
        Value text = machine.TextOf(arguments[0]);
        if (!machine.TryStepsFor(text.Length)) return Value.Null;
        TemplateOutput texts = machine.Memory.Texts;
        int start = texts.Length;
        switch (method)
        {
            case MethodName.EscapeJavaScript:
                EscapeJavaScript(machine.Memory.Segment(text.A), text.Offset, text.Length, texts);
                break;
            case MethodName.UrlEncode:
                UrlEncode(machine.Memory.Bytes(text), texts);
                break;
            case MethodName.UrlDecode:
                if (!TryUrlDecode(machine.Memory.Bytes(text), texts)) return machine.Fail(TemplateFault.InvalidUrlCode);
                break;
            case MethodName.Base64Encode:
                ReadOnlySpan<byte> bytes = machine.Memory.Bytes(text);
                Span<byte> room = texts.Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
                if (room.IsEmpty) break;
                Base64.EncodeToUtf8(bytes, room, out _, out int encoded);
                texts.Commit(encoded);
                break;
            case MethodName.Base64Decode:
                if (!TryBase64Decode(machine.Memory.Bytes(text), texts)) return machine.Fail(TemplateFault.InvalidBase64);
                break;
            case MethodName.ParseJson:
                if (arguments[0].IsNull) return Value.Null;
                return TemplateJson.TryRead(machine.Memory, text, out int root) ? machine.Memory.ValueOf(root) : machine.Fail(TemplateFault.InvalidJson);
            default:
                return Value.Null;
        }

        Value made = machine.Memory.TextFrom(start);
        if (method is not (MethodName.UrlDecode or MethodName.Base64Decode) || System.Text.Unicode.Utf8.IsValid(machine.Memory.Bytes(made))) return made;
        int valid = texts.Length;
        Utf8.WriteValid(machine.Memory.Bytes(made), texts);
        return machine.Memory.TextFrom(valid);
    }

    /// <summary>Writes a text as commons-lang's <c>escapeJavaScript</c> does.</summary>
    public static void EscapeJavaScript(byte[] source, int offset, int length, TemplateOutput output)
    {
        int end = offset + length;
        while (offset < end)
        {
            int piece = Math.Min(end - offset, ShortText.Width);
            offset += output.TryWriteScript(source, offset, piece) ? piece : EscapePiece(source.AsSpan(offset, end - offset), output);
        }
    }

    // As far as the next character that is not left as it is, and that; its bytes.
    private static int EscapePiece(ReadOnlySpan<byte> text, TemplateOutput output)
    {
        int plain = text.IndexOfAnyExcept(s_scriptPlain);
        if (plain < 0) plain = text.Length;
        output.Write(text[..plain]);
        return plain < text.Length ? plain + EscapeCharacter(text[plain..], output) : plain;
    }

    // One that is not left as it is; its bytes.
    private static int EscapeCharacter(ReadOnlySpan<byte> text, TemplateOutput output)
    {
        int character = CodePoints.At(text, 0, out int length);
        switch (character)
        {
            case '\\' or '"' or '\'':
                output.Write((byte)'\\');
                output.Write((byte)character);
                break;
            case '/':
                if (EscapesSolidus) output.Write((byte)'\\');
                output.Write((byte)'/');
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            case >= 0x10000:
                Writing.WriteUnit(0xD7C0 + (character >> 10), output);
                Writing.WriteUnit(0xDC00 + (character & 0x3FF), output);
                break;
            default:
                Writing.WriteUnit(character, output);
                break;
        }

        return length;
    }

    private static void UrlEncode(ReadOnlySpan<byte> text, TemplateOutput output)
    {
        while (true)
        {
            int plain = text.IndexOfAnyExcept(s_formPlain);
            output.Write(plain < 0 ? text : text[..plain]);
            if (plain < 0) return;
            byte value = text[plain];
            text = text[(plain + 1)..];
            if (value == ' ')
            {
                output.Write((byte)'+');
                continue;
            }

            output.Write((byte)'%');
            output.Write("0123456789ABCDEF"u8[value >> 4]);
            output.Write("0123456789ABCDEF"u8[value & 15]);
        }
    }

    private static bool TryUrlDecode(ReadOnlySpan<byte> text, TemplateOutput output)
    {
        for (int at = 0; at < text.Length; at++)
        {
            byte value = text[at];
            if (value == '+') value = (byte)' ';
            else if (value == '%')
            {
                if (at + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[at + 1]) || !char.IsAsciiHexDigit((char)text[at + 2])) return false;
                value = (byte)((Digit(text[at + 1]) << 4) | Digit(text[at + 2]));
                at += 2;
            }

            output.Write(value);
        }

        return true;

        static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
    }

    private static bool TryBase64Decode(ReadOnlySpan<byte> text, TemplateOutput output)
    {
        if (text.IsEmpty) return true;
        Span<byte> room = output.Reserve(text.Length + 4);
        if (room.IsEmpty) return true;

        // Java's decoder takes a text without padding.
        if (Base64.DecodeFromUtf8(text, room, out int used, out int written) == OperationStatus.Done)
        {
            output.Commit(written);
            return true;
        }

        ReadOnlySpan<byte> rest = text[used..];
        Span<byte> padded = [(byte)'=', (byte)'=', (byte)'=', (byte)'='];
        if (rest.Length is not (2 or 3)) return false;
        rest.CopyTo(padded);
        if (Base64.DecodeFromUtf8(padded, room[written..], out _, out int last) != OperationStatus.Done) return false;
        output.Commit(written + last);
        return true;
    }
}
