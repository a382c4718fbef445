using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads <c>x-edgeproxy-cache</c>, at the root or in an operation.</summary>
internal sealed class CachePolicyReader(ImportContext context)
{
    public const string Name = "x-edgeproxy-cache";

    // More than a year is a slip of the pen.
    private const int MostSeconds = 365 * 24 * 60 * 60;

    private static readonly string[] Members =
        ["rfc9111", "heuristicPercent", "staleWhileRevalidate", "staleIfError", "keepExpired", "honorRequests", "coalesce", "compressedVariants"];

    // These say how answers are judged, which nobody does without the first.
    private static readonly string[] OfRfc9111 = ["heuristicPercent", "staleWhileRevalidate", "staleIfError", "keepExpired", "honorRequests"];

    private CachePolicyDefinition? _api;
    private bool _apiRead;

    /// <summary>Reads the extension of an operation, or the API's; null when there is neither.</summary>
    public CachePolicyDefinition? ReadOrNull(DocumentNode operation)
    {
        if (!_apiRead)
        {
            _apiRead = true;
            _api = Read(context.Root, null);
        }

        return Read(operation, _api) ?? _api;
    }

    private CachePolicyDefinition? Read(DocumentNode parent, CachePolicyDefinition? api)
    {
        if (parent.Find(Name) is not { IsNull: false } node || !node.ExpectMapping(Name, context.Problems)) return null;
        node.ExpectKeys(Name, Members, context.Problems);
        CachePolicyDefinition policy = new CachePolicyDefinition
        {
            Origin = node.Origin,
            Rfc9111 = Flag(node, "rfc9111"),
            HeuristicPercent = Number(node, "heuristicPercent", 100),
            StaleWhileRevalidate = Number(node, "staleWhileRevalidate", MostSeconds),
            StaleIfError = Number(node, "staleIfError", MostSeconds),
            KeepExpired = Number(node, "keepExpired", MostSeconds),
            HonorRequests = Flag(node, "honorRequests"),
            Coalesce = Flag(node, "coalesce"),
            CompressedVariants = Flag(node, "compressedVariants"),
        }.Over(api);
        if (policy.Rfc9111 == true) return policy;
        foreach (string member in OfRfc9111)
        {
            if (node.FindKey(member) is not { } key) continue;
            context.Problems.Error(ProblemCode.NotAllowed, key.Origin, $"{member} has no effect without rfc9111: only then answers are judged by what they say. Add rfc9111: true, or remove it.");
        }

        return policy;
    }

    private bool? Flag(DocumentNode node, string member) => node.Find(member) is { IsNull: false } flag ? flag.ExpectBoolean(member, context.Problems) : null;

    private int? Number(DocumentNode node, string member, int most) => node.Find(member) is { IsNull: false } number ? (int?)number.ExpectInteger(member, 0, most, context.Problems) : null;
}
