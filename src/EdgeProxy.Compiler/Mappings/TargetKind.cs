namespace EdgeProxy.Compiler.Mappings;

/// <summary>What a parameter mapping sets.</summary>
public enum TargetKind
{
    /// <summary>A header field of the request to the back end.</summary>
    IntegrationHeader,

    /// <summary>A query parameter of the request to the back end.</summary>
    IntegrationQuery,

    /// <summary>A placeholder of the integration's URI.</summary>
    IntegrationPath,

    /// <summary>A header field of the answer to the client.</summary>
    ResponseHeader,
}
