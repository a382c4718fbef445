namespace EdgeProxy.Gateway.Routing;

/// <summary>HTTP APIs: a whole match, else the best greedy one, else <c>$default</c> (http-api.md 2.2 to 2.4).</summary>
/// <remarks>
/// Not confirmed, and chosen here:
/// <list type="bullet">
/// <item>Literals are compared decoded, as the rest of an HTTP API sees the path: otherwise <c>/%61dmin</c> would walk around the route <c>/admin</c>,
/// and its authorizer, into a greedy route whose backend decodes it.</item>
/// <item>A slash at the end of a path is significant: <c>/pets/</c> is not <c>/pets</c>.</item>
/// <item>An empty segment never matches <c>{name}</c>; a greedy parameter keeps inner and leading empty segments, and <c>/</c> matches <c>/{proxy+}</c>.</item>
/// <item><c>ANY</c> stands for the same seven methods as in a REST API; <c>$default</c> takes every method.</item>
/// </list>
/// </remarks>
internal readonly struct HttpApiRules : IMatchRules
{
    public static bool CollapsesLeadingSlashes => false;

    public static bool IgnoresTrailingSlashes => false;

    public static bool GreedyMatchesNothing => true;

    public static bool WholeMatchComesBeforeGreedy => true;

    public static bool DecodesLiterals => true;

    public static bool HasDefaultRoute => true;
}
