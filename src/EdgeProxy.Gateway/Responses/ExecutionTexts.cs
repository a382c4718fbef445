namespace EdgeProxy.Gateway.Responses;

/// <summary>What an execution log says of a failed execution (rest-api.md 13); also <c>$context.integration.error</c>.</summary>
internal static class ExecutionTexts
{
    /// <summary>The line; empty for a request that never got as far as its integration.</summary>
    public static ReadOnlySpan<byte> Of(FaultKind fault) => fault switch
    {
        FaultKind.FunctionResultMalformed or FaultKind.FunctionResultTooLarge => "Execution failed due to configuration error: Malformed Lambda proxy response"u8,
        FaultKind.FunctionFailed => "Lambda execution failed with status 200 due to customer function error"u8,
        FaultKind.FunctionNotFound => "Execution failed due to configuration error: Invalid endpoint address"u8,
        FaultKind.FunctionAccessDenied => "Execution failed due to configuration error: Invalid permissions on Lambda function"u8,
        FaultKind.FunctionThrottled => "Execution failed due to configuration error: Lambda function is throttled"u8,
        FaultKind.FunctionServiceFailed => "Execution failed due to an internal error"u8,
        FaultKind.FunctionBodyNotBase64 or FaultKind.BodyNotBase64 => "Execution failed due to configuration error: Unable to base64 decode the body."u8,
        FaultKind.BytesInTemplate => "Execution failed due to configuration error: Unable to transform request"u8,
        FaultKind.InvalidEndpoint => "Execution failed due to configuration error: Invalid endpoint address"u8,
        FaultKind.ForbiddenHeaderMapped => "Execution failed due to configuration error: header already present"u8,
        FaultKind.MockStatusUnreadable => "Execution failed due to configuration error: Unable to parse statusCode. It should be an integer that is defined in the request template."u8,
        FaultKind.NoResponseMatch => "Execution failed due to configuration error: No match for output mapping and no default output mapping configured"u8,
        FaultKind.ResponseNotDeclared => "Execution failed due to configuration error: Output mapping refers to an invalid method response"u8,
        FaultKind.UpstreamTimedOut => "Execution failed due to a timeout error"u8,
        FaultKind.UpstreamNameNotFound or FaultKind.UpstreamConnectFailed or FaultKind.UpstreamConnectTimedOut or FaultKind.UpstreamTlsFailed
            or FaultKind.UpstreamCertificateUntrusted or FaultKind.UpstreamCertificateNameMismatch or FaultKind.UpstreamCertificateExpired
            or FaultKind.UpstreamReset or FaultKind.FunctionUnreachable => "Execution failed due to a network error communicating with endpoint"u8,
        _ => default,
    };
}
