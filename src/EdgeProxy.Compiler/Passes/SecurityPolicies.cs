namespace EdgeProxy.Compiler.Passes;

/// <summary>The names of TLS security policies (security.md 11).</summary>
public static class SecurityPolicies
{
    /// <summary>What applies where nothing is said.</summary>
    public const string Default = "TLS_1_2";

    /// <summary>All that the service has.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "TLS_1_0",
        "TLS_1_2",
        "SecurityPolicy_TLS13_1_3_2025_09",
        "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
        "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
        "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
        "SecurityPolicy_TLS13_1_2_PQ_2025_09",
        "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
        "SecurityPolicy_TLS13_1_2_2021_06",
        "SecurityPolicy_TLS13_2025_EDGE",
        "SecurityPolicy_TLS12_PFS_2025_EDGE",
        "SecurityPolicy_TLS12_2018_EDGE",
    ];

    /// <summary>Whether a policy is one of the enhanced ones, which need an endpoint access mode, exclude mutual TLS and serve no HTTP APIs.</summary>
    public static bool IsEnhanced(string name) => name.StartsWith("SecurityPolicy_", StringComparison.Ordinal);

    /// <summary>Whether a policy is for hybrid post-quantum key exchange.</summary>
    public static bool IsPostQuantum(string name) => name.Contains("_PQ_", StringComparison.Ordinal);
}
