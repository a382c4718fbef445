namespace EdgeProxy.Definitions;

/// <summary>What becomes of an integration's answer that does not match the method's response model (<c>x-edgeproxy-response-validation</c>).</summary>
/// <remarks>API Gateway never looks; this is EdgeProxy's own.</remarks>
public enum ResponseValidation
{
    /// <summary>Nobody looks.</summary>
    Off,

    /// <summary>It is counted and logged, and passes.</summary>
    Report,

    /// <summary>It is counted and logged, and the client gets 502 instead.</summary>
    Enforce,
}
