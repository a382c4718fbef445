namespace EdgeProxy.Compiler.Problems;

/// <summary>What a problem means for the configuration it was found in.</summary>
public enum ProblemSeverity
{
    /// <summary>Worth a look; the definition is served as written.</summary>
    Warning,

    /// <summary>A correct definition that this version cannot execute: the route is served closed, never without its control.</summary>
    Unsupported,

    /// <summary>The definition is wrong; it is not served at all.</summary>
    Error,
}
