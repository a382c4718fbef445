using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Puts what a definition says of a REST API itself into the API's record (openapi-and-templates.md 4.1, control-plane.md 1.6: RestApi).</summary>
/// <remarks>Neither kind of import touches tags, endpoint types or what is closed already: a document that does not say <c>disableExecuteApiEndpoint</c> opens nothing.</remarks>
public static class WriteRestApi
{
    private const string ShortArn = "execute-api:/";

    /// <summary>Changes a record; its policy becomes plain JSON, as clients send it.</summary>
    /// <param name="record">The API's record, or an empty object.</param>
    /// <param name="api">What is imported.</param>
    /// <param name="overwrites">Whether what the definition does not say goes.</param>
    /// <param name="apiArn">What <c>execute-api:</c> at the start of a policy's resource stands for: <c>arn:aws:execute-api:us-east-1:123456789012:abc</c>.</param>
    public static void Run(WireValue record, ApiDefinition api, bool overwrites, string apiArn)
    {
        record.Set("name", api.Name);
        if (overwrites || api.Description is { Length: > 0 }) record.Set("description", api.Description is { Length: > 0 } text ? text : null);
        if (overwrites || api.Version is not null) record.Set("version", api.Version);
        WriteMediaTypes(record, api, overwrites);
        if (api.MinimumCompressionSize is { } size) record.Set("minimumCompressionSize", size);
        else if (overwrites) record["minimumCompressionSize"] = null;
        if (api.ApiKeySource == ApiKeySource.Authorizer) record.Set("apiKeySource", "AUTHORIZER");
        else if (overwrites || record["apiKeySource"] is null) record.Set("apiKeySource", "HEADER");
        if (api.Policy is { } policy) record.Set("policy", Expand(policy.Text, apiArn));
        else if (overwrites) record["policy"] = null;
        WriteEndpoint(record, api.Endpoint);
    }

    private static void WriteMediaTypes(WireValue record, ApiDefinition api, bool overwrites)
    {
        // In the place where it stands, so that the same again is the same record.
        var types = new List<string>(overwrites ? [] : record.TextsOf("binaryMediaTypes"));
        foreach (string type in api.BinaryMediaTypes)
        {
            if (!types.Contains(type)) types.Add(type);
        }

        record["binaryMediaTypes"] = types.Count == 0 ? null : WireValue.Of(types);
    }

    private static void WriteEndpoint(WireValue record, EndpointDefinition? endpoint)
    {
        if (record["disableExecuteApiEndpoint"] is null) record.Set("disableExecuteApiEndpoint", false);
        if (endpoint is null) return;
        record.Set("disableExecuteApiEndpoint", endpoint.DisableExecuteApiEndpoint);
        if (endpoint.VpcEndpointIds.Count > 0) record.ObjectAt("endpointConfiguration").Set("vpcEndpointIds", WireValue.Of(endpoint.VpcEndpointIds));
        if (endpoint.SecurityPolicy is { } security) record.Set("securityPolicy", security);
        if (endpoint.AccessMode is { } mode) record.Set("endpointAccessMode", mode);
    }

    private static string Expand(string policy, string apiArn)
    {
        if (!policy.Contains(ShortArn, StringComparison.Ordinal) || !WireValue.TryParse(Encoding.UTF8.GetBytes(policy), out WireValue? value)) return policy;
        WireValue? statements = value["Statement"];
        List<WireValue> all = statements is { IsObject: true } ? [statements] : statements?.Items ?? [];
        foreach (WireValue statement in all)
        {
            foreach (string member in (ReadOnlySpan<string>)["Resource", "NotResource"])
            {
                if (statement[member] is { IsText: true } alone) statement[member] = WireValue.Of(Expanded(alone.Text, apiArn));
                List<WireValue> items = statement[member]?.Items ?? [];
                for (int i = 0; i < items.Count; i++) items[i] = WireValue.Of(Expanded(items[i].Text, apiArn));
            }
        }

        return value.ToString();
    }

    private static string Expanded(string resource, string apiArn) =>
        resource.StartsWith(ShortArn, StringComparison.Ordinal) ? string.Concat(apiArn, "/", resource.AsSpan(ShortArn.Length)) : resource;
}
