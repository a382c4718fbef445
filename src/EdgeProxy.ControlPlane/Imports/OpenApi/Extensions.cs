using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Knows every extension of API Gateway and of EdgeProxy, and where each belongs (openapi-and-templates.md 4.4).</summary>
internal static class Extensions
{
    private const string Prefix = "x-amazon-apigateway-";
    private const string OwnPrefix = "x-edgeproxy-";

    // A misplaced one of these leaves something open that its author wanted closed, so it is an error; others are a warning.
    private static readonly Dictionary<string, (DocumentPlace[] Places, bool Guards)> Known = new(StringComparer.Ordinal)
    {
        ["x-amazon-apigateway-any-method"] = ([DocumentPlace.PathItem], false),
        ["x-amazon-apigateway-api-key-source"] = ([DocumentPlace.Root], true),
        ["x-amazon-apigateway-auth"] = ([DocumentPlace.Operation], true),
        ["x-amazon-apigateway-authorizer"] = ([DocumentPlace.SecurityScheme], true),
        ["x-amazon-apigateway-authtype"] = ([DocumentPlace.SecurityScheme], true),
        ["x-amazon-apigateway-binary-media-types"] = ([DocumentPlace.Root], false),
        ["x-amazon-apigateway-cors"] = ([DocumentPlace.Root], false),
        ["x-amazon-apigateway-documentation"] = ([DocumentPlace.Root], false),
        ["x-amazon-apigateway-endpoint-access-mode"] = ([DocumentPlace.Root], true),
        ["x-amazon-apigateway-endpoint-configuration"] = ([DocumentPlace.Root, DocumentPlace.Server], true),
        ["x-amazon-apigateway-gateway-responses"] = ([DocumentPlace.Root], false),
        ["x-amazon-apigateway-importexport-version"] = ([DocumentPlace.Root], false),
        ["x-amazon-apigateway-integration"] = ([DocumentPlace.Operation], false),
        ["x-amazon-apigateway-integrations"] = ([DocumentPlace.Components], false),
        ["x-amazon-apigateway-minimum-compression-size"] = ([DocumentPlace.Root], false),
        ["x-amazon-apigateway-policy"] = ([DocumentPlace.Root], true),
        ["x-amazon-apigateway-request-validator"] = ([DocumentPlace.Root, DocumentPlace.Operation], true),
        ["x-amazon-apigateway-request-validators"] = ([DocumentPlace.Root], true),
        ["x-amazon-apigateway-security-policy"] = ([DocumentPlace.Root], true),
        ["x-amazon-apigateway-tag-value"] = ([DocumentPlace.Tag], false),
        ["x-edgeproxy-response-validation"] = ([DocumentPlace.Root, DocumentPlace.Operation], true),
        ["x-edgeproxy-api-type"] = ([DocumentPlace.Root], true),
        [CachePolicyReader.Name] = ([DocumentPlace.Root, DocumentPlace.Operation], true),
        [UpstreamReader.Name] = ([DocumentPlace.Root, DocumentPlace.Integration], true),
    };

    /// <summary>Checks the keys of an object: extensions against the table, other keys against <paramref name="members"/>.</summary>
    /// <param name="node">A mapping.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="what">Its name in messages.</param>
    /// <param name="members">Its ordinary members; null when any are allowed.</param>
    /// <param name="problems">Receives the problems.</param>
    public static void Check(DocumentNode node, DocumentPlace place, string what, IReadOnlyList<string>? members, ProblemList problems)
    {
        foreach (DocumentEntry entry in node.Entries)
        {
            if (IsExtension(entry.Name)) CheckExtension(entry, place, what, problems);
            else if (members is not null && !members.Contains(entry.Name, StringComparer.Ordinal)) ReportUnknown(entry, what, members, problems);
        }
    }

    /// <summary>True for any <c>x-</c> key.</summary>
    public static bool IsExtension(string key) => key.StartsWith("x-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reports a member that nothing knows: an error when it looks like a slip of the pen, else a warning, as it is ignored.</summary>
    public static void ReportUnknown(DocumentEntry entry, string what, IReadOnlyList<string> members, ProblemList problems)
    {
        if (Suggest.Nearest(entry.Name, members) is { } nearest)
        {
            problems.Error(ProblemCode.UnknownKey, entry.Key.Origin, $"{what} has no member \"{entry.Name}\". Did you mean \"{nearest}\"? Correct or remove it.");
        }
        else
        {
            problems.Warning(ProblemCode.UnknownKey, entry.Key.Origin, $"{what} has no member \"{entry.Name}\"; it is ignored. Remove it.");
        }
    }

    private static void CheckExtension(DocumentEntry entry, DocumentPlace place, string what, ProblemList problems)
    {
        string name = entry.Name;
        if (Known.TryGetValue(name, out (DocumentPlace[] Places, bool Guards) known))
        {
            if (known.Places.Contains(place)) return;
            string message = $"{name} has no effect in {Lower(what)}. It belongs {string.Join(" or ", Array.ConvertAll(known.Places, Describe))}; move it there.";
            if (known.Guards) problems.Error(ProblemCode.MisplacedExtension, entry.Key.Origin, message);
            else problems.Warning(ProblemCode.MisplacedExtension, entry.Key.Origin, message);
            return;
        }

        bool reserved = name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase);
        string? nearest = reserved || name.StartsWith("x-ama", StringComparison.OrdinalIgnoreCase) ? Suggest.Nearest(name, Known.Keys) : null;

        // Extensions of others are theirs; only what is ours or API Gateway's, or a slip of it, is our business.
        if (!reserved && nearest is null) return;
        problems.Error(ProblemCode.UnknownExtension, entry.Key.Origin,
            $"There is no extension {name}.{(nearest is null ? "" : $" Did you mean \"{nearest}\"?")} Correct or remove it.");
    }

    private static string Describe(DocumentPlace place) => place switch
    {
        DocumentPlace.Root => "at the root of the document",
        DocumentPlace.Server => "in an entry of servers",
        DocumentPlace.Components => "in components",
        DocumentPlace.PathItem => "in a path item",
        DocumentPlace.Operation => "in an operation",
        DocumentPlace.Integration => "in an integration",
        DocumentPlace.SecurityScheme => "in a security scheme",
        DocumentPlace.Tag => "in an entry of tags",
        _ => "elsewhere",
    };

    private static string Lower(string what) => char.ToLowerInvariant(what[0]) + what[1..];
}
