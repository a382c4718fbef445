namespace EdgeProxy.Gateway.Responses;

/// <summary>Spells <see cref="GatewayResponseType"/>.</summary>
internal static class GatewayResponseTypes
{
    /// <summary>The name as documents have it; empty for <see cref="GatewayResponseType.None"/>.</summary>
    public static ReadOnlySpan<byte> NameOf(GatewayResponseType type) => type switch
    {
        GatewayResponseType.AccessDenied => "ACCESS_DENIED"u8,
        GatewayResponseType.ApiConfigurationError => "API_CONFIGURATION_ERROR"u8,
        GatewayResponseType.AuthorizerConfigurationError => "AUTHORIZER_CONFIGURATION_ERROR"u8,
        GatewayResponseType.AuthorizerFailure => "AUTHORIZER_FAILURE"u8,
        GatewayResponseType.BadRequestParameters => "BAD_REQUEST_PARAMETERS"u8,
        GatewayResponseType.BadRequestBody => "BAD_REQUEST_BODY"u8,
        GatewayResponseType.Default4xx => "DEFAULT_4XX"u8,
        GatewayResponseType.Default5xx => "DEFAULT_5XX"u8,
        GatewayResponseType.ExpiredToken => "EXPIRED_TOKEN"u8,
        GatewayResponseType.IntegrationFailure => "INTEGRATION_FAILURE"u8,
        GatewayResponseType.IntegrationTimeout => "INTEGRATION_TIMEOUT"u8,
        GatewayResponseType.InvalidApiKey => "INVALID_API_KEY"u8,
        GatewayResponseType.InvalidSignature => "INVALID_SIGNATURE"u8,
        GatewayResponseType.MissingAuthenticationToken => "MISSING_AUTHENTICATION_TOKEN"u8,
        GatewayResponseType.QuotaExceeded => "QUOTA_EXCEEDED"u8,
        GatewayResponseType.RequestTooLarge => "REQUEST_TOO_LARGE"u8,
        GatewayResponseType.ResourceNotFound => "RESOURCE_NOT_FOUND"u8,
        GatewayResponseType.Throttled => "THROTTLED"u8,
        GatewayResponseType.Unauthorized => "UNAUTHORIZED"u8,
        GatewayResponseType.UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE"u8,
        GatewayResponseType.WafFiltered => "WAF_FILTERED"u8,
        _ => default,
    };
}
