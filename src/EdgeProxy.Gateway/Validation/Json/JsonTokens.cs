using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>Takes a JSON text (RFC 8259) apart into tokens in one pass. Strict: no comments, no trailing commas, nothing behind the value.</summary>
/// <remarks>
/// Kept with its loop and used again, so that it allocates nothing once it has seen a text as large. Iterative, so that nesting costs no
/// stack. Bytes that are not UTF-8 are malformed; an escaped lone surrogate is taken, as RFC 8259 (8.2) lets it be.
/// </remarks>
internal sealed class JsonTokens
{
    // 16 bytes a token: what is larger is given back, so that one great body does not cost its memory for ever.
    private const int KeptTokens = 4 * 1024;

    private readonly JsonToken[] _kept = GC.AllocateUninitializedArray<JsonToken>(KeptTokens);
    private JsonToken[] _tokens;
    private int[] _open = new int[64];

    public JsonTokens() => _tokens = _kept;

    /// <summary>Tokens of the last text read.</summary>
    public int Count { get; private set; }

    /// <summary>Where the last text stopped being JSON; its length when it did not.</summary>
    public int FaultAt { get; private set; }

    public JsonView View(ReadOnlySpan<byte> text) => new(text, _tokens.AsSpan(0, Count));

    /// <summary>Gives back what a large text needed.</summary>
    public void Release()
    {
        Count = 0;
        if (ReferenceEquals(_tokens, _kept)) return;
        ArrayPool<JsonToken>.Shared.Return(_tokens);
        _tokens = _kept;
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="depthLimit">Most containers within each other.</param>
    /// <param name="tokenLimit">Most values and names.</param>
    public JsonFault Read(ReadOnlySpan<byte> text, int depthLimit, int tokenLimit)
    {
        Count = 0;
        FaultAt = 0;
        if (!Utf8.IsValid(text)) return JsonFault.Malformed;
        int at = 0;
        JsonFault fault = Read(text, ref at, depthLimit, tokenLimit);
        FaultAt = at;
        return fault;
    }

    private JsonFault Read(ReadOnlySpan<byte> text, ref int position, int depthLimit, int tokenLimit)
    {
        JsonToken[] tokens = _tokens;
        int count = 0;
        int depth = 0;
        int parent = -1;
        bool inObject = false;
        int at = 0;

        while (true)
        {
            // A value begins here.
            at = SkipBlanks(text, at);
            if ((uint)at >= (uint)text.Length) goto Malformed;
            if (count + 2 > tokens.Length) tokens = Grow(count);
            if (count + 2 > tokenLimit) goto TooMany;
            ref JsonToken token = ref tokens[count];
            byte first = text[at];
            switch (first)
            {
                case (byte)'"':
                    if (!TryReadString(text, ref at, ref token)) goto Malformed;
                    token.Next = ++count;
                    break;
                case (byte)'{' or (byte)'[':
                    if (depth == depthLimit) goto TooDeep;
                    if (depth == _open.Length) Array.Resize(ref _open, _open.Length * 2);
                    token.Start = at;
                    token.Length = 0;
                    token.IsEscaped = false;
                    inObject = first == '{';
                    token.Kind = inObject ? JsonTokenKind.Object : JsonTokenKind.Array;
                    _open[depth++] = count;
                    parent = count++;
                    at = SkipBlanks(text, at + 1);
                    if ((uint)at >= (uint)text.Length) goto Malformed;
                    if (text[at] == (inObject ? '}' : ']')) break; // closed below
                    if (inObject && !TryReadName(text, ref at, ref tokens[count++])) goto Malformed;
                    continue;
                case (byte)'t':
                    if (!text[at..].StartsWith("true"u8)) goto Malformed;
                    Set(ref token, at, 4, JsonTokenKind.True, ++count);
                    at += 4;
                    break;
                case (byte)'f':
                    if (!text[at..].StartsWith("false"u8)) goto Malformed;
                    Set(ref token, at, 5, JsonTokenKind.False, ++count);
                    at += 5;
                    break;
                case (byte)'n':
                    if (!text[at..].StartsWith("null"u8)) goto Malformed;
                    Set(ref token, at, 4, JsonTokenKind.Null, ++count);
                    at += 4;
                    break;
                default:
                    if (!TryReadNumber(text, ref at, ref token)) goto Malformed;
                    token.Next = ++count;
                    break;
            }

            // A value, or an empty container that is still open, ends here; close what ends with it.
            bool isEmpty = parent >= 0 && parent == count - 1;
            if (!isEmpty && parent >= 0) tokens[parent].Length++;
            while (true)
            {
                if (depth == 0)
                {
                    at = SkipBlanks(text, at);
                    position = at;
                    Count = count;
                    return at == text.Length ? JsonFault.None : JsonFault.Malformed;
                }

                at = SkipBlanks(text, at);
                if ((uint)at >= (uint)text.Length) goto Malformed;
                byte next = text[at];
                if (next == ',' && !isEmpty)
                {
                    at++;
                    if (!inObject) break;
                    at = SkipBlanks(text, at);
                    if (count + 2 > tokens.Length) tokens = Grow(count);
                    if (count + 2 > tokenLimit) goto TooMany;
                    if (!TryReadName(text, ref at, ref tokens[count++])) goto Malformed;
                    break;
                }

                if (next != (inObject ? '}' : ']')) goto Malformed;
                at++;
                tokens[parent].Next = count;
                isEmpty = false;
                depth--;
                parent = depth == 0 ? -1 : _open[depth - 1];
                if (parent < 0) continue;
                inObject = tokens[parent].Kind == JsonTokenKind.Object;
                tokens[parent].Length++;
            }
        }

    Malformed:
        position = at;
        return JsonFault.Malformed;
    TooDeep:
        position = at;
        return JsonFault.TooDeep;
    TooMany:
        position = at;
        return JsonFault.TooMany;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(ref JsonToken token, int start, int length, JsonTokenKind kind, int next)
    {
        token.Start = start;
        token.Length = length;
        token.Kind = kind;
        token.IsEscaped = false;
        token.Next = next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        // Compact texts have none, others mostly one.
        if ((uint)at < (uint)text.Length && text[at] > ' ') return at;
        return SkipSomeBlanks(text, at);
    }

    private static int SkipSomeBlanks(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadName(ReadOnlySpan<byte> text, ref int at, ref JsonToken token)
    {
        if ((uint)at >= (uint)text.Length || text[at] != '"' || !TryReadString(text, ref at, ref token)) return false;
        at = SkipBlanks(text, at);
        if ((uint)at >= (uint)text.Length || text[at] != ':') return false;
        at++;
        return true;
    }

    private static bool TryReadString(ReadOnlySpan<byte> text, ref int at, ref JsonToken token)
    {
        int start = at + 1;
        int here = start;
        bool escaped = false;
        while (true)
        {
            here = FindSpecial(text, here);
            if (here >= text.Length) return false;
            byte found = text[here];
            if (found == '"') break;
            if (found != '\\' || here + 1 >= text.Length) return false;
            escaped = true;
            switch (text[here + 1])
            {
                case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                    here += 2;
                    break;
                case (byte)'u':
                    if (here + 6 > text.Length) return false;
                    for (int i = here + 2; i < here + 6; i++)
                    {
                        if (!char.IsAsciiHexDigit((char)text[i])) return false;
                    }

                    here += 6;
                    break;
                default:
                    return false;
            }
        }

        token.Start = start;
        token.Length = here - start;
        token.Kind = JsonTokenKind.String;
        token.IsEscaped = escaped;
        at = here + 1;
        return true;
    }

    /// <summary>The next quote, backslash or control byte; the text's length when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FindSpecial(ReadOnlySpan<byte> text, int at)
    {
        ref byte start = ref MemoryMarshal.GetReference(text);
        while (at + Vector128<byte>.Count <= text.Length)
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(ref start, (nuint)at);
            Vector128<byte> special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(bytes, Vector128.Create((byte)0x20));
            uint mask = special.ExtractMostSignificantBits();
            if (mask != 0) return at + BitOperations.TrailingZeroCount(mask);
            at += Vector128<byte>.Count;
        }

        while (at < text.Length && text[at] is not ((byte)'"' or (byte)'\\' or < 0x20)) at++;
        return at;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, ref int at, ref JsonToken token)
    {
        int here = at;
        if (text[here] == '-') here++;
        if ((uint)here >= (uint)text.Length) return false;
        if (text[here] == '0') here++;
        else if (!TrySkipDigits(text, ref here)) return false;

        JsonTokenKind kind = JsonTokenKind.Integer;
        if ((uint)here < (uint)text.Length && text[here] == '.')
        {
            kind = JsonTokenKind.Number;
            here++;
            if (!TrySkipDigits(text, ref here)) return false;
        }

        if ((uint)here < (uint)text.Length && (text[here] | 0x20) == 'e')
        {
            kind = JsonTokenKind.Number;
            here++;
            if ((uint)here < (uint)text.Length && text[here] is (byte)'+' or (byte)'-') here++;
            if (!TrySkipDigits(text, ref here)) return false;
        }

        token.Start = at;
        token.Length = here - at;
        token.Kind = kind;
        token.IsEscaped = false;
        at = here;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkipDigits(ReadOnlySpan<byte> text, ref int at)
    {
        int start = at;
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9) at++;
        return at > start;
    }

    private JsonToken[] Grow(int count)
    {
        JsonToken[] larger = ArrayPool<JsonToken>.Shared.Rent(_tokens.Length * 2);
        _tokens.AsSpan(0, count).CopyTo(larger);
        if (!ReferenceEquals(_tokens, _kept)) ArrayPool<JsonToken>.Shared.Return(_tokens);
        _tokens = larger;
        return larger;
    }
}
