namespace EdgeProxy.Compiler.Passes;

/// <summary>How a method is served.</summary>
public enum Serving
{
    /// <summary>As defined.</summary>
    Open,

    /// <summary>Closed: 500 with gateway response type <c>API_CONFIGURATION_ERROR</c>.</summary>
    ClosedForConfiguration,

    /// <summary>Closed, because it asks for access control: 500 with gateway response type <c>AUTHORIZER_CONFIGURATION_ERROR</c>.</summary>
    ClosedForAccessControl,
}
