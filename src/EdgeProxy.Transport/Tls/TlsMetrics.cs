using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Transport.Tls;

/// <summary>What handshakes count (specification observability.md 3.5).</summary>
public sealed class TlsMetrics
{
    private readonly CounterFamily _handshakes;
    private readonly CounterFamily _upstream;

    public TlsMetrics(MetricRegistry registry)
    {
        _handshakes = registry.Counter("edgeproxy_tls_handshakes_total", "TLS handshakes with clients that ended, by what they agreed on or why they failed.", "domain", "version", "cipher", "result");
        _upstream = registry.Counter("edgeproxy_upstream_tls_handshakes_total", "TLS handshakes with upstreams that ended.", "version", "result");
        Renegotiations = registry.Counter("edgeproxy_tls_renegotiations_total", "Renegotiations that clients asked for, each of them refused.").With();
        UnderWay = registry.Gauge("edgeproxy_tls_handshakes_in_progress", "TLS handshakes with clients under way.").With();
    }

    /// <summary>Renegotiations that clients of TLS 1.2 and before asked for and were refused.</summary>
    public Counter Renegotiations { get; }

    /// <summary>Handshakes with clients under way.</summary>
    public Gauge UnderWay { get; }

    /// <summary>As the <c>result</c> label has it: <c>timed_out</c>.</summary>
    public static string LabelOf(TlsFailure failure)
    {
        string name = failure.ToString();
        var label = new System.Text.StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && label.Length > 0) label.Append('_');
            label.Append(char.ToLowerInvariant(c));
        }

        return label.ToString();
    }

    /// <summary>Handshakes that agreed. Takes a lock: loops keep what they are given.</summary>
    internal Counter Agreed(string domain, TlsFacts facts) => _handshakes.With(domain, facts.VersionText, facts.CipherSuite, facts.Resumed ? "resumed" : "full");

    /// <summary>Handshakes that failed, likewise.</summary>
    internal Counter Failed(string domain, TlsFailure failure) => _handshakes.With(domain, "", "", LabelOf(failure));

    /// <summary>Handshakes with upstreams, likewise.</summary>
    internal Counter Upstream(string version, string result) => _upstream.With(version, result);
}
