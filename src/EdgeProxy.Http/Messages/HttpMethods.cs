namespace EdgeProxy.Http.Messages;

/// <summary>Recognises and spells the methods of <see cref="HttpMethod"/>; case matters (RFC 9110, 9.1).</summary>
public static class HttpMethods
{
    /// <summary>The method spelt exactly so, or <see cref="HttpMethod.Other"/>.</summary>
    public static HttpMethod Find(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 3:
                if (name.SequenceEqual("GET"u8)) return HttpMethod.Get;
                return name.SequenceEqual("PUT"u8) ? HttpMethod.Put : HttpMethod.Other;
            case 4:
                if (name.SequenceEqual("POST"u8)) return HttpMethod.Post;
                return name.SequenceEqual("HEAD"u8) ? HttpMethod.Head : HttpMethod.Other;
            case 5:
                if (name.SequenceEqual("PATCH"u8)) return HttpMethod.Patch;
                return name.SequenceEqual("TRACE"u8) ? HttpMethod.Trace : HttpMethod.Other;
            case 6:
                return name.SequenceEqual("DELETE"u8) ? HttpMethod.Delete : HttpMethod.Other;
            case 7:
                if (name.SequenceEqual("OPTIONS"u8)) return HttpMethod.Options;
                return name.SequenceEqual("CONNECT"u8) ? HttpMethod.Connect : HttpMethod.Other;
            default:
                return HttpMethod.Other;
        }
    }

    /// <summary>Its name on the wire; empty for <see cref="HttpMethod.Other"/>.</summary>
    public static ReadOnlySpan<byte> NameOf(HttpMethod method) => method switch
    {
        HttpMethod.Get => "GET"u8,
        HttpMethod.Head => "HEAD"u8,
        HttpMethod.Post => "POST"u8,
        HttpMethod.Put => "PUT"u8,
        HttpMethod.Patch => "PATCH"u8,
        HttpMethod.Delete => "DELETE"u8,
        HttpMethod.Options => "OPTIONS"u8,
        HttpMethod.Trace => "TRACE"u8,
        HttpMethod.Connect => "CONNECT"u8,
        _ => default,
    };
}
