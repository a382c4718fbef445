namespace EdgeProxy.Load.Compare;

/// <summary>How a contender is started for a row.</summary>
internal sealed record ServerSetup
{
    /// <summary>A directory of its own for configuration and files.</summary>
    public required string Directory { get; init; }

    /// <summary>A directory of its own in memory, for caches; empty where there is none.</summary>
    public string MemoryDirectory { get; init; } = "";

    /// <summary>Where the backend listens.</summary>
    public required int Backend { get; init; }

    /// <summary>Where a slow backend of HTTP/2 in plain text listens, if the row has one.</summary>
    public int SlowBackend { get; init; }

    /// <summary>Where the contender is to listen.</summary>
    public required int Port { get; init; }

    /// <summary>Where its admin listener is to listen, if it has one.</summary>
    public required int AdminPort { get; init; }

    /// <summary>Where it is to speak HTTP/2 in plain text, when <see cref="ClearHttp2"/> is set.</summary>
    public required int ClearHttp2Port { get; init; }

    /// <summary>Where it is to speak TLS, with HTTP/2 and HTTP/1.1 by ALPN, when <see cref="Tls"/> is set.</summary>
    public required int TlsPort { get; init; }

    /// <summary>Whether to listen for HTTP/2 in plain text too.</summary>
    public bool ClearHttp2 { get; init; }

    /// <summary>Whether to listen for TLS too, with the certificate of <see cref="Bench.Certificate"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>The chain and its key; both in one file stand beside them as <c>both.pem</c>.</summary>
    public (string Certificate, string Key) Certificate { get; init; } = ("", "");

    /// <summary>Loops, workers or threads.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The processors it may use, as <c>taskset</c> takes them; null for all.</summary>
    public string? Processors { get; init; } = "0";

    /// <summary>Where to log each request; null for nowhere.</summary>
    public string? AccessLog { get; init; }

    /// <summary>The directory of what a row adds to the configurations; null for nothing.</summary>
    public string? Extra { get; init; }

    /// <summary>Routes beside those of the rows.</summary>
    public int ExtraRoutes { get; init; }
}
