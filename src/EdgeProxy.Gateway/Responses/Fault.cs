using System.Globalization;
using System.Text;

namespace EdgeProxy.Gateway.Responses;

/// <summary>What a fault means: one row of <see cref="Faults"/>.</summary>
internal sealed class Fault
{
    private const string InternalServerError = "Internal server error";

    internal Fault(GatewayResponseType type, int status, string? message, string errorType, Blame blame, bool isRetryable = false, string? errorKind = null, int retryAfter = 0)
    {
        Type = type;
        Status = status;
        Message = message is null ? null : Encoding.ASCII.GetBytes(message);
        ErrorType = Encoding.ASCII.GetBytes(errorType);
        Blame = blame;
        IsRetryable = isRetryable;
        IntegrationErrorKind = errorKind;
        RetryAfter = retryAfter == 0 ? [] : Encoding.ASCII.GetBytes(retryAfter.ToString(CultureInfo.InvariantCulture));

        // The recorded body of this one message has a space, no other has (architecture.md 5).
        string space = message == InternalServerError ? " " : "";
        Body = Encoding.ASCII.GetBytes(message is null ? """{"message":null}""" : $$"""{"message":{{space}}"{{message}}"}""");
    }

    /// <summary>The gateway response that may be customised; <see cref="GatewayResponseType.None"/> before an API is chosen.</summary>
    public GatewayResponseType Type { get; }

    /// <summary>The status when not customised.</summary>
    public int Status { get; }

    /// <summary><c>$context.error.message</c>; null where the service sends null.</summary>
    public byte[]? Message { get; }

    /// <summary>The value of <c>x-amzn-ErrorType</c>.</summary>
    public byte[] ErrorType { get; }

    public Blame Blame { get; }

    /// <summary>Whether the same request may succeed when sent again.</summary>
    public bool IsRetryable { get; }

    /// <summary>The label of <c>edgeproxy_integration_errors_total</c>, or null when no integration failed.</summary>
    public string? IntegrationErrorKind { get; }

    /// <summary>The value of Retry-After (RFC 9110, 10.2.3), in seconds; empty for none.</summary>
    public byte[] RetryAfter { get; }

    /// <summary>The body of the default template.</summary>
    public byte[] Body { get; }
}
