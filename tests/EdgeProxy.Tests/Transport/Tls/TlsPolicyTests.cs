using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>Which versions and suites each policy takes and refuses (security.md 11), with clients that offer one thing only.</summary>
public sealed class TlsPolicyTests
{
    private static readonly X509Certificate2 s_rsa = TestCertificates.Leaf("CN=rsa", null, ["api.example.com"], rsaBits: 2048);
    private static readonly X509Certificate2 s_ec = TestCertificates.Leaf("CN=ec", null, ["api.example.com"]);

    [Theory]
    [InlineData("TLS_1_0", TlsVersion.Tls10, "AES128-SHA", true)]
    [InlineData("TLS_1_0", TlsVersion.Tls11, "ECDHE-RSA-AES256-SHA", true)]
    [InlineData("TLS_1_0", TlsVersion.Tls12, "AES256-SHA256", true)]
    [InlineData("TLS_1_0", TlsVersion.Tls13, "", true)]
    [InlineData("TLS_1_2", TlsVersion.Tls10, "AES128-SHA", false)]
    [InlineData("TLS_1_2", TlsVersion.Tls11, "AES128-SHA", false)]
    [InlineData("TLS_1_2", TlsVersion.Tls12, "AES128-SHA", false)]
    [InlineData("TLS_1_2", TlsVersion.Tls12, "AES128-GCM-SHA256", true)]
    [InlineData("TLS_1_2", TlsVersion.Tls12, "ECDHE-ECDSA-AES256-GCM-SHA384", true)]
    [InlineData("TLS_1_2", TlsVersion.Tls12, "ECDHE-RSA-AES128-SHA256", true)]
    [InlineData("TLS_1_2", TlsVersion.Tls12, "ECDHE-RSA-CHACHA20-POLY1305", false)]
    [InlineData("TLS_1_2", TlsVersion.Tls13, "", true)]
    [InlineData("SecurityPolicy_TLS13_1_3_2025_09", TlsVersion.Tls12, "ECDHE-RSA-AES128-GCM-SHA256", false)]
    [InlineData("SecurityPolicy_TLS13_1_3_2025_09", TlsVersion.Tls13, "TLS_CHACHA20_POLY1305_SHA256", true)]
    [InlineData("SecurityPolicy_TLS13_1_3_FIPS_2025_09", TlsVersion.Tls13, "TLS_CHACHA20_POLY1305_SHA256", false)]
    [InlineData("SecurityPolicy_TLS13_1_3_FIPS_2025_09", TlsVersion.Tls13, "TLS_AES_256_GCM_SHA384", true)]
    [InlineData("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", TlsVersion.Tls12, "AES128-GCM-SHA256", false)]
    [InlineData("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", TlsVersion.Tls12, "ECDHE-RSA-AES128-GCM-SHA256", true)]
    [InlineData("SecurityPolicy_TLS13_1_2_PQ_2025_09", TlsVersion.Tls12, "AES128-GCM-SHA256", true)]
    [InlineData("SecurityPolicy_TLS13_1_2_2021_06", TlsVersion.Tls12, "ECDHE-ECDSA-AES128-SHA256", true)]
    [InlineData("SecurityPolicy_TLS13_1_2_2021_06", TlsVersion.Tls12, "AES128-GCM-SHA256", false)]
    public void Takes_what_it_names_and_refuses_the_rest(string policy, TlsVersion version, string suite, bool taken)
    {
        using TlsPair pair = Pair(policy);
        bool is13 = version == TlsVersion.Tls13;
        pair.Connector.Contexts = new UpstreamTlsContexts
        {
            Policy = new TlsPolicy("client", version, version, is13 ? null : suite + ":@SECLEVEL=0", is13 && suite.Length > 0 ? suite : TlsPolicy.Default.Tls13CipherSuites),
        };
        TlsAccepted accepted = pair.Shake("api.example.com", new UpstreamTls { InsecureSkipVerification = true }).Accepted;
        if (taken)
        {
            Assert.Equal(TlsFailure.None, accepted.Failure);
            Assert.Equal(version, accepted.Connection!.Tls!.Version);
            if (suite.Length > 0) Assert.Equal(suite, accepted.Connection.Tls.CipherSuite);
        }
        else
        {
            Assert.True(accepted.Failure is TlsFailure.NoCommonVersion or TlsFailure.NoCommonCipher, accepted.Failure.ToString());
        }
    }

    [Fact]
    public void Every_policy_of_the_specification_loads()
    {
        foreach (TlsPolicy policy in TlsPolicy.All)
        {
            using TlsPair pair = Pair(policy.Name);
            Assert.Equal(TlsFailure.None, pair.Shake("api.example.com", new UpstreamTls { InsecureSkipVerification = true }).Accepted.Failure);
            Assert.Same(policy, TlsPolicy.FindOrNull(policy.Name));
        }

        Assert.Equal(12, TlsPolicy.All.Count);
        Assert.Null(TlsPolicy.FindOrNull("TLS_1_1"));
    }

    [Fact]
    public void Policies_for_post_quantum_exchange_and_for_edges_say_what_is_served_instead()
    {
        Assert.Equal("no post-quantum group in this build", TlsPolicy.FindOrNull("SecurityPolicy_TLS13_1_2_PQ_2025_09")!.Warning);
        Assert.NotNull(TlsPolicy.FindOrNull("SecurityPolicy_TLS13_2025_EDGE")!.Warning);
        Assert.Null(TlsPolicy.Default.Warning);
    }

    private static TlsPair Pair(string policy) => new(new TlsServerContexts(
        [new TlsServerName { Name = "api.example.com", Certificates = [TestCertificates.Server(s_rsa), TestCertificates.Server(s_ec)], Policy = TlsPolicy.FindOrNull(policy)! }], null, 1));
}
