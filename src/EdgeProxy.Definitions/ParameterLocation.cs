namespace EdgeProxy.Definitions;

/// <summary>Where a request parameter stands.</summary>
public enum ParameterLocation
{
    /// <summary>A placeholder of the path.</summary>
    Path,

    /// <summary>The query string.</summary>
    QueryString,

    /// <summary>A header field.</summary>
    Header,
}
