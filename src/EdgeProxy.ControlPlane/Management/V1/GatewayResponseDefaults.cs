using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The gateway responses that every REST API has before anybody customises one (control-plane.md 1.6).</summary>
internal static class GatewayResponseDefaults
{
    public const string Template = "{\"message\":$context.error.messageString}";

    // In the order of their names. The two families have no status of their own.
    private static readonly (string Type, string? Status)[] s_types =
    [
        ("ACCESS_DENIED", "403"), ("API_CONFIGURATION_ERROR", "500"), ("AUTHORIZER_CONFIGURATION_ERROR", "500"), ("AUTHORIZER_FAILURE", "500"), ("BAD_REQUEST_BODY", "400"),
        ("BAD_REQUEST_PARAMETERS", "400"), ("DEFAULT_4XX", null), ("DEFAULT_5XX", null), ("EXPIRED_TOKEN", "403"), ("INTEGRATION_FAILURE", "504"), ("INTEGRATION_TIMEOUT", "504"),
        ("INVALID_API_KEY", "403"), ("INVALID_SIGNATURE", "403"), ("MISSING_AUTHENTICATION_TOKEN", "403"), ("QUOTA_EXCEEDED", "429"), ("REQUEST_TOO_LARGE", "413"), ("RESOURCE_NOT_FOUND", "404"),
        ("THROTTLED", "429"), ("UNAUTHORIZED", "401"), ("UNSUPPORTED_MEDIA_TYPE", "415"), ("WAF_FILTERED", "403"),
    ];

    /// <summary>All types, in the order of their names.</summary>
    public static string[] Types { get; } = Array.ConvertAll(s_types, static row => row.Type);

    /// <summary>A type's default, to change.</summary>
    public static WireValue Of(string type)
    {
        WireValue response = WireValue.NewObject().Set("responseType", type);
        foreach ((string name, string? status) in s_types)
        {
            if (name == type) response.Set("statusCode", status);
        }

        return response.Set("responseParameters", WireValue.NewObject()).Set("responseTemplates", WireValue.NewObject().Set("application/json", Template)).Set("defaultResponse", true);
    }
}
