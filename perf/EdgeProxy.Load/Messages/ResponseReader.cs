namespace EdgeProxy.Load.Messages;

/// <summary>Reads the responses of one connection, one after the other, from pieces of any size.</summary>
/// <remarks>Content is counted and dropped. Interim (1xx) responses are passed over.</remarks>
internal sealed class ResponseReader(BodyRule rule)
{
    private const int MaximumHeadBytes = 64 * 1024;

    private byte[] _head = [];
    private int _headLength;
    private Where _where;
    private long _left;
    private ChunkedBody _chunks;

    private enum Where : byte
    {
        Head,
        Counted,
        Chunked,
        UntilClose,
    }

    /// <summary>Status of the response that is being read or was read last.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the connection may carry another request after this response.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Bytes of content read so far, of all responses.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>Whether a part of a response has been read.</summary>
    public bool Started => _where != Where.Head || _headLength > 0;

    /// <summary>Forgets what was read, for use on a new connection.</summary>
    public void Reset()
    {
        _where = Where.Head;
        _headLength = 0;
    }

    /// <summary>Takes bytes up to the end of the response or of the input.</summary>
    public ReadStep Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = input[consumed..];
            if (rest.IsEmpty) return ReadStep.NeedMore;

            ReadStep step = _where switch
            {
                Where.Head => ReadHead(rest, ref consumed),
                Where.Counted => ReadCounted(rest, ref consumed),
                Where.Chunked => ReadChunked(rest, ref consumed),
                _ => ReadUntilClose(rest, ref consumed),
            };
            if (step != ReadStep.NeedMore) return step;
        }
    }

    /// <summary>Whether the end of the connection, here, completes the response.</summary>
    public bool CompletesAtClose() => _where == Where.UntilClose;

    private ReadStep ReadHead(ReadOnlySpan<byte> rest, ref int consumed)
    {
        if (_headLength == 0)
        {
            int end = rest.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                consumed += end + 4;
                return Understand(rest[..(end + 2)]);
            }
        }

        // The head is split over reads: gather it, looking again only where an end could newly stand.
        int from = Math.Max(0, _headLength - 3);
        int taken = Math.Min(rest.Length, MaximumHeadBytes - _headLength);
        Gather(rest[..taken]);
        int found = _head.AsSpan(from, _headLength - from).IndexOf("\r\n\r\n"u8);
        if (found < 0)
        {
            consumed += taken;
            return _headLength == MaximumHeadBytes ? ReadStep.Malformed : ReadStep.NeedMore;
        }

        int length = from + found + 4;
        consumed += length - (_headLength - taken);
        _headLength = 0;
        return Understand(_head.AsSpan(0, length - 2));
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        if (_head.Length < _headLength + bytes.Length)
        {
            Array.Resize(ref _head, Math.Max(512, Math.Max(_head.Length * 2, _headLength + bytes.Length)));
        }

        bytes.CopyTo(_head.AsSpan(_headLength));
        _headLength += bytes.Length;
    }

    /// <summary>The head is "HTTP/1.1 200 OK CRLF field lines", with the last CR LF and without the empty line.</summary>
    private ReadStep Understand(ReadOnlySpan<byte> head)
    {
        int lineEnd = head.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> line = head[..lineEnd];
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[8] != ' ') return ReadStep.Malformed;
        if (line.Length > 12 && line[12] != ' ') return ReadStep.Malformed;
        if (!TryReadStatus(line.Slice(9, 3), out int status)) return ReadStep.Malformed;
        if (!HeadFields.TryRead(head[(lineEnd + 2)..], out HeadFields fields)) return ReadStep.Malformed;
        if (status is >= 100 and < 200) return status == 101 ? ReadStep.Malformed : ReadStep.NeedMore;

        Status = status;
        bool newest = line[7] != '0';
        KeepAlive = newest ? !fields.Close : fields.KeepAlive && !fields.Close;
        if (rule == BodyRule.Never || status is 204 or 304) return ReadStep.Complete;

        if (fields.Chunked)
        {
            _chunks = default;
            _where = Where.Chunked;
            return ReadStep.NeedMore;
        }

        if (fields.ContentLength == 0) return ReadStep.Complete;

        _left = fields.ContentLength;
        _where = _left > 0 ? Where.Counted : Where.UntilClose;
        if (_left < 0) KeepAlive = false;
        return ReadStep.NeedMore;
    }

    private ReadStep ReadCounted(ReadOnlySpan<byte> rest, ref int consumed)
    {
        int part = (int)Math.Min(_left, rest.Length);
        consumed += part;
        ContentBytes += part;
        _left -= part;
        return _left > 0 ? ReadStep.NeedMore : End();
    }

    private ReadStep ReadChunked(ReadOnlySpan<byte> rest, ref int consumed)
    {
        ReadStep step = _chunks.Read(rest, out int used, out ReadOnlySpan<byte> content);
        consumed += used;
        ContentBytes += content.Length;
        return step == ReadStep.Complete ? End() : step;
    }

    private ReadStep ReadUntilClose(ReadOnlySpan<byte> rest, ref int consumed)
    {
        consumed += rest.Length;
        ContentBytes += rest.Length;
        return ReadStep.NeedMore;
    }

    private ReadStep End()
    {
        _where = Where.Head;
        return ReadStep.Complete;
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> digits, out int status)
    {
        status = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            status = (status * 10) + digit - '0';
        }

        return status is >= 100 and <= 599;
    }
}
