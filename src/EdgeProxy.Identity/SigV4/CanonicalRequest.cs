namespace EdgeProxy.Identity.SigV4;

/// <summary>The one text that a request's two ends make of it on their own, so that both can sign it (specification security.md 3.2).</summary>
/// <remarks>
/// Used again and again: <see cref="Begin"/>, <see cref="AddHeader"/> for each signed field in the order of the wire, <see cref="End"/>. Who
/// signs adds the fields it means to send; who verifies adds those that the signature names. Pure: no clock, no key. One thread at a time.
/// </remarks>
public sealed class CanonicalRequest
{
    private readonly CanonicalBuffer _text = new();
    private readonly CanonicalBuffer _parts = new();
    private readonly CanonicalBuffer _signed = new();
    private readonly CanonicalBuffer _path = new();

    // Kept, because a comparer is made into a delegate at each sort.
    private readonly Comparison<Pair> _byName;
    private readonly Comparison<Pair> _byNameAndValue;
    private Pair[] _pairs = new Pair[16];
    private int _count;

    public CanonicalRequest()
    {
        _byName = (x, y) => Compare(x, y, comparesValues: false);
        _byNameAndValue = (x, y) => Compare(x, y, comparesValues: true);
    }

    /// <summary>The whole text, after <see cref="End"/>.</summary>
    public ReadOnlySpan<byte> Text => _text.Written;

    /// <summary>The names of the signed fields as <c>a;b;c</c>, after <see cref="End"/>.</summary>
    public ReadOnlySpan<byte> SignedHeaders => _signed.Written;

    /// <summary>Starts on a request whose path and query are one text, as who signs it has them.</summary>
    public void Begin(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, CanonicalPath form)
    {
        int question = target.IndexOf((byte)'?');
        Begin(method, question < 0 ? target : target[..question], question < 0 ? default : target[(question + 1)..], form);
    }

    /// <summary>Starts on a request.</summary>
    /// <param name="method">As on the wire.</param>
    /// <param name="path">As on the wire, without the query; empty is <c>/</c>.</param>
    /// <param name="query">As on the wire, without the question mark; <c>X-Amz-Signature</c> in it is left out.</param>
    /// <param name="form">How the service wants the path.</param>
    public void Begin(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, CanonicalPath form)
    {
        _text.Clear();
        _text.Write(method);
        _text.Write((byte)'\n');
        WritePath(path, form);
        _text.Write((byte)'\n');
        WriteQuery(query);
        _text.Write((byte)'\n');
        _parts.Clear();
        _count = 0;
    }

    /// <summary>Adds a signed field. Fields of one name are joined in the order in which they are added.</summary>
    public void AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int nameStart = _parts.Length;
        foreach (byte letter in name) _parts.Write(letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter);
        int valueStart = _parts.Length;
        WriteTrimmed(value);
        AddPair(new Pair(nameStart, valueStart - nameStart, valueStart, _parts.Length - valueStart, _count));
    }

    /// <summary>Ends the text.</summary>
    /// <param name="payloadHash">The body's SHA-256 in lower-case hexadecimal, or what stands in its place.</param>
    public void End(ReadOnlySpan<byte> payloadHash)
    {
        _pairs.AsSpan(0, _count).Sort(_byName);
        _signed.Clear();
        for (int i = 0; i < _count; i++)
        {
            Pair pair = _pairs[i];
            ReadOnlySpan<byte> name = _parts.Slice(pair.NameStart, pair.NameLength);
            bool goesOn = i > 0 && _parts.Slice(_pairs[i - 1].NameStart, _pairs[i - 1].NameLength).SequenceEqual(name);
            if (goesOn)
            {
                _text.Write((byte)',');
            }
            else
            {
                if (i > 0)
                {
                    _text.Write((byte)'\n');
                    _signed.Write((byte)';');
                }

                _text.Write(name);
                _text.Write((byte)':');
                _signed.Write(name);
            }

            _text.Write(_parts.Slice(pair.ValueStart, pair.ValueLength));
        }

        if (_count > 0) _text.Write((byte)'\n');
        _text.Write((byte)'\n');
        _text.Write(_signed.Written);
        _text.Write((byte)'\n');
        _text.Write(payloadHash);
    }

    // By bytes; what is equal stays in the order in which it came.
    private int Compare(Pair x, Pair y, bool comparesValues)
    {
        int names = _parts.Slice(x.NameStart, x.NameLength).SequenceCompareTo(_parts.Slice(y.NameStart, y.NameLength));
        if (names != 0) return names;
        int values = comparesValues ? _parts.Slice(x.ValueStart, x.ValueLength).SequenceCompareTo(_parts.Slice(y.ValueStart, y.ValueLength)) : 0;
        return values != 0 ? values : x.Ordinal.CompareTo(y.Ordinal);
    }

    private void AddPair(Pair pair)
    {
        if (_count == _pairs.Length) Array.Resize(ref _pairs, _count * 2);
        _pairs[_count++] = pair;
    }

    // Blanks around the value go, and each run within becomes one, in quotes as well (the suite turns "a   b" into "a b").
    private void WriteTrimmed(ReadOnlySpan<byte> value)
    {
        bool blank = false;
        bool any = false;
        foreach (byte letter in value)
        {
            if (letter is (byte)' ' or (byte)'\t')
            {
                blank = any;
                continue;
            }

            if (blank) _parts.Write((byte)' ');
            _parts.Write(letter);
            blank = false;
            any = true;
        }
    }

    private void WritePath(ReadOnlySpan<byte> path, CanonicalPath form)
    {
        if (path.IsEmpty)
        {
            _text.Write((byte)'/');
            return;
        }

        switch (form)
        {
            case CanonicalPath.Normalized:
                Normalize(path);
                _text.WriteEncoded(_path.Written, keepsSlash: true);
                break;
            case CanonicalPath.AsSent:
                _text.WriteEncoded(path, keepsSlash: true);
                break;
            default:
                _text.WriteRecoded(path, keepsSlash: true);
                break;
        }
    }

    // RFC 3986, 5.2.4, with empty segments gone as well. A path that ends in a slash, or in a dot segment, keeps one slash at its end.
    private void Normalize(ReadOnlySpan<byte> path)
    {
        _path.Clear();
        bool endsInSlash = false;
        while (!path.IsEmpty)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> segment = slash < 0 ? path : path[..slash];
            bool isUp = segment.SequenceEqual(".."u8);
            endsInSlash = slash >= 0 || isUp || segment.SequenceEqual("."u8);
            if (isUp)
            {
                int last = _path.Written.LastIndexOf((byte)'/');
                _path.Truncate(Math.Max(0, last));
            }
            else if (!segment.IsEmpty && !segment.SequenceEqual("."u8))
            {
                _path.Write((byte)'/');
                _path.Write(segment);
            }

            if (slash < 0) break;
            path = path[(slash + 1)..];
        }

        if (endsInSlash || _path.Length == 0) _path.Write((byte)'/');
    }

    private void WriteQuery(ReadOnlySpan<byte> query)
    {
        _parts.Clear();
        _count = 0;
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (pair.IsEmpty) continue;
            int equals = pair.IndexOf((byte)'=');
            ReadOnlySpan<byte> name = equals < 0 ? pair : pair[..equals];
            int nameStart = _parts.Length;
            _parts.WriteRecoded(name);
            int valueStart = _parts.Length;
            if (_parts.Slice(nameStart, valueStart - nameStart).SequenceEqual("X-Amz-Signature"u8)) continue;
            if (equals >= 0) _parts.WriteRecoded(pair[(equals + 1)..]);
            AddPair(new Pair(nameStart, valueStart - nameStart, valueStart, _parts.Length - valueStart, _count));
        }

        _pairs.AsSpan(0, _count).Sort(_byNameAndValue);
        for (int i = 0; i < _count; i++)
        {
            if (i > 0) _text.Write((byte)'&');
            _text.Write(_parts.Slice(_pairs[i].NameStart, _pairs[i].NameLength));
            _text.Write((byte)'=');
            _text.Write(_parts.Slice(_pairs[i].ValueStart, _pairs[i].ValueLength));
        }
    }

    // A name and its value in the gathered parts, and when it came.
    private readonly record struct Pair(int NameStart, int NameLength, int ValueStart, int ValueLength, int Ordinal);
}
