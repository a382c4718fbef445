using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>The headers of Lambda's reply that mappings may ask for, wherever the function runs (lambda.md 11): <c>integration.response.header.NAME</c>.</summary>
internal static class FunctionReply
{
    /// <summary>Writes a header's value; nothing for one that the reply does not have.</summary>
    public static void WriteHeader(ReadOnlySpan<byte> name, RequestContext request, ref ByteWriter writer)
    {
        if (Ascii.EqualsIgnoreCase(name, "x-amz-function-error"u8))
        {
            if (request.FunctionOutcome == FunctionOutcome.FunctionError) writer.Write("Unhandled"u8);
        }
        else if (KnownHeaders.Find(name) is KnownHeader.XAmznRequestId)
        {
            writer.Write(request.Function!.FunctionRequestId);
        }
        else if (KnownHeaders.Find(name) is KnownHeader.ContentType)
        {
            if (request.HeldAnswer.Length > 0) writer.Write("application/json"u8);
        }
    }
}
