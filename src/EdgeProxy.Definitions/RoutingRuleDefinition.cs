namespace EdgeProxy.Definitions;

/// <summary>A routing rule of a custom domain (rest-api.md 1.3).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Priority">From 1; the lowest is tried first.</param>
/// <param name="BasePaths">First segments of the path, of which one has to be there; none for any.</param>
/// <param name="Headers">Fields with their values, of each set of which one has to be there; none for any.</param>
/// <param name="ApiId">The API that is invoked.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="StripsBasePath">Whether the segment that was matched is taken off.</param>
public sealed record RoutingRuleDefinition(
    string Id,
    int Priority,
    IReadOnlyList<string> BasePaths,
    IReadOnlyList<IReadOnlyList<(string Header, string ValueGlob)>> Headers,
    string ApiId,
    string Stage,
    bool StripsBasePath);
