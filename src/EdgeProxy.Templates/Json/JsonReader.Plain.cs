using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <content>What most of a body is: objects that are alike, short names, texts and numbers.</content>
/// <remarks>
/// One method that calls nothing, so that the compiler keeps places in registers, and that goes by pointers, so that what it reads and writes is not checked anew at each step:
/// that saves a third of what reading took (TemplateBenchmarks.TemplateRender). What makes it safe: 32 bytes are read at a place only if <see cref="Reach"/> bytes begin there,
/// and all else lies within them; there is room for <see cref="Room"/> nodes before a member begins, which takes two; other nodes that it looks at are behind it on the tape.
/// It stops before the first thing that is not so, with nothing of that done.
/// </remarks>
internal ref partial struct JsonReader
{
    // Bytes that have to be left where 32 of them are read: a quote, 32 bytes, and what follows a number.
    private const int Reach = 48;

    // As many digits fit into a number with some room.
    private const int MostDigits = 9;

    private const int LongestName = ShortText.Width - 3;

    private const uint EscapedHeader = 0xFFFF_0000;

    // Of 0 to 7 digits behind a point.
    private static ReadOnlySpan<int> Powers => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

    private unsafe void ReadPlain()
    {
        fixed (byte* text = _text)
        fixed (JsonNode* nodes = _nodes)
        fixed (int* likes = _tape.Likes(_depth))
        {
            // Nothing is opened here that is as deep as this.
            int deepest = Math.Min(Math.Min(_limits.Depth, _tape.Likes(_depth).Length - 1), JsonNode.Deepest - 1);

            // What is asked for seldom stays in fields, so that registers are left for the rest. Offsets in nodes count from the origin.
            byte* origin = text - _base;
            byte* at = text + _at;
            byte* last = text + (_text.Length - Reach);
            JsonNode* node = nodes + _count;
            JsonNode* full = nodes + Math.Max(0, Math.Min(_nodes.Length - Room + 1, (long)_root + _limits.Nodes - 2));
            _openNode = nodes + _open;
            JsonNode* like = nodes + _like;
            _header = (uint)_segment << 16;
            _likesAt = likes;
            _deepest = deepest;
            _full = full;
            uint key = KeyAt(_depth) | _header;
            byte close = _openNode->Kind == JsonKind.Object ? (byte)'}' : (byte)']';
            _twinNode = _twin < 0 ? null : nodes + _twin;
            if (_place == Place.BeforeName) goto Name;
            if (_place == Place.BeforeValue) goto Value;

        Behind:
            if (*at == ',')
            {
                at++;
                if (close == ']') goto Value;
                goto Name;
            }

            if (*at == close) goto Close;
            if (at > last || !TrySkipBlanks(ref at, origin)) goto ExitBehind;
            goto Behind;

        Name:
            if (at > last || node >= _full) goto ExitName;
            int length;
            if (*(uint*)like == key)
            {
                // A name that is the same as another one need not be searched for its end, nor hashed. It is another one than those before, which its twin has before it.
                length = like->Length;
                if ((uint)length > LongestName) goto ExitName;
                uint different = ~Vector256.Equals(Vector256.Load(at), Vector256.Load(origin + like->Offset - 1)).ExtractMostSignificantBits();
                if (BitOperations.TrailingZeroCount(different) < length + 2 || at[length + 2] != ':') goto OtherName;
                int hash = like->Next;
                *(ulong*)node = key | ((ulong)(at + 1 - origin) << 32);
                node->Length = length;
                node->Next = hash;
                node->Start = like->Start;
                _names |= 1 << hash;
                like++;
                _twinNode = like;
                like = like->Kind >= JsonKind.Array ? nodes + like->Next : like + 1;
            }
            else
            {
                if (like->Kind == JsonKind.Key && like->Depth == (byte)(key >> 8)) goto ExitName;
                if (*at != '"') goto OtherName;
                length = Plain(at + 1);
                if (length > LongestName || at[length + 1] != '"' || at[length + 2] != ':') goto ExitName;
                *(ulong*)node = key | ((ulong)(at + 1 - origin) << 32);
                int hash = TextHash.Of(_tape.Seed, at + 1, length);
                node->Length = length;
                node->Next = hash;
                node->Start = _tape.FirstKey + (int)(node - nodes);
                _names |= 1 << hash;
                _anew = 1;
                _twinNode = null;
            }

            at += length + 3;
            node++;
            _keys++;

        Value:
            if (at > last || node > _full) goto ExitValue;
            if (*at == '"')
            {
                byte* quote = at + 1;
                int plain;
                while ((plain = Plain(quote)) == ShortText.Width)
                {
                    quote += ShortText.Width;
                    if (quote > last) goto ExitValue;
                }

                quote += plain;
                if (*quote == '"')
                {
                    at++;
                    *(ulong*)node = (uint)JsonKind.String | _header | ((ulong)(at - origin) << 32);
                    node->Length = (int)(quote - at);
                    at = quote + 1;
                }
                else
                {
                    // Of escapes only quotes and backslashes are plain. What is behind a backslash begins no other.
                    while (*quote == '\\')
                    {
                        if (quote[1] != '"' && quote[1] != '\\') goto ExitValue;
                        quote += 2;
                        while (quote <= last && (plain = Plain(quote)) == ShortText.Width) quote += ShortText.Width;
                        if (quote > last) goto ExitValue;
                        quote += plain;
                    }

                    if (*quote != '"') goto ExitValue;
                    at++;
                    *(ulong*)node = (uint)JsonKind.String | EscapedHeader | ((ulong)(at - origin) << 32);
                    node->Length = (int)(quote - at);
                    node->Start = _escaped;
                    _escaped = (int)(node - nodes);
                    at = quote + 1;
                }
            }
            else if ((uint)(*at - '0') <= 9)
            {
                ulong digits = Digits(*(ulong*)at, out int whole);
                int fraction = 0;
                byte* end = at + whole;
                if (whole > 7 || (*at == '0' && whole > 1)) goto ExitValue;
                if (*end == '.')
                {
                    ulong behindPoint = Digits(*(ulong*)(end + 1), out fraction);
                    if (fraction is 0 or > 7 || whole + fraction > MostDigits) goto ExitValue;

                    // As Java writes it: see WritesItself.
                    if (*at == '0' && end[1] == '0') goto ExitValue;
                    digits = (digits * (uint)Powers[fraction]) + behindPoint;
                    end += fraction + 1;
                    if (end[-1] == '0' && fraction > 1) goto ExitValue;
                }

                if (*end != ',' && *end != close && *end > ' ') goto ExitValue;
                uint kind = fraction == 0 ? (uint)JsonKind.Integer : (uint)JsonKind.Decimal | ((uint)fraction << 8);
                *(ulong*)node = kind | _header | ((ulong)(at - origin) << 32);
                node->Length = (int)(end - at);
                node->Next = JsonNode.WritesItself | JsonNode.HasDigits;
                node->Start = (int)digits;
                at = end;
            }
            else
            {
                byte first = *at;
                if (first is (byte)'{' or (byte)'[') goto Open;
                if (first <= ' ')
                {
                    if (!TrySkipBlanks(ref at, origin)) goto ExitValue;
                    goto Value;
                }

                uint word = *(uint*)at;
                JsonKind kind = word == 0x65757274 ? JsonKind.True : word == 0x6C6C756E ? JsonKind.Null : JsonKind.False;
                if (kind == JsonKind.False && (word != 0x736C6166 || at[4] != 'e')) goto ExitValue;
                length = kind == JsonKind.False ? 5 : 4;
                *(ulong*)node = (uint)kind | _header | ((ulong)(at - origin) << 32);
                node->Length = length;
                at += length;
            }

            node++;
            _members++;
            goto Behind;

        OtherName:
            if (!TrySkipBlanks(ref at, origin)) goto ExitName;
            goto Name;

        Open:
            // There may be nothing in it, and many blanks.
            byte* inner = at + 1;
            if (*inner <= ' ' && (!TrySkipBlanks(ref inner, origin) || *inner <= ' ')) goto ExitValue;
            if (_depth >= _deepest) goto ExitValue;
            JsonNode* open = _openNode;
            open->Offset = (_members << 1) | _anew;
            open->Length = _names;
            JsonNode* twin = _twinNode;
            if (close == ']')
            {
                twin = like->Kind == JsonKind.Object ? like : null;
                if (*at == '{') like = node;
            }

            _likesAt[_depth] = (int)(like - nodes);
            _depth++;
            key = KeyAt(_depth) | _header;
            close = (byte)(*at + 2);
            JsonKind opened = *at == '{' ? JsonKind.Object : JsonKind.Array;
            *(uint*)node = (uint)opened | ((uint)_depth << 8) | _header;
            node->Next = (int)(open - nodes);
            node->Start = (int)(at - origin);
            like = node;
            if (twin != null && twin->Kind == opened && twin + 1 < node && (opened == JsonKind.Object || twin[1].Kind == JsonKind.Object)) like = twin + 1;
            _openNode = node;
            node++;
            at = inner;
            _members = 0;
            _names = 0;
            _anew = 0;
            _twinNode = null;
            if (*at == close) goto Close;
            if (close == ']') goto Value;
            goto Name;

        Close:
            // The end of all, or of what may be looked at (closers need not be as many as there are open), and names that may have come twice.
            if (at > last || _depth == 1 || (_anew != 0 && BitOperations.PopCount((uint)_names) < _members)) goto ExitBehind;
            at++;
            open = _openNode;
            int outer = open->Next;
            open->Offset = _members;
            open->Next = (int)(node - nodes);
            open->Length = _altered + _base < open->Start ? (int)(at - origin) - open->Start : 0;
            _depth--;
            key = KeyAt(_depth) | _header;
            open = nodes + outer;
            _openNode = open;
            close = open->Kind == JsonKind.Object ? (byte)'}' : (byte)']';
            _members = (open->Offset >> 1) + 1;
            _anew = open->Offset & 1;
            _names = open->Length;
            like = nodes + _likesAt[_depth];
            goto Behind;

        ExitName:
            _place = Place.BeforeName;
            goto Exit;

        ExitValue:
            _place = Place.BeforeValue;
            goto Exit;

        ExitBehind:
            _place = Place.BehindValue;

        Exit:
            _at = (int)(at - text);
            _count = (int)(node - nodes);
            _open = (int)(_openNode - nodes);
            _like = (int)(like - nodes);
            _twin = _twinNode == null ? -1 : (int)(_twinNode - nodes);
        }
    }

    // How a key of that depth begins.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint KeyAt(int depth) => (uint)JsonKind.Key | ((uint)depth << 8);

    // Bytes before the first quote, backslash or control character.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int Plain(byte* at)
    {
        Vector256<byte> next = Vector256.Load(at);
        Vector256<byte> special = Vector256.Equals(Vector256.Min(next, Vector256.Create((byte)0x1F)), next)
            | Vector256.Equals(next, Vector256.Create((byte)'"'))
            | Vector256.Equals(next, Vector256.Create((byte)'\\'));
        return BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
    }

    // Up to 32 of them; false when there are none.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe bool TrySkipBlanks(ref byte* at, byte* origin)
    {
        Vector256<byte> next = Vector256.Load(at);
        Vector256<byte> blanks = Vector256.Equals(next, Vector256.Create((byte)' '))
            | Vector256.Equals(next, Vector256.Create((byte)'\n'))
            | Vector256.Equals(next, Vector256.Create((byte)'\r'))
            | Vector256.Equals(next, Vector256.Create((byte)'\t'));
        int count = BitOperations.TrailingZeroCount(~blanks.ExtractMostSignificantBits());
        if (count == 0) return false;
        at += count;
        _altered = (int)(at - origin) - _base - 1;
        return true;
    }

    // The number that the first of 8 bytes are, as far as they are digits: pairs, then fours, then all of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(ulong text, out int count)
    {
        ulong values = text ^ 0x3030_3030_3030_3030;
        ulong others = ((values + 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
        count = BitOperations.TrailingZeroCount(others) >> 3;
        if (count == 0) return 0;
        values <<= (64 - (count << 3)) & 63;
        values = (values * 10) + (values >> 8);
        return (((values & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((values >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
    }
}
