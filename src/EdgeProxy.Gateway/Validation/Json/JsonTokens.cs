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

    // What ReadPlain begins with and has come to: the place, the tokens, and the members of the container that is being read.
    private int _at;
    private int _read;
    private int _members;

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
        JsonFault fault = Read(text, depthLimit, tokenLimit, out int at);
        FaultAt = at;
        return fault;
    }

    private JsonFault Read(ReadOnlySpan<byte> text, int depthLimit, int tokenLimit, out int at)
    {
        JsonToken[] tokens = _tokens;
        int count = 0;
        int depth = 0;
        int parent = -1;
        bool inObject = false;
        int members = 0;
        at = 0;
        int here = 0;
        var fault = JsonFault.Malformed;

    Value:
        here = SkipBlanks(text, here);
        if (count + 2 > tokens.Length) tokens = Grow(count);
        if (count + 2 > tokenLimit) goto TooMany;
        ref JsonToken token = ref tokens[count];
        int next;
        byte first = At(text, here);
        switch (first)
        {
            case (byte)'"':
                next = ReadString(text, here, ref token);
                break;
            case (byte)'{' or (byte)'[':
                if (depth == depthLimit) goto TooDeep;
                if (depth == _open.Length) Array.Resize(ref _open, _open.Length * 2);
                if (parent >= 0) tokens[parent].Length = members;
                inObject = first == '{';
                members = 0;
                token.Start = here;
                token.IsEscaped = false;
                token.Kind = inObject ? JsonTokenKind.Object : JsonTokenKind.Array;
                _open[depth++] = count;
                parent = count++;
                here = SkipBlanks(text, here + 1);
                if (At(text, here) == (inObject ? '}' : ']')) goto Close;
                goto Next;
            case (byte)'t':
                next = ReadWord(text, here, "true"u8, JsonTokenKind.True, ref token);
                break;
            case (byte)'f':
                next = ReadWord(text, here, "false"u8, JsonTokenKind.False, ref token);
                break;
            case (byte)'n':
                next = ReadWord(text, here, "null"u8, JsonTokenKind.Null, ref token);
                break;
            default:
                next = ReadNumber(text, here, ref token);
                break;
        }

        if (next < 0) goto Ended;
        here = next;
        token.Next = ++count;
        members++;
        if (depth == 0) goto Last;

    Behind:
        // A value ends here.
        here = SkipBlanks(text, here);
        first = At(text, here);
        if (first != ',')
        {
            if (first == (inObject ? '}' : ']')) goto Close;
            goto Ended;
        }

        here = SkipBlanks(text, here + 1);

    Next:
        // A name and a value, or a value.
        if (count + 2 > tokens.Length) tokens = Grow(count);
        if (count + 2 > tokenLimit) goto TooMany;
        if (inObject || At(text, here) < '[')
        {
            _at = here;
            _read = count;
            Place place = ReadPlain(text, inObject, tokenLimit);
            here = _at;
            members += _members;
            count = _read;
            if (place == Place.BehindValue) goto Behind;
            if (place == Place.BehindName) goto Value;
            here = SkipBlanks(text, here);
            if (count + 2 > tokens.Length) tokens = Grow(count);
            if (count + 2 > tokenLimit) goto TooMany;
        }

        if (!inObject) goto Value;
        if (At(text, here) != '"') goto Ended;
        next = ReadString(text, here, ref tokens[count]);
        if (next < 0) goto Ended;
        count++;
        here = SkipBlanks(text, next);
        if (At(text, here) != ':') goto Ended;
        here++;
        goto Value;

    Close:
        here++;
        tokens[parent].Length = members;
        tokens[parent].Next = count;
        if (--depth == 0) goto Last;
        parent = _open[depth - 1];
        inObject = tokens[parent].Kind == JsonTokenKind.Object;
        members = tokens[parent].Length + 1;
        goto Behind;

    Last:
        here = SkipBlanks(text, here);
        Count = count;
        if (here == text.Length) fault = JsonFault.None;
        goto Ended;
    TooDeep:
        fault = JsonFault.TooDeep;
        goto Ended;
    TooMany:
        fault = JsonFault.TooMany;
    Ended:
        at = here;
        return fault;
    }

    /// <summary>Goes on for as long as members, or items, are plain texts and numbers: most of a body is, and a method that calls nothing has all registers to itself.</summary>
    /// <remarks>SchemaBenchmarks.ValidateBody60Keywords.</remarks>
    private Place ReadPlain(ReadOnlySpan<byte> text, bool inObject, int tokenLimit)
    {
        Span<JsonToken> tokens = _tokens;

        // Where a name is read, there is to be room for its value and another one.
        int most = Math.Min(tokens.Length, tokenLimit) - (inObject ? 3 : 2);
        int count = _read;
        int at = _at;
        int members = 0;
        Place place;
        while (true)
        {
            place = Place.BeforeValue;
            if (count > most) break;
            if (inObject)
            {
                if (At(text, at) != '"') break;
                int quote = FindSpecial(text, at + 1);
                if (At(text, quote) != '"' || At(text, quote + 1) != ':') break;
                Set(ref tokens[count++], at + 1, quote - at - 1, JsonTokenKind.String);
                at = quote + 2;
                place = Place.BehindName;
            }

            int end;
            if (At(text, at) == '"')
            {
                end = FindSpecial(text, at + 1);
                if (At(text, end) != '"') break;
                Set(ref tokens[count], at + 1, end - at - 1, JsonTokenKind.String);
                end++;
            }
            else
            {
                end = SkipDigits(text, at);
                if (end == at || text[at] == '0') break;
                JsonTokenKind kind = JsonTokenKind.Integer;
                if (At(text, end) == '.')
                {
                    int point = end;
                    end = SkipDigits(text, end + 1);
                    if (end == point + 1) break;
                    kind = JsonTokenKind.Number;
                }

                if (At(text, end) is not ((byte)',' or (byte)'}' or (byte)']')) break;
                Set(ref tokens[count], at, end - at, kind);
            }

            tokens[count].Next = count + 1;
            count++;
            members++;
            at = end;
            place = Place.BehindValue;
            if (At(text, at) != ',') break;
            at++;
        }

        _at = at;
        _read = count;
        _members = members;
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte At(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(ref JsonToken token, int start, int length, JsonTokenKind kind)
    {
        token.Start = start;
        token.Length = length;
        token.Kind = kind;
        token.IsEscaped = false;
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

    // Each of these reads a value that begins there, and gives the place behind it; -1 when it is none.
    private static int ReadWord(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> word, JsonTokenKind kind, ref JsonToken token)
    {
        if (!text[at..].StartsWith(word)) return -1;
        Set(ref token, at, word.Length, kind);
        return at + word.Length;
    }

    private static int ReadString(ReadOnlySpan<byte> text, int at, ref JsonToken token)
    {
        int start = at + 1;
        int here = start;
        bool escaped = false;
        while (true)
        {
            here = FindSpecial(text, here);
            if (here >= text.Length) return -1;
            byte found = text[here];
            if (found == '"') break;
            if (found != '\\' || here + 1 >= text.Length) return -1;
            escaped = true;
            switch (text[here + 1])
            {
                case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                    here += 2;
                    break;
                case (byte)'u':
                    if (here + 6 > text.Length) return -1;
                    for (int i = here + 2; i < here + 6; i++)
                    {
                        if (!char.IsAsciiHexDigit((char)text[i])) return -1;
                    }

                    here += 6;
                    break;
                default:
                    return -1;
            }
        }

        Set(ref token, start, here - start, JsonTokenKind.String);
        token.IsEscaped = escaped;
        return here + 1;
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

    private static int ReadNumber(ReadOnlySpan<byte> text, int start, ref JsonToken token)
    {
        int whole = At(text, start) == '-' ? start + 1 : start;
        int at = SkipDigits(text, whole);
        if (at == whole || (text[whole] == '0' && at > whole + 1)) return -1;
        JsonTokenKind kind = JsonTokenKind.Integer;
        if (At(text, at) == '.')
        {
            kind = JsonTokenKind.Number;
            int fraction = at + 1;
            at = SkipDigits(text, fraction);
            if (at == fraction) return -1;
        }

        if ((At(text, at) | 0x20) == 'e')
        {
            kind = JsonTokenKind.Number;
            at++;
            if (At(text, at) is (byte)'+' or (byte)'-') at++;
            int exponent = at;
            at = SkipDigits(text, exponent);
            if (at == exponent) return -1;
        }

        Set(ref token, start, at - start, kind);
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipDigits(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9) at++;
        return at;
    }

    private JsonToken[] Grow(int count)
    {
        JsonToken[] larger = ArrayPool<JsonToken>.Shared.Rent(_tokens.Length * 2);
        _tokens.AsSpan(0, count).CopyTo(larger);
        if (!ReferenceEquals(_tokens, _kept)) ArrayPool<JsonToken>.Shared.Return(_tokens);
        _tokens = larger;
        return larger;
    }

    private enum Place
    {
        /// <summary>Before a value, or the name of one.</summary>
        BeforeValue,
        BehindName,
        BehindValue,
    }
}
