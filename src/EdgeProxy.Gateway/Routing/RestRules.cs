namespace EdgeProxy.Gateway.Routing;

/// <summary>REST APIs: literal before <c>{name}</c> before <c>{name+}</c>, decided segment by segment from the left (rest-api.md 1.4 and 1.5).</summary>
/// <remarks>
/// Not confirmed, and chosen here:
/// <list type="bullet">
/// <item>A greedy parameter takes the rest of the path as it is, also when that begins with an empty segment: on <c>/a/{p+}</c>, <c>/a//b</c> gives <c>/b</c>.</item>
/// <item>Literals are compared as raw bytes: the template <c>/a%20b</c> matches that spelling only.</item>
/// <item>A template may end in a slash, which means nothing, as it means nothing in a path.</item>
/// </list>
/// </remarks>
internal readonly struct RestRules : IMatchRules
{
    public static bool CollapsesLeadingSlashes => true;

    public static bool IgnoresTrailingSlashes => true;

    public static bool GreedyMatchesNothing => false;

    public static bool WholeMatchComesBeforeGreedy => false;

    public static bool DecodesLiterals => false;

    public static bool HasDefaultRoute => false;
}
