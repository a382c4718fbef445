using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Grpc;

/// <summary>Faults as gRPC clients understand them: 200 with the status in the head and no body (gRPC over HTTP/2, "Trailers-Only").</summary>
/// <remarks>Customised gateway responses do not apply: their bodies and statuses would mean nothing to such a client.</remarks>
internal sealed class GrpcErrorForm : IErrorForm
{
    private GrpcErrorForm()
    {
    }

    public static GrpcErrorForm Instance { get; } = new();

    public BodyChunk Fill(RequestContext request, Fault fault)
    {
        ResponseHead head = request.Exchange.Response;
        head.Status = 200;
        head.Headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/grpc"u8);
        GrpcStatus.Add(head.Headers, request.Fault, fault);
        head.Headers.Add(KnownHeader.XAmznRequestId, "x-amzn-RequestId"u8, request.RequestId);
        head.Headers.Add(KnownHeader.XAmznErrorType, "x-amzn-ErrorType"u8, fault.ErrorType);
        head.Headers.Add(KnownHeader.XAmzApigwId, "x-amz-apigw-id"u8, request.ExtendedRequestId);
        return BodyChunk.Empty;
    }
}
