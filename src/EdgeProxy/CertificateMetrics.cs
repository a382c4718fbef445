using EdgeProxy.Control;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy;

/// <summary>When the certificates in use end.</summary>
internal sealed class CertificateMetrics
{
    private readonly FunctionFamily _family;
    private Dictionary<(string Domain, string Key), double> _ends = [];

    public CertificateMetrics(MetricRegistry metrics) => _family = metrics.GaugeFunction(
        "edgeproxy_certificate_expiry_timestamp_seconds", "When a certificate in use ends, by the first name it is for and the kind of its key.", "domain", "key");

    /// <summary>Shows these and no others. Control thread only.</summary>
    public void Show(IReadOnlyList<LoadedCertificate> certificates)
    {
        var ends = new Dictionary<(string Domain, string Key), double>();
        foreach (LoadedCertificate loaded in certificates)
        {
            // Of several for one name the longest is the one that is served.
            double end = loaded.Certificate.NotAfter.ToUnixTimeSeconds();
            ends[(loaded.Domain, loaded.Key)] = Math.Max(end, ends.GetValueOrDefault((loaded.Domain, loaded.Key)));
        }

        Dictionary<(string Domain, string Key), double> before = _ends;
        Volatile.Write(ref _ends, ends);
        foreach ((string domain, string key) in before.Keys)
        {
            if (!ends.ContainsKey((domain, key))) _family.Remove(domain, key);
        }

        foreach ((string domain, string key) in ends.Keys) _family.Add(() => Volatile.Read(ref _ends).GetValueOrDefault((domain, key)), domain, key);
    }
}
