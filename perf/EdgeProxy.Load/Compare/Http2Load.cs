using System.Globalization;

namespace EdgeProxy.Load.Compare;

/// <summary>Requests over kept connections by <c>h2load</c> of nghttp2.</summary>
/// <param name="Path">What is asked for.</param>
/// <param name="Tls">Over TLS 1.3, or in plain text by prior knowledge.</param>
/// <param name="Connections">Connections.</param>
/// <param name="Streams">Requests in flight on each.</param>
internal sealed record Http2Load(string Path, bool Tls, int Connections, int Streams) : ForeignLoad(Path)
{
    /// <summary>HTTP/1.1 in place of HTTP/2.</summary>
    public bool Http1 { get; init; }

    public override string Program => "h2load";

    public override bool IsTls => Tls;

    public override ForeignResult Run(ServerSetup server, double seconds, string processors) =>
        Run(server, ["-D", Number((int)(seconds * 1000)) + "ms", "--warm-up-time=0"], processors);

    /// <summary>Sends so many requests, however long it takes.</summary>
    public ForeignResult RunCount(ServerSetup server, long requests, string processors) =>
        Run(server, ["-n", requests.ToString(CultureInfo.InvariantCulture)], processors);

    private ForeignResult Run(ServerSetup server, string[] bound, string processors)
    {
        string url = Tls ? $"https://127.0.0.1:{server.TlsPort}{Path}" : $"http://127.0.0.1:{server.ClearHttp2Port}{Path}";
        List<string> arguments =
        [
            "-c", Number(Connections), "-m", Number(Streams), .. bound,
            "--tls13-ciphers=TLS_AES_128_GCM_SHA256", url,
        ];
        if (Http1) arguments.Insert(0, "--h1");
        return Read(ForeignProgram.Run(Program, arguments, processors));
    }

    /// <summary>Reads <c>requests: 9 total, 9 started, 9 done, 9 succeeded, 0 failed, 0 errored, 0 timeout</c>; without such a line everything failed.</summary>
    public static ForeignResult Read(string said)
    {
        string? line = said.Split('\n').FirstOrDefault(line => line.StartsWith("requests: ", StringComparison.Ordinal));
        if (line is null) return new ForeignResult(0, 1);

        Dictionary<string, long> counts = line["requests: ".Length..].Split(',')
            .Select(part => part.Trim().Split(' '))
            .Where(part => part.Length == 2 && long.TryParse(part[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .ToDictionary(part => part[1], part => long.Parse(part[0], CultureInfo.InvariantCulture));
        return new ForeignResult(
            counts.GetValueOrDefault("succeeded"),
            counts.GetValueOrDefault("failed") + counts.GetValueOrDefault("timeout"));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
