using System.Text;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Grpc;

/// <summary>How a fault of the gateway looks to a gRPC client: a code and a message.</summary>
/// <remarks>
/// The codes of gRPC's own mapping from HTTP ("HTTP to gRPC Status Code Mapping"), except where the gateway knows more than the status
/// says: a time-out, a message over a limit, a route that does not exist.
/// </remarks>
internal static class GrpcStatus
{
    private const int Unknown = 2;
    private const int DeadlineExceeded = 4;
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    private static readonly byte[][] s_codes = Array.ConvertAll([.. Enumerable.Range(0, 17)], static (int code) => Encoding.ASCII.GetBytes(code.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The code of a fault.</summary>
    public static int Of(FaultKind kind, Fault fault) => kind switch
    {
        FaultKind.UpstreamTimedOut or FaultKind.UpstreamConnectTimedOut or FaultKind.BodyTimedOut => DeadlineExceeded,
        FaultKind.BodyTooLarge or FaultKind.ResponseTooLarge => ResourceExhausted,
        FaultKind.RouteNotFound or FaultKind.UnsupportedMediaType => Unimplemented,
        FaultKind.UpstreamMalformed or FaultKind.UpstreamHeadTooLarge => Internal,
        _ => fault.Status switch
        {
            400 => Internal,
            401 => Unauthenticated,
            403 => PermissionDenied,
            404 => Unimplemented,
            429 or 502 or 503 or 504 => Unavailable,
            _ => Unknown,
        },
    };

    /// <summary>Adds <c>grpc-status</c> and <c>grpc-message</c>: as trailers, or to a head that stands for both (Trailers-Only).</summary>
    public static void Add(HeaderTable fields, FaultKind kind, Fault fault)
    {
        fields.Add("grpc-status"u8, s_codes[Of(kind, fault)]);

        // The messages of faults are printable ASCII without a percent sign: nothing needs to be encoded.
        if (fault.Message is { } message) fields.Add("grpc-message"u8, message);
    }
}
