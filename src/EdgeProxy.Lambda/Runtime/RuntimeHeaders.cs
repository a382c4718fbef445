using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>The fields of the Runtime API (specification lambda.md 3.1, 3.2).</summary>
internal static class RuntimeHeaders
{
    public static ReadOnlySpan<byte> RequestId => "Lambda-Runtime-Aws-Request-Id"u8;

    public static ReadOnlySpan<byte> DeadlineMs => "Lambda-Runtime-Deadline-Ms"u8;

    public static ReadOnlySpan<byte> FunctionArn => "Lambda-Runtime-Invoked-Function-Arn"u8;

    public static ReadOnlySpan<byte> TraceId => "Lambda-Runtime-Trace-Id"u8;

    public static ReadOnlySpan<byte> ClientContext => "Lambda-Runtime-Client-Context"u8;

    public static ReadOnlySpan<byte> InvocationId => "Lambda-Runtime-Invocation-Id"u8;

    public static ReadOnlySpan<byte> ErrorType => "Lambda-Runtime-Function-Error-Type"u8;

    public static ReadOnlySpan<byte> ErrorBody => "Lambda-Runtime-Function-Error-Body"u8;

    public static ReadOnlySpan<byte> ResponseMode => "Lambda-Runtime-Function-Response-Mode"u8;

    /// <summary>Ours, of a poll: how many events beyond the first it takes in one reply. The loops that EdgeProxy carries send it.</summary>
    public static ReadOnlySpan<byte> Ahead => "EdgeProxy-Ahead"u8;

    /// <summary>Ours, of a reply with several events: the bytes of the first. Each other follows with fields of its own before it.</summary>
    public static ReadOnlySpan<byte> First => "EdgeProxy-First"u8;

    /// <summary>The first field of that name, without case, or -1.</summary>
    public static int IndexOf(HeaderTable headers, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].NameLength == name.Length && Ascii.EqualsIgnoreCase(headers.Name(i), name)) return i;
        }

        return -1;
    }
}
