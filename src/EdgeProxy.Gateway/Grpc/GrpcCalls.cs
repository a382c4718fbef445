using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Grpc;

/// <summary>What makes a request a gRPC call, and how long it may take (gRPC over HTTP/2, "Requests").</summary>
internal static class GrpcCalls
{
    private const int MostDigits = 8;

    /// <summary>Whether a request is a gRPC call: over HTTP/2, with a content type of <c>application/grpc</c>, perhaps with <c>+proto</c> and the like.</summary>
    /// <remarks>gRPC-Web is not: it is plain HTTP to everybody but its two ends.</remarks>
    public static bool Is(RequestHead request)
    {
        if (request.Version < 20) return false;
        int contentType = request.Headers.LastIndexOf(KnownHeader.ContentType);
        if (contentType < 0) return false;
        ReadOnlySpan<byte> value = request.Headers.Value(contentType);
        ReadOnlySpan<byte> name = "application/grpc"u8;
        if (value.Length < name.Length || !Ascii.EqualsIgnoreCase(value[..name.Length], name)) return false;
        return value.Length == name.Length || value[name.Length] is (byte)'+' or (byte)';' or (byte)' ';
    }

    /// <summary>Whether a request is a gRPC call that says how long it may take.</summary>
    public static bool IsTimed(RequestContext request, out long nanoseconds)
    {
        nanoseconds = 0;
        return request.IsGrpc && TryReadTimeout(request.Exchange.Request.Headers, out nanoseconds);
    }

    /// <summary>Reads <c>grpc-timeout</c>: up to eight digits and a unit.</summary>
    /// <param name="headers">The request's fields.</param>
    /// <param name="nanoseconds">The time, or 0.</param>
    /// <returns>False when there is none, or it cannot be read: then it counts as not sent.</returns>
    public static bool TryReadTimeout(HeaderTable headers, out long nanoseconds)
    {
        nanoseconds = 0;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != KnownHeader.Other || !Ascii.EqualsIgnoreCase(headers.Name(i), "grpc-timeout"u8)) continue;
            return TryReadTimeout(headers.Value(i), out nanoseconds);
        }

        return false;
    }

    private static bool TryReadTimeout(ReadOnlySpan<byte> value, out long nanoseconds)
    {
        nanoseconds = 0;
        if (value.Length is < 2 or > MostDigits + 1) return false;
        long number = 0;
        foreach (byte digit in value[..^1])
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            number = (number * 10) + (digit - '0');
        }

        long unit = value[^1] switch
        {
            (byte)'H' => 3_600_000_000_000,
            (byte)'M' => 60_000_000_000,
            (byte)'S' => 1_000_000_000,
            (byte)'m' => 1_000_000,
            (byte)'u' => 1_000,
            (byte)'n' => 1,
            _ => 0,
        };
        if (unit == 0) return false;

        // 99,999,999 hours do not fit into nanoseconds; nor does anybody wait for them.
        nanoseconds = number > long.MaxValue / 4 / unit ? long.MaxValue / 4 : number * unit;
        return true;
    }
}
