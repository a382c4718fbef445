namespace EdgeProxy.Compiler.Mappings;

/// <summary>Where a parameter mapping takes its value from (rest-api.md 5.3 and 5.10).</summary>
public enum SourceKind
{
    /// <summary><c>'text'</c>.</summary>
    Literal,

    /// <summary><c>method.request.path.NAME</c>.</summary>
    RequestPath,

    /// <summary><c>method.request.querystring.NAME</c>: the last value.</summary>
    RequestQuery,

    /// <summary><c>method.request.multivaluequerystring.NAME</c>: all values.</summary>
    RequestQueryAll,

    /// <summary><c>method.request.header.NAME</c>: the last value.</summary>
    RequestHeader,

    /// <summary><c>method.request.multivalueheader.NAME</c>: all values.</summary>
    RequestHeaderAll,

    /// <summary><c>method.request.body</c>, or a JSONPath in it.</summary>
    RequestBody,

    /// <summary><c>integration.response.header.NAME</c>: the last value.</summary>
    ResponseHeader,

    /// <summary><c>integration.response.multivalueheader.NAME</c>: all values.</summary>
    ResponseHeaderAll,

    /// <summary><c>integration.response.body</c>, or a JSONPath in it.</summary>
    ResponseBody,

    /// <summary><c>stageVariables.NAME</c>.</summary>
    StageVariable,

    /// <summary><c>context.NAME</c>.</summary>
    Context,
}
