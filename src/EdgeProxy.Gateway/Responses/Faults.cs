namespace EdgeProxy.Gateway.Responses;

/// <summary>The one table from a fault to its answer (rest-api.md 1.2, 3.1, 5.6; architecture.md 5).</summary>
/// <remarks>
/// Not confirmed by a document or a recording, and chosen here:
/// <list type="bullet">
/// <item>A request for a host whose client certificates its connection was not judged by is 421 (security.md 10); one that a STRICT endpoint
/// refuses is 403 (11).</item>
/// <item>An unknown API id is 403 Forbidden like an unknown stage (1.2).</item>
/// <item>What cannot be reached (no address, refused, connect time-out) and a connection that breaks before an answer are all 504
/// <c>Network error communicating with endpoint</c>: the recordings show it for connect time-outs and TLS (5.6).</item>
/// <item>An answer that is not HTTP, or whose head is too large, is 500 <c>INTEGRATION_FAILURE</c>.</item>
/// <item>Our own limit of connections to a backend is 503, which the service does not have.</item>
/// <item>Too many requests of one route under way (<c>concurrency</c>) are 503 of type DEFAULT_5XX with Retry-After: the client did nothing wrong, so it is no 429.</item>
/// <item>A response over <c>limits.responseBody</c> is 500 of type DEFAULT_5XX (5.6).</item>
/// <item>A body over <c>limits.body</c> is 413 <c>Request Too Long</c>, a slow one 408; both close the connection (architecture.md 5).</item>
/// <item>Forbidden characters in path or query are 400 <c>Bad Request</c>; so is a mapped path value that would make a dot segment.</item>
/// </list>
/// </remarks>
internal static class Faults
{
    private const string ISE = "Internal server error";
    private const string ISEType = "InternalServerErrorException";
    private const string Network = "Network error communicating with endpoint";

    private static readonly Fault[] s_faults = Build();

    public static Fault Of(FaultKind kind) => s_faults[(int)kind];

    private static Fault[] Build()
    {
        var faults = new Fault[(int)FaultKind.Aborted + 1];
        for (int i = 0; i < faults.Length; i++) faults[i] = Row((FaultKind)i);
        return faults;
    }

    private static Fault Row(FaultKind kind) => kind switch
    {
        FaultKind.BadPath or FaultKind.BadQuery =>
            new(GatewayResponseType.None, 400, "Bad Request", "BadRequestException", Blame.Client),
        FaultKind.MisdirectedRequest =>
            new(GatewayResponseType.None, 421, "Misdirected Request", "MisdirectedRequestException", Blame.Client, isRetryable: true),
        FaultKind.UnknownHost or FaultKind.UnknownStage or FaultKind.DefaultEndpointDisabled
            or FaultKind.ServerNameDiffers or FaultKind.ClientCertificateRefused or FaultKind.ClientCertificateCut =>
            new(GatewayResponseType.None, 403, "Forbidden", "ForbiddenException", Blame.Client),
        FaultKind.RouteNotFound =>
            new(GatewayResponseType.MissingAuthenticationToken, 403, "Missing Authentication Token", "MissingAuthenticationTokenException", Blame.Client),
        FaultKind.ClosedAccess =>
            new(GatewayResponseType.AuthorizerConfigurationError, 500, null, "AuthorizerConfigurationException", Blame.Us),
        FaultKind.ClosedConfiguration or FaultKind.ForbiddenHeaderMapped or FaultKind.InvalidEndpoint or FaultKind.NoResponseMatch
            or FaultKind.BodyNotBase64 or FaultKind.BytesInTemplate =>
            new(GatewayResponseType.ApiConfigurationError, 500, ISE, ISEType, Blame.Us, errorKind: "config"),
        FaultKind.MockStatusUnreadable or FaultKind.ResponseNotDeclared or FaultKind.TemplateFailed or FaultKind.OverridesTooLarge =>
            new(GatewayResponseType.Default5xx, 500, ISE, ISEType, Blame.Us, errorKind: "config"),
        FaultKind.InvalidApiKey =>
            new(GatewayResponseType.InvalidApiKey, 403, "Forbidden", "ForbiddenException", Blame.Client),
        FaultKind.QuotaExceeded =>
            new(GatewayResponseType.QuotaExceeded, 429, "Limit Exceeded", "LimitExceededException", Blame.Client),
        FaultKind.Throttled =>
            new(GatewayResponseType.Throttled, 429, "Too Many Requests", "TooManyRequestsException", Blame.Client, isRetryable: true),
        FaultKind.CacheControlUnauthorized =>
            new(GatewayResponseType.AccessDenied, 403, "Unauthorized", "AccessDeniedException", Blame.Client),
        FaultKind.Overloaded =>
            new(GatewayResponseType.None, 503, "Service Unavailable", "ServiceUnavailableException", Blame.Us, isRetryable: true, retryAfter: 1),
        FaultKind.RouteBusy =>
            new(GatewayResponseType.Default5xx, 503, "Service Unavailable", "ServiceUnavailableException", Blame.Us, isRetryable: true, retryAfter: 1),
        FaultKind.NotCached =>
            new(GatewayResponseType.IntegrationTimeout, 504, "Not cached", ISEType, Blame.Client),
        FaultKind.ParametersMissing =>
            new(GatewayResponseType.BadRequestParameters, 400, "Missing required request parameters: []", "BadRequestException", Blame.Client),
        FaultKind.BodyInvalid =>
            new(GatewayResponseType.BadRequestBody, 400, "Invalid request body", "BadRequestException", Blame.Client),
        FaultKind.UnsafePathValue =>
            new(GatewayResponseType.Default4xx, 400, "Bad Request", "BadRequestException", Blame.Client),
        FaultKind.TargetTooLong =>
            new(GatewayResponseType.Default4xx, 414, "URI Too Long", "BadRequestException", Blame.Client),
        FaultKind.BodyTooLarge =>
            new(GatewayResponseType.RequestTooLarge, 413, "Request Too Long", "RequestTooLargeException", Blame.Client),
        FaultKind.BodyTimedOut =>
            new(GatewayResponseType.Default4xx, 408, "Request Timeout", "RequestTimeoutException", Blame.Client),
        FaultKind.BodyMalformed =>
            new(GatewayResponseType.Default4xx, 400, "Bad Request", "BadRequestException", Blame.Client),
        FaultKind.ClientGone =>
            new(GatewayResponseType.None, 499, null, "ClientClosedRequest", Blame.Client),
        FaultKind.UnsupportedMediaType =>
            new(GatewayResponseType.UnsupportedMediaType, 415, "Unsupported Media Type", "BadRequestException", Blame.Client),
        FaultKind.RequestNotJson =>
            new(GatewayResponseType.Default4xx, 400, "Invalid JSON in request body", "BadRequestException", Blame.Client),
        FaultKind.ResponseNotJson =>
            new(GatewayResponseType.Default5xx, 500, ISE, "InternalFailureException", Blame.Upstream, errorKind: "protocol"),
        FaultKind.UpstreamNameNotFound or FaultKind.UpstreamConnectFailed or FaultKind.UpstreamConnectTimedOut =>
            new(GatewayResponseType.IntegrationFailure, 504, Network, ISEType, Blame.Upstream, isRetryable: true, errorKind: "connect"),
        FaultKind.UpstreamTlsFailed or FaultKind.UpstreamCertificateUntrusted or FaultKind.UpstreamCertificateNameMismatch or FaultKind.UpstreamCertificateExpired =>
            new(GatewayResponseType.IntegrationFailure, 504, Network, ISEType, Blame.Upstream, errorKind: "tls"),
        FaultKind.UpstreamReset =>
            new(GatewayResponseType.IntegrationFailure, 504, Network, ISEType, Blame.Upstream, errorKind: "connect"),
        FaultKind.UpstreamPoolExhausted =>
            new(GatewayResponseType.IntegrationFailure, 503, "Service Unavailable", "ServiceUnavailableException", Blame.Us, isRetryable: true, errorKind: "connect"),
        FaultKind.UpstreamCircuitOpen =>
            new(GatewayResponseType.IntegrationFailure, 503, "Service Unavailable", "ServiceUnavailableException", Blame.Upstream, isRetryable: true, errorKind: "circuit", retryAfter: 1),
        FaultKind.UpstreamBusy =>
            new(GatewayResponseType.IntegrationFailure, 503, "Service Unavailable", "ServiceUnavailableException", Blame.Us, isRetryable: true, errorKind: "busy", retryAfter: 1),
        FaultKind.UpstreamTimedOut =>
            new(GatewayResponseType.IntegrationTimeout, 504, "Endpoint request timed out", ISEType, Blame.Upstream, errorKind: "timeout"),
        FaultKind.UpstreamMalformed or FaultKind.UpstreamHeadTooLarge =>
            new(GatewayResponseType.IntegrationFailure, 500, ISE, ISEType, Blame.Upstream, errorKind: "protocol"),
        FaultKind.ResponseInvalid =>
            new(GatewayResponseType.IntegrationFailure, 502, ISE, ISEType, Blame.Upstream, errorKind: "protocol"),
        FaultKind.ResponseTooLarge =>
            new(GatewayResponseType.Default5xx, 500, ISE, ISEType, Blame.Upstream, errorKind: "protocol"),
        FaultKind.FunctionEventTooLarge =>
            new(GatewayResponseType.RequestTooLarge, 413, "Request Too Long", "RequestTooLargeException", Blame.Client),
        FaultKind.FunctionNotFound or FaultKind.FunctionAccessDenied =>
            new(GatewayResponseType.ApiConfigurationError, 500, ISE, ISEType, Blame.Us, errorKind: "config"),
        FaultKind.FunctionThrottled or FaultKind.FunctionServiceFailed =>
            new(GatewayResponseType.IntegrationFailure, 500, ISE, ISEType, Blame.Upstream, isRetryable: true, errorKind: "protocol"),
        FaultKind.FunctionUnreachable =>
            new(GatewayResponseType.IntegrationFailure, 500, ISE, ISEType, Blame.Upstream, isRetryable: true, errorKind: "connect"),
        FaultKind.FunctionFailed =>
            new(GatewayResponseType.IntegrationFailure, 502, ISE, ISEType, Blame.Upstream, errorKind: "function_error"),
        FaultKind.FunctionResultMalformed or FaultKind.FunctionResultTooLarge =>
            new(GatewayResponseType.IntegrationFailure, 502, ISE, ISEType, Blame.Upstream, errorKind: "protocol"),
        FaultKind.FunctionBodyNotBase64 =>
            new(GatewayResponseType.ApiConfigurationError, 500, ISE, ISEType, Blame.Upstream, errorKind: "protocol"),
        FaultKind.Aborted =>
            new(GatewayResponseType.Default5xx, 503, "Service Unavailable", "ServiceUnavailableException", Blame.Us, isRetryable: true),
        _ => new(GatewayResponseType.Default5xx, 500, ISE, ISEType, Blame.Us),
    };
}
