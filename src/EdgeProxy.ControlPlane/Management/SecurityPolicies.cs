namespace EdgeProxy.ControlPlane.Management;

/// <summary>Which TLS security policies are enhanced ones, and for which endpoints (control-plane.md 3.5, security.md 11).</summary>
internal static class SecurityPolicies
{
    /// <summary>Whether a policy is one of those that need an endpoint access mode.</summary>
    public static bool IsEnhanced(string policy) => policy.StartsWith("SecurityPolicy_", StringComparison.Ordinal);

    /// <summary>Whether an enhanced policy is for endpoints of a type.</summary>
    /// <param name="policy">An enhanced policy.</param>
    /// <param name="endpointType"><c>EDGE</c>, <c>REGIONAL</c> or <c>PRIVATE</c>.</param>
    public static bool Suits(string policy, string endpointType) => policy.EndsWith("_EDGE", StringComparison.Ordinal) == (endpointType == "EDGE");
}
