using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <content>What most of a body is: objects that are alike, short names, texts and numbers.</content>
/// <remarks>
/// One method that calls nothing, so that the compiler keeps places in registers, and that goes by pointers, so that what it reads and writes is not checked anew at each step:
/// that saves a third of what reading took (TemplateBenchmarks.TemplateRender). What makes it safe: a name, or a value in an array, is begun only where <see cref="Reach"/>
/// bytes are left and there is room for <see cref="Room"/> nodes, and what is read before the next such look lies within them. The last bytes of a text are read from a copy
/// with zeros behind it (<see cref="JsonTape.Tail"/>), which end everything. Other nodes that it looks at are behind it on the tape, and so are the names they are of in the text.
/// It stops before the first thing that is not so, with nothing of that done.
/// </remarks>
internal ref partial struct JsonReader
{
    // Bytes that have to be left where something begins: a name of 32, blanks, 32 bytes of a text, and what follows it.
    private const int Reach = JsonTape.TailLength;

    // As many digits fit into a number with some room.
    private const int MostDigits = 9;

    private const int LongestName = ShortText.Width - 3;

    // An object that begins closer to the end than this, or its predecessor its last two bytes before that, has no twin: 32 bytes of a twin's name could not be read.
    private const int TwinReach = ShortText.Width + 2;

    private const uint EscapedHeader = 0xFFFF_0000;

    private const ushort ColonQuote = ':' | ('"' << 8);
    private const ushort QuoteColon = '"' | (':' << 8);
    private const uint True = 't' | ('r' << 8) | ('u' << 16) | ((uint)'e' << 24);
    private const uint Null = 'n' | ('u' << 8) | ('l' << 16) | ((uint)'l' << 24);

    // Its first letters.
    private const uint False = 'f' | ('a' << 8) | ('l' << 16) | ((uint)'s' << 24);

    private const uint NextObject = '}' | (',' << 8) | ('{' << 16) | ('"' << 24);

    // Of 0 to 7 digits behind a point.
    private static ReadOnlySpan<int> Powers => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

    private unsafe void ReadPlain()
    {
        int[] levels = _tape.Likes(_depth);
        fixed (byte* text = _text)
        fixed (byte* tail = _tape.Tail)
        fixed (JsonNode* nodes = _nodes)
        fixed (int* likes = levels)
        {
            // What is asked for seldom stays in fields, so that registers are left for the rest. Offsets in nodes count from the origin.
            _deepest = Math.Min(Math.Min(_limits.Depth, levels.Length - 1), JsonNode.Deepest - 1);
            _likesAt = likes;
            _header = (uint)_segment << 16;
            _full = nodes + Math.Max(0, Math.Min(_nodes.Length - Room + 1, (long)_root + _limits.Nodes - 2));
            _openNode = nodes + _open;
            _twinNode = _twin < 0 ? null : nodes + _twin;
            _nodesAt = nodes;
            _wholeAt = text - _base;
            _last = text + (_text.Length - Reach);
            _lastTwin = _last;
            byte* origin = _wholeAt;
            byte* at = text + _at;
            JsonNode* node = nodes + _count;
            JsonNode* like = nodes + _like;

            // Of a text, where it is looked at.
            byte* quote;
            int plain;

            // How a name begins that is a member of the open object; 0 in an array.
            uint key = _openNode->Kind == JsonKind.Object ? KeyAt(_depth) | _header : 0;
            if (at <= _last) goto Resume;

        Near:
            // From here on it is the copy that is read.
            at -= origin - tail;
            origin = tail + (Reach - _text.Length - _base);
            at += origin - tail;
            _last = tail + Reach;
            _lastTwin = _last - TwinReach;

        Resume:
            if (_place == Place.BeforeName) goto Name;
            if (_place == Place.BeforeValue) goto Value;

        Behind:
            if (*at == ',')
            {
                at++;
                if (key != 0) goto Name;
                goto Value;
            }

            if (*at == (key != 0 ? '}' : ']')) goto Close;
            if (at > _last || !TrySkipBlanks(ref at, origin)) goto ExitBehind;
            goto Behind;

        Name:
            if (at > _last || node >= _full) goto ExitName;
            if (*(uint*)like != key) goto Unlike;

            // A name that is the same as another one need not be searched for its end, nor hashed. It is another one than those before, which its twin has before it.
            uint length = (uint)like->Length;
            uint different = ~Vector256.Equals(Vector256.Load(at), Vector256.Load(_wholeAt + like->Offset - 1)).ExtractMostSignificantBits();
            if ((uint)BitOperations.TrailingZeroCount(different) < length + 2) goto Unlike;
            byte* colon = at + length + 2;
            if (*(ushort*)colon == ColonQuote && like[1].Kind < JsonKind.Array)
            {
                CopyKey(like, node, (int)(at - origin) + 1);
                node++;
                like += 2;
                at = colon + 1;
                quote = colon + 2;
                plain = Plain(quote);
                if (quote[plain] != '"') goto Scanned;
                *(uint*)node = (uint)JsonKind.String | _header;
                node->Offset = (int)(quote - origin);
                node->Length = plain;
                at = quote + plain + 1;
                node++;
                _members++;
                if (*at != ',') goto Behind;
                at++;
                goto Name;
            }

            if (*colon != ':') goto ExitName;
            CopyKey(like, node, (int)(at - origin) + 1);
            node++;
            at = colon + 1;
            like++;
            _twinNode = like;
            like = like->Kind >= JsonKind.Array ? _nodesAt + like->Next : like + 1;
            goto AnyValue;

        Value:
            if (at > _last || node > _full) goto ExitValue;

        AnyValue:
            if ((uint)(*at - '0') <= 9)
            {
                // Which of 8 bytes are no digits, at the top of each.
                ulong digits = *(ulong*)at ^ 0x3030_3030_3030_3030;
                ulong others = ((digits + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
                if (others == 0) goto ExitValue;
                int bits = BitOperations.TrailingZeroCount(others) - 7;
                byte* end = at + (bits >> 3);
                uint kind = (uint)JsonKind.Integer;
                if (*end != '.')
                {
                    if (*at == '0' && bits > 8) goto ExitValue;
                    digits = Number(digits, bits);
                }
                else
                {
                    // As Java writes it: see WritesItself.
                    if (*at == '0' && (bits > 8 || end[1] == '0')) goto ExitValue;
                    others &= others - 1;
                    int fraction;
                    if (others != 0)
                    {
                        // The point is taken out.
                        int all = BitOperations.TrailingZeroCount(others) - 15;
                        fraction = (all - bits) >> 3;
                        if (fraction == 0) goto ExitValue;
                        ulong before = (1UL << bits) - 1;
                        digits = Number((digits & before) | ((digits >> 8) & ~before), all);
                    }
                    else
                    {
                        ulong behindPoint = Digits(*(ulong*)(end + 1), out fraction);
                        if (fraction is 0 or > 7 || (bits >> 3) + fraction > MostDigits) goto ExitValue;
                        digits = (Number(digits, bits) * (uint)Powers[fraction]) + behindPoint;
                    }

                    end += fraction + 1;
                    if (end[-1] == '0' && fraction > 1) goto ExitValue;
                    kind = (uint)JsonKind.Decimal | ((uint)fraction << 8);
                }

                if (*end != ',' && (*end | 0x20) != '}' && *end > ' ') goto ExitValue;
                *(uint*)node = kind | _header;
                node->Offset = (int)(at - origin);
                node->Length = (int)(end - at);
                node->Next = JsonNode.WritesItself | JsonNode.HasDigits;
                node->Start = (int)digits;
                at = end;
            }
            else if (*at == '"')
            {
                goto Text;
            }
            else
            {
                int letters = 4;
                uint kind = (uint)JsonKind.True;
                if (*(uint*)at != True)
                {
                    if (*at is (byte)'{' or (byte)'[') goto Open;
                    kind = (uint)JsonKind.Null;
                    if (*(uint*)at != Null)
                    {
                        if (*(uint*)at != False || at[4] != 'e')
                        {
                            if (!TrySkipBlanks(ref at, origin)) goto ExitValue;
                            goto Value;
                        }

                        kind = (uint)JsonKind.False;
                        letters = 5;
                    }
                }

                *(uint*)node = kind | _header;
                node->Offset = (int)(at - origin);
                node->Length = letters;
                at += letters;
            }

        Done:
            node++;
            _members++;
            goto Behind;

        Text:
            quote = at + 1;
            plain = Plain(quote);

        Scanned:
            uint header = _header;
            while (true)
            {
                quote += plain;
                if (plain != ShortText.Width)
                {
                    if (*quote != '\\') break;

                    // Of escapes only quotes and backslashes are plain. What is behind a backslash begins no other.
                    if (quote[1] != '"' && quote[1] != '\\') goto ExitValue;
                    quote += 2;
                    header = EscapedHeader;
                }

                if (quote > _last)
                {
                    // The text goes on in the copy.
                    quote -= origin - tail;
                    at -= origin - tail;
                    origin = tail + (Reach - _text.Length - _base);
                    quote += origin - tail;
                    at += origin - tail;
                    _last = tail + Reach;
                    _lastTwin = _last - TwinReach;
                }

                plain = Plain(quote);
            }

            if (*quote != '"') goto ExitValue;
            at++;
            *(uint*)node = (uint)JsonKind.String | header;
            node->Offset = (int)(at - origin);
            node->Length = (int)(quote - at);
            at = quote + 1;
            if (header == EscapedHeader)
            {
                node->Start = _escaped;
                _escaped = IndexOf(node, _nodesAt);
            }

            goto Done;

        Unlike:
            if (*at != '"')
            {
                if (!TrySkipBlanks(ref at, origin)) goto ExitName;
                goto Name;
            }

            // Another name: one that the twin has further on, or one that it does not have.
            JsonNode* ahead = like;
            for (int i = 1; i < NamesAhead && ahead->Kind == JsonKind.Key && ahead->Depth == (byte)(key >> 8); i++)
            {
                ahead++;
                ahead = ahead->Kind >= JsonKind.Array ? _nodesAt + ahead->Next : ahead + 1;
                if (*(uint*)ahead != key) continue;
                uint others = ~Vector256.Equals(Vector256.Load(at), Vector256.Load(_wholeAt + ahead->Offset - 1)).ExtractMostSignificantBits();
                if ((uint)BitOperations.TrailingZeroCount(others) < (uint)ahead->Length + 2) continue;
                like = ahead;
                goto Name;
            }

            int letter = Plain(at + 1);
            if (letter > LongestName || *(ushort*)(at + letter + 1) != QuoteColon) goto ExitName;
            *(uint*)node = key;
            node->Offset = (int)(at - origin) + 1;
            node->Length = letter;
            node->Next = TextHash.Of(_tape.Seed, at + 1, letter);
            node->Start = _tape.FirstKey + IndexOf(node, _nodesAt);
            node++;
            at += letter + 3;
            _anew |= 1;
            _twinNode = null;
            goto AnyValue;

        Open:
            // There may be nothing in it, and many blanks.
            byte* inner = at + 1;
            if (*inner <= ' ' && (!TrySkipBlanks(ref inner, origin) || *inner <= ' ')) goto ExitValue;
            if (_depth >= _deepest) goto ExitValue;
            JsonNode* open = _openNode;
            open->Offset = _members;
            open->Length = _anew;
            JsonNode* twin = _twinNode;
            if (key == 0)
            {
                twin = like->Kind == JsonKind.Object ? like : null;
                if (*at == '{') like = node;
            }

            int depth = _depth;
            _likesAt[depth] = IndexOf(like, _nodesAt);
            depth++;
            _depth = depth;
            _openNode = node;
            node->Next = IndexOf(open, _nodesAt);
            node->Start = (int)(at - origin);
            like = node;
            _members = 0;
            _anew = 1;
            _twinNode = null;
            if (*at == '{')
            {
                key = KeyAt(depth) | _header;
                *(uint*)node = key + (JsonKind.Object - JsonKind.Key);
                if (twin != null && twin->Kind == JsonKind.Object && at <= _lastTwin)
                {
                    like = twin + 1;
                    _anew = 0;
                }

                node++;
                at = inner;
                if (*at != '}') goto Name;
            }
            else
            {
                key = 0;
                *(uint*)node = (uint)JsonKind.Array | ((uint)depth << 8) | _header;
                if (twin != null && twin->Kind == JsonKind.Array && twin[1].Kind == JsonKind.Object) like = twin + 1;
                node++;
                at = inner;
                if (*at != ']') goto Value;
            }

        Close:
            open = _openNode;
            if (at <= _lastTwin && like == open && *(uint*)at == NextObject && _anew == 0 && node <= _full)
            {
                // The object before was its twin, so they are in an array, and the next one will be like it.
                open->Offset = _members;
                int list = open->Next;
                int next = IndexOf(node, _nodesAt);
                open->Next = next;
                open->Length = _altered + _base < open->Start ? (int)(at - origin) + 1 - open->Start : 0;
                _nodesAt[list].Offset++;
                _likesAt[_depth - 1] = next;
                _keys += _members;
                *(uint*)node = *(uint*)open;
                node->Next = list;
                node->Start = (int)(at - origin) + 2;
                like = open + 1;
                _openNode = node;
                _members = 0;
                node++;
                at += 3;
                goto Name;
            }

            // The end of what may be looked at (closers need not be as many as there are open).
            if (at > _last) goto ExitBehind;
            if (key != 0)
            {
                if (_anew != 0 && (_anew >= Escapes || (MayRepeat(open, node, _nodesAt, 0) && MayRepeat(open, node, _nodesAt, 6)))) goto ExitBehind;
                _keys += _members;
            }

            at++;
            int outer = open->Next;
            open->Offset = _members;
            open->Next = IndexOf(node, _nodesAt);
            open->Length = _altered + _base < open->Start ? (int)(at - origin) - open->Start : 0;
            _depth--;
            open = _nodesAt + outer;
            _openNode = open;
            if (outer < 0)
            {
                _place = Place.BehindValue;
                goto Exit;
            }

            _members = open->Offset + 1;
            _anew = open->Length;
            like = _nodesAt + _likesAt[_depth];
            key = open->Kind == JsonKind.Object ? KeyAt(_depth) | _header : 0;
            goto Behind;

        ExitName:
            _place = Place.BeforeName;
            if (at > _last) goto Near;
            goto Exit;

        ExitValue:
            _place = Place.BeforeValue;
            if (at > _last) goto Near;
            goto Exit;

        ExitBehind:
            _place = Place.BehindValue;
            if (at > _last) goto Near;

        Exit:
            _at = (int)(at - origin) - _base;
            _count = IndexOf(node, nodes);
            _open = IndexOf(_openNode, nodes);
            _like = IndexOf(like, nodes);
            _twin = _twinNode == null ? -1 : IndexOf(_twinNode, nodes);
        }
    }

    // How a key of that depth begins.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint KeyAt(int depth) => (uint)JsonKind.Key | ((uint)depth << 8);

    // A name that stands there too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void CopyKey(JsonNode* from, JsonNode* to, int offset)
    {
        Vector128.Load((byte*)from).Store((byte*)to);
        to->Start = from->Start;
        to->Offset = offset;
    }

    // A node's index: its distance in words, divided by 5 by what 5 has to be multiplied with to be 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int IndexOf(JsonNode* node, JsonNode* nodes) => (int)((uint)(((byte*)node - (byte*)nodes) >> 2) * 0xCCCC_CCCDu);

    // Whether two names of the object that ends there may be the same; they are not where their hashes differ in the 6 bits from that one on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe bool MayRepeat(JsonNode* owner, JsonNode* end, JsonNode* nodes, int bit)
    {
        ulong names = 0;
        for (JsonNode* key = owner + 1; key < end;)
        {
            ulong name = 1UL << (key->Next >> bit);
            if ((names & name) != 0) return true;
            names |= name;
            key++;
            key = key->Kind >= JsonKind.Array ? nodes + key->Next : key + 1;
        }

        return false;
    }

    // Bytes before the first quote, backslash or control character.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe int Plain(byte* at)
    {
        // A quote with that bit changed is a blank, what was below stays below, and nothing else becomes so.
        Vector256<byte> next = Vector256.Load(at);
        Vector256<byte> changed = next ^ Vector256.Create((byte)('"' ^ ' '));
        Vector256<byte> special = Vector256.Equals(Vector256.Min(changed, Vector256.Create((byte)' ')), changed) | Vector256.Equals(next, Vector256.Create((byte)'\\'));
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

    // The number that the first of 8 bytes are, as far as they are digits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(ulong text, out int count)
    {
        ulong values = text ^ 0x3030_3030_3030_3030;
        ulong others = ((values + 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080;
        count = BitOperations.TrailingZeroCount(others) >> 3;
        return count == 0 ? 0 : Number(values, count << 3);
    }

    // Of up to 8 digits' values in so many bits: pairs, then fours, then all of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Number(ulong values, int bits)
    {
        if (bits <= 32)
        {
            uint four = (uint)values << (32 - bits);
            four = (four * 10) + (four >> 8);
            return ((four & 0xFF) * 100) + ((four >> 16) & 0xFF);
        }

        values <<= (64 - bits) & 63;
        values = (values * 10) + (values >> 8);
        return (((values & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((values >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
    }
}
