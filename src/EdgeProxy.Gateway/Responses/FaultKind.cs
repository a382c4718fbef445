namespace EdgeProxy.Gateway.Responses;

/// <summary>Why a request failed. <see cref="Faults"/> says what each means for the client.</summary>
internal enum FaultKind : byte
{
    None,

    // Before an API is known.
    BadPath,
    BadQuery,
    UnknownHost,
    UnknownStage,
    DefaultEndpointDisabled,
    MisdirectedRequest,
    ServerNameDiffers,
    ClientCertificateRefused,
    ClientCertificateCut,

    /// <summary>The loop has no time for it.</summary>
    Overloaded,

    // Before the integration.
    RouteNotFound,
    ClosedAccess,
    ClosedConfiguration,
    InvalidApiKey,
    QuotaExceeded,
    Throttled,

    /// <summary>As many requests of the route are under way, and wait, as may.</summary>
    RouteBusy,
    ParametersMissing,
    BodyInvalid,
    BodyTooLarge,
    BodyTimedOut,
    BodyMalformed,
    ClientGone,
    CacheControlUnauthorized,

    /// <summary>The client wants what is cached or nothing.</summary>
    NotCached,
    UnsupportedMediaType,
    RequestNotJson,
    ForbiddenHeaderMapped,
    InvalidEndpoint,
    UnsafePathValue,
    TargetTooLong,
    MockStatusUnreadable,

    /// <summary>A body that was to become bytes is no base64.</summary>
    BodyNotBase64,

    /// <summary>A body that stays bytes would have to go through a template.</summary>
    BytesInTemplate,

    /// <summary>A mapping template, of the request or of the response, could not be run to its end.</summary>
    TemplateFailed,

    /// <summary>A template set fields that are more than a head holds.</summary>
    OverridesTooLarge,

    // The backend.
    UpstreamNameNotFound,
    UpstreamConnectFailed,
    UpstreamConnectTimedOut,
    UpstreamTlsFailed,
    UpstreamCertificateUntrusted,
    UpstreamCertificateNameMismatch,
    UpstreamCertificateExpired,
    UpstreamPoolExhausted,

    /// <summary>The upstream has failed too often of late, and is left alone for a while.</summary>
    UpstreamCircuitOpen,

    /// <summary>As many requests of the upstream are under way, and wait, as may.</summary>
    UpstreamBusy,
    UpstreamReset,
    UpstreamTimedOut,
    UpstreamMalformed,
    UpstreamHeadTooLarge,
    ResponseTooLarge,
    NoResponseMatch,
    ResponseNotDeclared,
    ResponseInvalid,
    ResponseNotJson,

    // Lambda functions.
    FunctionEventTooLarge,
    FunctionNotFound,
    FunctionAccessDenied,
    FunctionThrottled,
    FunctionUnreachable,
    FunctionServiceFailed,
    FunctionFailed,
    FunctionResultMalformed,
    FunctionResultTooLarge,
    FunctionBodyNotBase64,

    /// <summary>The node stops, or gave the request up for another reason of its own.</summary>
    Aborted,
}
