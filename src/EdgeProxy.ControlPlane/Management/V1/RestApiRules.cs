using System.Text;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What the values of a REST API's own members must be (control-plane.md 1.4, 1.6), when it is made and after each change.</summary>
internal static class RestApiRules
{
    public const int MostCompressionSize = 10_485_760;

    private static readonly (string Member, string Enumeration)[] s_enumerations =
        [("apiKeySource", "ApiKeySourceType"), ("securityPolicy", "SecurityPolicy"), ("endpointAccessMode", "EndpointAccessMode")];

    private static readonly string[] s_types = ["REGIONAL", "EDGE", "PRIVATE"];

    /// <summary>What is wrong; null for nothing. Puts the defaults of the endpoint in place, and the status that comes with an enhanced policy.</summary>
    /// <param name="api">The API as it shall be; its policy as the client wrote it.</param>
    /// <param name="limits">Structural limits.</param>
    public static Reply? Check(WireValue api, ManagementLimits limits)
    {
        if (string.IsNullOrEmpty(api.TextOf("name"))) return Reply.BadRequest("REST API name must be non-empty");
        if (api.TextOf("description") is "") return Reply.BadRequest("Description cannot be an empty string");
        if (api["minimumCompressionSize"] is not null && api.NumberOf("minimumCompressionSize") is not (>= 0 and <= MostCompressionSize))
        {
            return WrongCompressionSize();
        }

        foreach ((string member, string enumeration) in s_enumerations)
        {
            string[] values = ShapeTable.Enumeration(enumeration);
            if (api.TextOf(member) is { } value && Array.IndexOf(values, value) < 0) return RestLookup.NotOneOf(member, values);
        }

        foreach (string type in api.TextsOf("binaryMediaTypes"))
        {
            if (!type.Contains('/', StringComparison.Ordinal)) return Reply.BadRequest($"Invalid binary media type specified: {type}");
        }

        return CheckEndpoint(api) ?? CheckSecurity(api) ?? CheckPolicy(api, limits);
    }

    public static Reply WrongCompressionSize() => Reply.BadRequest("Invalid minimum compression size, must be between 0 and 10485760");

    private static Reply? CheckEndpoint(WireValue api)
    {
        WireValue endpoint = api.ObjectAt("endpointConfiguration");
        if (endpoint["types"] is null) endpoint["types"] = WireValue.Of(["EDGE"]);
        IReadOnlyList<string> types = endpoint.TextsOf("types");
        if (types.Count == 0) return Reply.BadRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.");
        foreach (string type in types)
        {
            if (Array.IndexOf(s_types, type) < 0) return Reply.BadRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE");
        }

        if (types.Count > 1) return Reply.BadRequest("Cannot create an api with multiple Endpoint Types.");
        bool isPrivate = types[0] == "PRIVATE";
        if (endpoint["ipAddressType"] is null) endpoint.Set("ipAddressType", isPrivate ? "dualstack" : "ipv4");
        string? addresses = endpoint.TextOf("ipAddressType");
        if (addresses is not ("ipv4" or "dualstack")) return Reply.BadRequest("ipAddressType must be either ipv4 or dualstack.");
        if (isPrivate && addresses != "dualstack") return Reply.BadRequest("Only dualstack ipAddressType is supported for Private APIs.");
        if (endpoint.TextsOf("vpcEndpointIds").Count > 0 && !isPrivate) return Reply.BadRequest("VPC endpoint ids can only be specified for PRIVATE APIs.");
        return null;
    }

    private static Reply? CheckSecurity(WireValue api)
    {
        string policy = api.TextOf("securityPolicy") ?? "";
        bool isEnhanced = SecurityPolicies.IsEnhanced(policy);
        api.Set("apiStatus", isEnhanced ? "AVAILABLE" : null);
        if (!isEnhanced) return null;
        string type = api.ObjectAt("endpointConfiguration").TextsOf("types")[0];
        if (!SecurityPolicies.Suits(policy, type)) return Reply.BadRequest($"The security policy {policy} is not supported for endpoint type {type}.");
        return api["endpointAccessMode"] is null ? Reply.BadRequest("endpointAccessMode is required with an enhanced security policy.") : null;
    }

    private static Reply? CheckPolicy(WireValue api, ManagementLimits limits)
    {
        if (api.TextOf("policy") is not { Length: > 0 } text)
        {
            api["policy"] = null;
            return null;
        }

        string plain = PolicyText.Plain(text);
        if (plain.Length > limits.PolicyCharacters) return Reply.TooLarge(LimitNames.Policy, $"Resource policy must be at most {limits.PolicyCharacters} characters.");
        if (!WireValue.TryParse(Encoding.UTF8.GetBytes(plain), out WireValue? policy) || !policy.IsObject || policy["Statement"] is null)
        {
            return Reply.BadRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.");
        }

        api.Set("policy", PolicyText.Escaped(policy.ToString()));
        return null;
    }
}
