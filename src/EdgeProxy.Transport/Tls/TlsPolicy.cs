namespace EdgeProxy.Transport.Tls;

/// <summary>A security policy by its API Gateway name: versions, suites and groups (specification security.md 11).</summary>
/// <remarks>Suites are in our order of preference. 3DES, RC4 and SSL 3 are never offered, whatever the policy.</remarks>
public sealed class TlsPolicy
{
    private const string Tls13Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
    private const string Tls13FipsSuites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";
    private const string EcdheGcm =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

    private const string EcdheCbc =
        ":ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384";

    private const string Rsa = ":AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256";
    private const string Sha1 = ":ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:AES128-SHA:AES256-SHA";
    private const string Groups = "X25519:P-256:P-384:P-521";
    private const string FipsGroups = "P-256:P-384:P-521";

    /// <summary>What a policy with post-quantum key exchange says on load: OpenSSL has the groups from 3.5 on.</summary>
    private const string NoPostQuantum = "no post-quantum group in this build";

    private const string EdgeOnly = "a policy of edge-optimized endpoints; its suites are those of the nearest regional policy";

    /// <summary>A policy of no name of the service's: what connections to upstreams offer, and clients in tests.</summary>
    internal TlsPolicy(string name, TlsVersion minimum, TlsVersion maximum, string? suites, string tls13Suites = Tls13Suites)
        : this(name, minimum, suites, tls13Suites, Groups) => Maximum = maximum;

    private TlsPolicy(string name, TlsVersion minimum, string? suites, string tls13Suites, string groups)
    {
        Name = name;
        Minimum = minimum;
        Suites = suites;
        Tls13CipherSuites = tls13Suites;
        GroupList = groups;
    }

    /// <summary>The default of custom domain names.</summary>
    public static TlsPolicy Default { get; } = new("TLS_1_2", TlsVersion.Tls12, EcdheGcm + EcdheCbc + Rsa, Tls13Suites, Groups);

    /// <summary>All there are.</summary>
    public static IReadOnlyList<TlsPolicy> All { get; } =
    [
        new("TLS_1_0", TlsVersion.Tls10, EcdheGcm + EcdheCbc + Rsa + Sha1 + ":@SECLEVEL=0", Tls13Suites, Groups),
        Default,
        new("SecurityPolicy_TLS13_1_3_2025_09", TlsVersion.Tls13, null, Tls13Suites, Groups),
        new("SecurityPolicy_TLS13_1_3_FIPS_2025_09", TlsVersion.Tls13, null, Tls13FipsSuites, FipsGroups),
        new("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", TlsVersion.Tls12, EcdheGcm, Tls13Suites, Groups) { WantsPostQuantum = true },
        new("SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09", TlsVersion.Tls12, EcdheGcm, Tls13FipsSuites, FipsGroups) { WantsPostQuantum = true },
        new("SecurityPolicy_TLS13_1_2_PQ_2025_09", TlsVersion.Tls12, EcdheGcm + EcdheCbc + Rsa, Tls13Suites, Groups) { WantsPostQuantum = true },
        new("SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09", TlsVersion.Tls12, EcdheGcm + EcdheCbc + Rsa, Tls13FipsSuites, FipsGroups) { WantsPostQuantum = true },
        new("SecurityPolicy_TLS13_1_2_2021_06", TlsVersion.Tls12, EcdheGcm + EcdheCbc, Tls13Suites, Groups),
        new("SecurityPolicy_TLS13_2025_EDGE", TlsVersion.Tls13, null, Tls13Suites, Groups) { IsEdgeOnly = true },
        new("SecurityPolicy_TLS12_PFS_2025_EDGE", TlsVersion.Tls12, EcdheGcm, Tls13Suites, Groups) { IsEdgeOnly = true },
        new("SecurityPolicy_TLS12_2018_EDGE", TlsVersion.Tls12, EcdheGcm + EcdheCbc + Rsa, Tls13Suites, Groups) { IsEdgeOnly = true },
    ];

    /// <summary>What we offer to upstreams: TLS 1.2 and 1.3.</summary>
    internal static TlsPolicy Upstream { get; } = new("upstream", TlsVersion.Tls12, TlsVersion.Tls13, "ECDHE+AESGCM:ECDHE+CHACHA20" + EcdheCbc + Rsa);

    /// <summary>As in <c>TLS_1_2</c> or <c>SecurityPolicy_TLS13_1_3_2025_09</c>.</summary>
    public string Name { get; }

    /// <summary>The oldest version allowed.</summary>
    public TlsVersion Minimum { get; }

    /// <summary>The newest version allowed: 1.3 in every policy of the service.</summary>
    public TlsVersion Maximum { get; } = TlsVersion.Tls13;

    /// <summary>Suites of TLS 1.2 and older by OpenSSL's names, with colons; null where only 1.3 is allowed.</summary>
    public string? Suites { get; }

    /// <summary>Suites of TLS 1.3, with colons.</summary>
    public string Tls13CipherSuites { get; }

    /// <summary>Whether the policy is for edge-optimized endpoints only.</summary>
    public bool IsEdgeOnly { get; private init; }

    /// <summary>Whether the policy wants a hybrid post-quantum key exchange. This build has none: setting <c>tls.requirePq</c> refuses such a policy.</summary>
    public bool WantsPostQuantum { get; private init; }

    /// <summary>Whether it is one of the enhanced policies, which exclude mutual TLS and HTTP APIs and need an endpoint access mode.</summary>
    public bool IsEnhanced => Name.StartsWith("SecurityPolicy_", StringComparison.Ordinal);

    /// <summary>What to tell the operator on load; null when the policy is served as written.</summary>
    public string? Warning => WantsPostQuantum ? NoPostQuantum : IsEdgeOnly ? EdgeOnly : null;

    internal string GroupList { get; }

    /// <summary>The policy of that name, or null.</summary>
    public static TlsPolicy? FindOrNull(string name)
    {
        foreach (TlsPolicy policy in All)
        {
            if (policy.Name == name) return policy;
        }

        return null;
    }

    public override string ToString() => Name;
}
