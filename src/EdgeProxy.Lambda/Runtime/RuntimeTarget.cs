using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>What a request to the Runtime API asks for.</summary>
internal readonly ref struct RuntimeTarget
{
    private RuntimeTarget(RuntimeCall call, ReadOnlySpan<byte> requestId)
    {
        Call = call;
        RequestId = requestId;
    }

    public RuntimeCall Call { get; }

    /// <summary>The id in the path as sent, perhaps percent-encoded; empty where the call has none.</summary>
    public ReadOnlySpan<byte> RequestId { get; }

    /// <summary>Reads method and path. Borrows the path.</summary>
    public static RuntimeTarget Of(HttpMethod method, ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("/ping"u8)) return Of(RuntimeCall.Ping, HttpMethod.Get, method, default);
        ReadOnlySpan<byte> prefix = "/2018-06-01/runtime/"u8;
        if (!path.StartsWith(prefix)) return default;
        path = path[prefix.Length..];
        if (path.SequenceEqual("invocation/next"u8)) return Of(RuntimeCall.Next, HttpMethod.Get, method, default);
        if (path.SequenceEqual("init/error"u8)) return Of(RuntimeCall.InitError, HttpMethod.Post, method, default);
        ReadOnlySpan<byte> invocation = "invocation/"u8;
        if (!path.StartsWith(invocation)) return default;
        path = path[invocation.Length..];
        int slash = path.IndexOf((byte)'/');
        if (slash <= 0) return default;
        ReadOnlySpan<byte> id = path[..slash];
        return path[(slash + 1)..] switch
        {
            var rest when rest.SequenceEqual("response"u8) => Of(RuntimeCall.Response, HttpMethod.Post, method, id),
            var rest when rest.SequenceEqual("error"u8) => Of(RuntimeCall.Error, HttpMethod.Post, method, id),
            _ => default,
        };
    }

    /// <summary>Whether the id in the path is this one, with or without percent-encoding.</summary>
    public bool Names(ReadOnlySpan<byte> requestId)
    {
        ReadOnlySpan<byte> sent = RequestId;
        if (sent.SequenceEqual(requestId)) return true;
        int at = 0;
        for (int i = 0; i < sent.Length; i++, at++)
        {
            if (at == requestId.Length) return false;
            byte c = sent[i];
            if (c == '%' && i + 2 < sent.Length && HexValue(sent[i + 1]) is var high and >= 0 && HexValue(sent[i + 2]) is var low and >= 0)
            {
                c = (byte)((high << 4) | low);
                i += 2;
            }

            if (c != requestId[at]) return false;
        }

        return at == requestId.Length;
    }

    private static RuntimeTarget Of(RuntimeCall call, HttpMethod wanted, HttpMethod method, ReadOnlySpan<byte> requestId) => new(method == wanted ? call : RuntimeCall.WrongMethod, requestId);

    private static int HexValue(byte c) => char.IsAsciiHexDigit((char)c) ? (c & 0xF) + ((c >> 6) * 9) : -1;
}
