using System.Text;

namespace EdgeProxy.Lambda.Workers;

/// <summary>Cuts one stream of a process' output into lines. What a line has beyond 256 KB is left out.</summary>
internal sealed class OutputLines(Action<string> onLine)
{
    public const int MaximumLine = 256 * 1024;

    private byte[] _line = [];
    private int _length;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end < 0)
            {
                Keep(bytes);
                return;
            }

            if (_length == 0)
            {
                Tell(bytes[..Math.Min(end, MaximumLine)]);
            }
            else
            {
                Keep(bytes[..end]);
                Tell(_line.AsSpan(0, _length));
                _length = 0;
            }

            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>The stream has ended: what is left is a line, too.</summary>
    public void End()
    {
        if (_length > 0) Tell(_line.AsSpan(0, _length));
        _length = 0;
    }

    private void Tell(ReadOnlySpan<byte> line) => onLine(Encoding.UTF8.GetString(line.TrimEnd((byte)'\r')));

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaximumLine - _length)];
        if (_length + bytes.Length > _line.Length) Array.Resize(ref _line, Math.Min(MaximumLine, Math.Max(_length + bytes.Length, _line.Length * 2)));
        bytes.CopyTo(_line.AsSpan(_length));
        _length += bytes.Length;
    }
}
