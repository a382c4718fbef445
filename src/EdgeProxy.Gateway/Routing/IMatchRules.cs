namespace EdgeProxy.Gateway.Routing;

/// <summary>Where the matching of REST and HTTP APIs differs. Each member is a constant, so the compiler folds it into a search of its own per kind.</summary>
/// <remarks>An implementation is also the one place that names its choices which no document and no recording confirms.</remarks>
internal interface IMatchRules
{
    /// <summary>Whether several slashes at the start of a path count as one.</summary>
    static abstract bool CollapsesLeadingSlashes { get; }

    /// <summary>Whether slashes at the end of a path (and of a template) are left out of the matching and of the values.</summary>
    static abstract bool IgnoresTrailingSlashes { get; }

    /// <summary>Whether <c>{name+}</c> may stand for no bytes at all, once the slash before it is there.</summary>
    static abstract bool GreedyMatchesNothing { get; }

    /// <summary>Whether any match without a greedy parameter comes before any with one, wherever in the path they part.</summary>
    static abstract bool WholeMatchComesBeforeGreedy { get; }

    /// <summary>Whether literal segments are compared percent-decoded. The path is split before anything is decoded, so <c>%2F</c> is never a separator.</summary>
    static abstract bool DecodesLiterals { get; }

    /// <summary>Whether there can be a route that takes what no other route takes.</summary>
    static abstract bool HasDefaultRoute { get; }
}
