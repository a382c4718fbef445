using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>What a call is about: the things that have an ARN (control-plane.md 1.2, 6.1), outermost first.</summary>
internal static class AuditResources
{
    private const string Stages = "stages";

    // The collection in paths, what its members are, and the member of an answer that names a new one.
    private static readonly (ServiceVersion Version, string Collection, string Type, string Id)[] s_kinds =
    [
        (ServiceVersion.V1, "restapis", "AWS::ApiGateway::RestApi", "id"),
        (ServiceVersion.V1, "apikeys", "AWS::ApiGateway::ApiKey", "id"),
        (ServiceVersion.V1, "usageplans", "AWS::ApiGateway::UsagePlan", "id"),
        (ServiceVersion.V1, "clientcertificates", "AWS::ApiGateway::ClientCertificate", "clientCertificateId"),
        (ServiceVersion.V1, "vpclinks", "AWS::ApiGateway::VpcLink", "id"),
        (ServiceVersion.V1, "domainnames", "AWS::ApiGateway::DomainName", "domainName"),
        (ServiceVersion.V2, "apis", "AWS::ApiGatewayV2::Api", "apiId"),
        (ServiceVersion.V2, "vpclinks", "AWS::ApiGatewayV2::VpcLink", "vpcLinkId"),
        (ServiceVersion.V2, "domainnames", "AWS::ApiGatewayV2::DomainName", "domainName"),
    ];

    /// <summary>Finds them.</summary>
    /// <param name="operation">What was called.</param>
    /// <param name="path">The values out of its path.</param>
    /// <param name="made">What a change was answered with; null for reads and refusals.</param>
    /// <param name="region">In ARNs.</param>
    /// <returns>ARN and type of each.</returns>
    public static List<(string Arn, string Type)> Find(Operation operation, IReadOnlyList<KeyValuePair<string, string>> path, WireValue? made, string region)
    {
        var found = new List<(string Arn, string Type)>();
        string[] parts = operation.Path.Split('/');
        int first = operation.Version == ServiceVersion.V2 ? 2 : 1;
        if (parts[first] == "tags")
        {
            // The path names the thing itself.
            string tagged = path[0].Value;
            int start = tagged.IndexOf(":/", StringComparison.Ordinal);
            string[] named = start < 0 ? [] : tagged[(start + 2)..].Split('/');
            if (named.Length > 1 && Array.Find(s_kinds, kind => kind.Collection == named[0]).Type is { } of) found.Add((tagged, named.Length > 3 && named[2] == Stages ? StageOf(of) : of));
            return found;
        }

        (ServiceVersion Version, string Collection, string Type, string Id) known = Array.Find(s_kinds, kind => kind.Version == operation.Version && kind.Collection == parts[first]);
        if (known.Type is null || ValueOrNull(parts, first + 1, path, made, known.Id) is not { } id) return found;
        string arn = $"arn:aws:apigateway:{region}::/{known.Collection}/{id}";
        found.Add((arn, known.Type));
        if (parts.Length > first + 2 && parts[first + 2] == Stages && ValueOrNull(parts, first + 3, path, made, "stageName") is { } stage) found.Add(($"{arn}/stages/{stage}", StageOf(known.Type)));
        return found;
    }

    // AWS::ApiGateway::Stage beside AWS::ApiGateway::RestApi.
    private static string StageOf(string type) => type[..(type.LastIndexOf(':') + 1)] + "Stage";

    // Out of the path, or of a new one, which has no place in it, out of the answer.
    private static string? ValueOrNull(string[] parts, int index, IReadOnlyList<KeyValuePair<string, string>> path, WireValue? made, string member)
    {
        if (index >= parts.Length) return made?.TextOf(member);
        string name = parts[index].Trim('{', '}', '+');
        foreach ((string key, string value) in path)
        {
            if (key == name) return value;
        }

        return null;
    }
}
