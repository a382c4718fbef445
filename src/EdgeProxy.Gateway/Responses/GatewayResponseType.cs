namespace EdgeProxy.Gateway.Responses;

/// <summary>The answers that the gateway gives by itself (rest-api.md 3.1), plus those that come before an API is chosen.</summary>
internal enum GatewayResponseType : byte
{
    /// <summary>No answer of the gateway.</summary>
    None,
    AccessDenied,
    ApiConfigurationError,
    AuthorizerConfigurationError,
    AuthorizerFailure,
    BadRequestParameters,
    BadRequestBody,
    Default4xx,
    Default5xx,
    ExpiredToken,
    IntegrationFailure,
    IntegrationTimeout,
    InvalidApiKey,
    InvalidSignature,
    MissingAuthenticationToken,
    QuotaExceeded,
    RequestTooLarge,
    ResourceNotFound,
    Throttled,
    Unauthorized,
    UnsupportedMediaType,
    WafFiltered,
}
