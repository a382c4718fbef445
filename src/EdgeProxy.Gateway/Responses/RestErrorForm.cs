using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Responses;

/// <summary>The gateway responses of REST APIs (rest-api.md 3.1).</summary>
internal sealed class RestErrorForm : IErrorForm
{
    private RestErrorForm()
    {
    }

    public static RestErrorForm Instance { get; } = new();

    public byte[] Fill(RequestContext request, Fault fault)
    {
        ResponseHead head = request.Exchange.Response;
        head.Status = fault.Status;
        head.Headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        head.Headers.Add(KnownHeader.XAmznRequestId, "x-amzn-RequestId"u8, request.RequestId);
        head.Headers.Add(KnownHeader.XAmznErrorType, "x-amzn-ErrorType"u8, fault.ErrorType);
        head.Headers.Add(KnownHeader.XAmzApigwId, "x-amz-apigw-id"u8, request.ExtendedRequestId);
        return fault.Body;
    }
}
