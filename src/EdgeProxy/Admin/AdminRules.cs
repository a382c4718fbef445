using EdgeProxy.Core.Text;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Settings;

namespace EdgeProxy.Admin;

/// <summary>Who may ask for what on the admin listener; a reload swaps it whole.</summary>
internal sealed class AdminRules
{
    private readonly Dictionary<string, AdminRight> _rights = new(StringComparer.Ordinal);

    /// <param name="metricsAllow">Who may read metrics and health when the listener is not on loopback.</param>
    /// <param name="hosts">Names beside addresses and <c>localhost</c> that unsigned requests may be for.</param>
    /// <param name="credentials">Keys that requests may be signed with; without any nothing is signed, and all but metrics and health stays on loopback.</param>
    /// <param name="skew">How far a signer's clock may be off.</param>
    public AdminRules(CidrSet metricsAllow, IReadOnlyList<string> hosts, IReadOnlyList<AdminCredential> credentials, TimeSpan skew)
    {
        MetricsAllow = metricsAllow;
        Hosts = hosts;
        Skew = skew;
        Keys = new AccessKeys([.. credentials.Select(static credential => new AccessKey(credential.Credentials))]);
        foreach (AdminCredential credential in credentials) _rights.Add(credential.Credentials.AccessKeyId, credential.Rights);
    }

    public static AdminRules Of(NodeSettings settings) =>
        new(settings.Admin.MetricsAllow, settings.AdminHosts, settings.AdminCredentials, TimeSpan.FromTicks(settings.Admin.SignatureSkew / 100)) { Rate = settings.Admin.Rate, Replays = settings.Admin.Replays };

    public CidrSet MetricsAllow { get; }

    public IReadOnlyList<string> Hosts { get; }

    public AccessKeys Keys { get; }

    /// <summary>How often each client off loopback may call; null for as often as it likes.</summary>
    public ThrottleSettings? Rate { get; init; }

    /// <summary>Signatures of changes that are remembered; 0 for none.</summary>
    public int Replays { get; init; }

    public TimeSpan Skew { get; }

    public AdminRight RightOf(AccessKey key) => _rights[key.Credentials.AccessKeyId];
}
