using System.Text;

namespace EdgeProxy.Load.Messages;

/// <summary>The head of a request: a line and fields. Borrows the bytes it was read from.</summary>
internal readonly ref struct RequestView
{
    private RequestView(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, ReadOnlySpan<byte> lines, HeadFields fields, bool newest)
    {
        Method = method;
        Target = target;
        Lines = lines;
        Fields = fields;
        KeepAlive = newest ? !fields.Close : fields.KeepAlive && !fields.Close;
    }

    public ReadOnlySpan<byte> Method { get; }

    /// <summary>As sent, with the query.</summary>
    public ReadOnlySpan<byte> Target { get; }

    /// <summary>Field lines, each ended by CR LF.</summary>
    public ReadOnlySpan<byte> Lines { get; }

    public HeadFields Fields { get; }

    public bool KeepAlive { get; }

    /// <summary>The target up to the query.</summary>
    public ReadOnlySpan<byte> Path => Target.IndexOf((byte)'?') is >= 0 and int mark ? Target[..mark] : Target;

    /// <summary>What follows the question mark; empty without one.</summary>
    public ReadOnlySpan<byte> Query => Target.IndexOf((byte)'?') is >= 0 and int mark ? Target[(mark + 1)..] : default;

    /// <summary>Reads a head that ends with the CR LF of its last line, without the empty line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> head, out RequestView request)
    {
        request = default;
        int lineEnd = head.IndexOf("\r\n"u8);
        if (lineEnd < 0) return false;

        ReadOnlySpan<byte> line = head[..lineEnd];
        int methodEnd = line.IndexOf((byte)' ');
        int targetEnd = line.LastIndexOf((byte)' ');
        if (methodEnd <= 0 || targetEnd <= methodEnd + 1) return false;

        ReadOnlySpan<byte> version = line[(targetEnd + 1)..];
        if (!version.SequenceEqual("HTTP/1.1"u8) && !version.SequenceEqual("HTTP/1.0"u8)) return false;

        ReadOnlySpan<byte> target = line[(methodEnd + 1)..targetEnd];
        if (target.Contains((byte)' ') || !Ascii.IsValid(line[..methodEnd])) return false;

        ReadOnlySpan<byte> lines = head[(lineEnd + 2)..];
        if (!HeadFields.TryRead(lines, out HeadFields fields)) return false;

        request = new RequestView(line[..methodEnd], target, lines, fields, version[^1] == '1');
        return true;
    }
}
