namespace EdgeProxy.Lambda.Workers;

/// <summary>The last 4 KB that a process wrote, for <c>X-Amz-Log-Result</c>. Any thread.</summary>
internal sealed class LogTail
{
    public const int Size = 4096;

    private readonly byte[] _ring = new byte[Size];
    private readonly Lock _gate = new();
    private long _written;

    /// <summary>Bytes written so far, those that have been forgotten among them.</summary>
    public long Written
    {
        get
        {
            lock (_gate) return _written;
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

    /// <summary>What was written, as far as it is kept.</summary>
    /// <param name="since">Leaves out what was written before there were so many bytes.</param>
    public byte[] ToArray(long since = 0)
    {
        lock (_gate)
        {
            int length = (int)Math.Min(_written - since, Size);
            int start = (int)((_written - length) % Size);
            var copy = new byte[length];
            int first = Math.Min(length, Size - start);
            _ring.AsSpan(start, first).CopyTo(copy);
            _ring.AsSpan(0, length - first).CopyTo(copy.AsSpan(first));
            return copy;
        }
    }
}
