namespace EdgeProxy.Gateway.Routing;

/// <summary>What is wrong with a route.</summary>
internal enum RouteProblemCode : byte
{
    /// <summary>The template does not begin with a slash.</summary>
    NoLeadingSlash,

    /// <summary>The template ends in a slash, where that has a meaning and no route may have it (http-api.md 2.3).</summary>
    TrailingSlash,

    /// <summary>Two slashes follow each other in the template.</summary>
    EmptySegment,

    /// <summary>A literal segment has a byte that no path can have, so it could never match.</summary>
    UnmatchableLiteral,

    /// <summary>A brace stands within a segment; a parameter must be all of it.</summary>
    ParameterNotWholeSegment,

    /// <summary>A parameter without a name.</summary>
    NamelessParameter,

    /// <summary>Two parameters of one template share a name.</summary>
    RepeatedParameter,

    /// <summary>Segments follow a greedy parameter.</summary>
    GreedyNotLast,

    /// <summary>More than <see cref="PathRanges.Capacity"/> parameters.</summary>
    TooManyParameters,

    /// <summary>More than <see cref="RouteTemplate.MaxSegments"/> segments.</summary>
    TooManySegments,

    /// <summary>Longer than <see cref="RouteTemplate.MaxLength"/> bytes.</summary>
    TooLong,

    /// <summary>A method that no route can have.</summary>
    MethodNotRoutable,

    /// <summary>The same method and template came before.</summary>
    Duplicate,

    /// <summary>A template with the same method came before that differs only in how it names parameters or spells literals, so it takes the same requests.</summary>
    Conflict,

    /// <summary>A default route, where the kind of API has none.</summary>
    NoDefaultRoute,
}
