namespace EdgeProxy.Lambda.Workers;

/// <summary>The last 4 KB that a process wrote, for <c>X-Amz-Log-Result</c>. Any thread.</summary>
internal sealed class LogTail
{
    public const int Size = 4096;

    private readonly byte[] _ring = new byte[Size];
    private readonly Lock _gate = new();
    private long _written;
    private long _markedAt;
    private int _marks;

    /// <summary>An invocation begins: what is written from here to the next mark is its own.</summary>
    public LogMark Mark()
    {
        lock (_gate)
        {
            _markedAt = _written;
            return new LogMark(++_marks, _written);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (bytes.Length > Size)
            {
                _written += bytes.Length - Size;
                bytes = bytes[^Size..];
            }

            int at = (int)(_written % Size);
            int first = Math.Min(bytes.Length, Size - at);
            bytes[..first].CopyTo(_ring.AsSpan(at));
            bytes[first..].CopyTo(_ring);
            _written += bytes.Length;
        }
    }

    /// <summary>What was written from a mark to the one after it, as far as it is kept; nothing once there are more.</summary>
    public byte[] ToArray(LogMark since)
    {
        lock (_gate)
        {
            long end = _marks == since.Ordinal ? _written : _marks == since.Ordinal + 1 ? _markedAt : 0;
            long begin = Math.Max(since.At, _written - Size);
            if (end <= begin) return [];
            var copy = new byte[end - begin];
            int start = (int)(begin % Size);
            int first = Math.Min(copy.Length, Size - start);
            _ring.AsSpan(start, first).CopyTo(copy);
            _ring.AsSpan(0, copy.Length - first).CopyTo(copy.AsSpan(first));
            return copy;
        }
    }
}
