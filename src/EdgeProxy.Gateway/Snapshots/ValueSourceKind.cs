namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The places a mapped value can come from (rest-api.md 5.3, 5.10).</summary>
internal enum ValueSourceKind : byte
{
    Literal,
    PathParameter,
    QueryString,
    MultiValueQueryString,
    Header,
    MultiValueHeader,
    Context,
    StageVariable,
    IntegrationHeader,
    IntegrationMultiValueHeader,

    /// <summary>The client's body, or a path in it.</summary>
    RequestBody,

    /// <summary>The integration's body, or a path in it.</summary>
    IntegrationBody,

    /// <summary>A path parameter of whatever route matched; nothing when none did.</summary>
    NamedPathParameter,

    /// <summary>The first that has the name: path, then query string, then headers.</summary>
    InputParameter,
}
