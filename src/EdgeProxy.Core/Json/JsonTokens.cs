using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace EdgeProxy.Core.Json;

/// <summary>Takes a JSON text (RFC 8259) apart into tokens in one pass. Strict: no comments, no trailing commas, nothing behind the value.</summary>
/// <remarks>
/// Kept with its loop and used again, so that it allocates nothing once it has seen a text as large. Iterative, so that nesting costs no
/// stack. Bytes that are not UTF-8 are malformed; an escaped lone surrogate is taken, as RFC 8259 (8.2) lets it be.
/// Objects of a list are mostly alike, so a name is compared with the one at the same place of the object before (its twin) and only searched
/// for its end where it differs; equal names share a number (<see cref="JsonToken.Next"/>), so that whoever looks a name up need not do so again.
/// </remarks>
public sealed class JsonTokens
{
    /// <summary>Tokens whose memory is kept. That of more is given back, so that one great body does not cost its 16 bytes a token for ever.</summary>
    public const int KeptTokens = 4 * 1024;

    private readonly JsonToken[] _kept = GC.AllocateUninitializedArray<JsonToken>(KeptTokens);
    private JsonToken[] _tokens;
    private int[] _open = new int[64];

    // For the containers that are being read, by depth: of an object the one it is likely to be like, of an array its last object; -1 for none.
    private int[] _twins = new int[64];

    // What ReadMembers and ReadItems begin with and have come to: the place, the tokens, the members of the container that is being read, and whether its names are still those of its twin.
    private int _at;
    private int _read;
    private int _members;
    private bool _isAlike;

    public JsonTokens() => _tokens = _kept;

    /// <summary>Tokens of the last text read; set only once it is read to its end, so that those who go through them need not look whether an index is in range.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the last text read.</summary>
    public int TextLength { get; private set; }

    /// <summary>Which reading the tokens are of: another number each time; 0 before the first.</summary>
    public long Reading { get; private set; }

    /// <summary>Whether the last text read has none but ASCII bytes, so that a byte of a string without escapes is a character.</summary>
    public bool IsAscii { get; private set; }

    /// <summary>Where the last text stopped being JSON; its length when it did not.</summary>
    public int FaultAt { get; private set; }

    public JsonView View(ReadOnlySpan<byte> text) => new(text, _tokens.AsSpan(0, Count));

    /// <summary>Whether the tokens are still those of a reading. Those of up to <see cref="KeptTokens"/> are, until the next.</summary>
    public bool Holds(long reading) => reading != 0 && reading == Reading && Count > 0;

    /// <summary>Gives back what a large text needed.</summary>
    public void Release()
    {
        if (ReferenceEquals(_tokens, _kept)) return;
        Count = 0;
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
        Reading++;
        TextLength = text.Length;
        IsAscii = Ascii.IsValid(text);
        if (!IsAscii && !Utf8.IsValid(text)) return JsonFault.Malformed;
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
        int twin = -1;
        bool isAlike = false;
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
                if (depth + 1 >= _open.Length) GrowDepth();
                if (parent >= 0)
                {
                    tokens[parent].Length = members;
                    tokens[parent].IsAlike = isAlike;
                }

                inObject = first == '{';
                members = 0;
                token.Start = here;
                token.IsEscaped = false;
                token.Depth = 0;
                token.Kind = inObject ? JsonTokenKind.Object : JsonTokenKind.Array;
                token.Next = int.MaxValue; // until it is closed
                twin = FindTwin(tokens, count, parent, depth);
                isAlike = twin >= 0;
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
        if (inObject || (At(text, here) | 0x20) != '{')
        {
            _at = here;
            _read = count;
            Place place = inObject ? ReadMembers(text, parent, twin, depth, tokenLimit) : ReadItems(text, tokenLimit);
            isAlike &= _isAlike;
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
        tokens[count].Next = count;
        tokens[count].Depth = (byte)Math.Min(depth, JsonToken.Deepest);
        isAlike = false;
        count++;
        here = SkipBlanks(text, next);
        if (At(text, here) != ':') goto Ended;
        here++;
        goto Value;

    Close:
        here++;
        tokens[parent].Length = members;
        tokens[parent].Next = count;
        tokens[parent].IsAlike = isAlike;
        if (--depth == 0) goto Last;
        parent = _open[depth - 1];
        inObject = tokens[parent].Kind == JsonTokenKind.Object;
        members = tokens[parent].Length + 1;
        isAlike = tokens[parent].IsAlike;
        twin = _twins[depth - 1];
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

    /// <summary>The earlier token that an object, whose token is the next one, is likely to be like: the object before it in the list, or what stands at the same place in that of its parent; -1 for none.</summary>
    /// <remarks>A guess: what stands there is compared, not believed.</remarks>
    private int FindTwin(ReadOnlySpan<JsonToken> tokens, int token, int parent, int depth)
    {
        int twin = -1;
        if (parent >= 0)
        {
            int around = _twins[depth - 1];
            bool isItem = tokens[parent].Kind == JsonTokenKind.Array;
            if (isItem) _twins[depth - 1] = token;
            twin = isItem || around < 0 ? around : around + token - parent;
        }

        bool isLike = tokens[token].Kind == JsonTokenKind.Object && twin >= 0 && twin < token && tokens[twin].Kind == JsonTokenKind.Object && tokens[twin].Next <= token;
        return _twins[depth] = isLike ? twin : -1;
    }

    /// <summary>Goes on for as long as members are plain: most of a body is, and a method that calls nothing has all registers to itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parent">The object's token.</param>
    /// <param name="twin">The token of the object that it is likely to be like; -1 for none.</param>
    /// <param name="depth">Containers that are open.</param>
    /// <param name="tokenLimit">Most values and names.</param>
    /// <remarks>SchemaBenchmarks.ValidateBody60Keywords.</remarks>
    private Place ReadMembers(ReadOnlySpan<byte> text, int parent, int twin, int depth, int tokenLimit)
    {
        Span<JsonToken> tokens = _tokens;

        // Where a name is read, there is to be room for its value and another one.
        int most = Math.Min(tokens.Length, tokenLimit) - 3;
        int count = _read;
        int at = _at;

        // A name as deep as it, within the twin, is the twin's own.
        byte nesting = (byte)Math.Min(depth, JsonToken.Deepest);
        bool isLike = twin >= 0 && nesting < JsonToken.Deepest;
        int ahead = isLike ? twin - parent : 0;
        int behindTwin = isLike ? Math.Min(tokens[twin].Next, count) : 0;
        _isAlike = true;

        // Below there is room for three tokens from count on, and what is ahead lies before it: nothing is checked twice.
        ref JsonToken origin = ref MemoryMarshal.GetReference(tokens);
        Place place;
        while (true)
        {
            place = Place.BeforeValue;
            if (count > most || At(text, at) != '"') break;
            ref JsonToken name = ref Unsafe.Add(ref origin, count);
            ref readonly JsonToken known = ref Unsafe.Add(ref origin, count + ahead);
            int length = known.Length;
            if (count + ahead < behindTwin && known.Depth == nesting && IsSameName(text, at, known.Start - 1, length))
            {
                name = known;
                name.Start = at + 1;
                at += length + 3;
            }
            else
            {
                int quote = FindSpecial(text, at + 1);
                if (At(text, quote) != '"' || At(text, quote + 1) != ':') break;
                Set(ref name, at + 1, quote - at - 1, JsonTokenKind.String);
                name.Next = count;
                name.Depth = nesting;
                _isAlike = false;
                at = quote + 2;
            }

            count++;
            place = Place.BehindName;
            if (At(text, at) == ' ') at++;
            ref JsonToken value = ref Unsafe.Add(ref origin, count);
            int end = ReadPlain(text, at, ref value);
            if (end < 0) break;
            value.Next = ++count;
            at = end;
            place = Place.BehindValue;
            if (At(text, at) != ',') break;
            at++;
            if (At(text, at) == ' ') at++;
        }

        _members = (count - _read) >> 1;
        _at = at;
        _read = count;
        return place;
    }

    /// <summary>The same for items.</summary>
    private Place ReadItems(ReadOnlySpan<byte> text, int tokenLimit)
    {
        Span<JsonToken> tokens = _tokens;
        int most = Math.Min(tokens.Length, tokenLimit) - 2;
        int count = _read;
        int at = _at;
        Place place;
        while (true)
        {
            place = Place.BeforeValue;
            if (count > most) break;
            ref JsonToken value = ref tokens[count];
            int end = ReadPlain(text, at, ref value);
            if (end < 0) break;
            value.Next = ++count;
            at = end;
            place = Place.BehindValue;
            if (At(text, at) != ',') break;
            at++;
            if (At(text, at) == ' ') at++;
        }

        _members = count - _read;
        _at = at;
        _read = count;
        return place;
    }

    /// <summary>Reads a text without escapes, a plain number or a word, and gives the place behind it; -1 for anything else, which may be right all the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadPlain(ReadOnlySpan<byte> text, int at, ref JsonToken value)
    {
        byte first = At(text, at);
        if (first == '"')
        {
            int quote = FindSpecial(text, at + 1);
            if (At(text, quote) != '"') return -1;
            Set(ref value, at + 1, quote - at - 1, JsonTokenKind.String);
            return quote + 1;
        }

        if (first <= '9')
        {
            int whole = first == '-' ? at + 1 : at;
            int end = SkipDigits(text, whole);
            if (end == whole || (text[whole] == '0' && end > whole + 1)) return -1;
            JsonTokenKind kind = JsonTokenKind.Integer;
            if (At(text, end) == '.')
            {
                int point = end;
                end = SkipDigits(text, end + 1);
                if (end == point + 1) return -1;
                kind = JsonTokenKind.Number;
            }

            if (At(text, end) is not ((byte)',' or (byte)'}' or (byte)']')) return -1;
            Set(ref value, at, end - at, kind);
            return end;
        }

        // Containers are not plain; true, false and null are. What is behind a word belongs to the text anyway.
        if ((first | 0x20) == '{' || text.Length - at < 5) return -1;
        ReadOnlySpan<byte> word = text.Slice(at, 5);
        JsonTokenKind named = word.StartsWith("true"u8) ? JsonTokenKind.True : word.StartsWith("null"u8) ? JsonTokenKind.Null : JsonTokenKind.False;
        if (named == JsonTokenKind.False && !word.SequenceEqual("false"u8)) return -1;
        int length = named == JsonTokenKind.False ? 5 : 4;
        Set(ref value, at, length, named);
        return at + length;
    }

    /// <summary>Whether the name at a place, its quotes and the colon directly behind it are those of an earlier one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where a quote stands.</param>
    /// <param name="there">Where the earlier name begins, with its quote.</param>
    /// <param name="length">Bytes of the earlier name, without quotes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSameName(ReadOnlySpan<byte> text, int at, int there, int length)
    {
        int whole = length + 3;
        if (!Vector256.IsHardwareAccelerated || (uint)length > Vector256<byte>.Count - 3 || (uint)there >= (uint)at || text.Length - at < Vector256<byte>.Count) return false;
        ref byte first = ref MemoryMarshal.GetReference(text);
        uint different = ~Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)at), Vector256.LoadUnsafe(ref first, (nuint)there)).ExtractMostSignificantBits();
        return (different & (uint)((1UL << whole) - 1)) == 0 && text[at + whole - 1] == ':';
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
        token.Depth = 0;
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
        while (at + Vector256<byte>.Count <= text.Length)
        {
            uint mask = Specials(Vector256.LoadUnsafe(ref start, (nuint)at));
            if (mask != 0) return at + BitOperations.TrailingZeroCount(mask);
            at += Vector256<byte>.Count;
        }

        if (text.Length < Vector256<byte>.Count)
        {
            while (at < text.Length && text[at] is not ((byte)'"' or (byte)'\\' or < 0x20)) at++;
            return at;
        }

        // The last bytes, with some before them that do not count.
        int last = text.Length - Vector256<byte>.Count;
        ulong rest = at >= text.Length ? 0 : Specials(Vector256.LoadUnsafe(ref start, (nuint)last)) >> (at - last);
        return rest == 0 ? text.Length : at + BitOperations.TrailingZeroCount(rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Specials(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\')) | Vector256.LessThan(bytes, Vector256.Create((byte)0x20))).ExtractMostSignificantBits();

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

    private void GrowDepth()
    {
        Array.Resize(ref _open, _open.Length * 2);
        Array.Resize(ref _twins, _open.Length);
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
