using System.Globalization;

namespace EdgeProxy.Load.Compare;

/// <summary>A TLS 1.3 handshake, one request and the end of the connection, again and again, by <c>openssl s_time</c>.</summary>
/// <param name="Path">What is asked for.</param>
/// <param name="Resumed">By a ticket of the connection before, or in full.</param>
internal sealed record HandshakeLoad(string Path, bool Resumed) : ForeignLoad(Path)
{
    public override string Program => "openssl";

    public override bool IsTls => true;

    public override double Seconds(double wanted) => Math.Max(1, Math.Round(wanted));

    public override ForeignResult Run(ServerSetup server, double seconds, string processors) => Read(ForeignProgram.Run(
        Program,
        [
            "s_time", "-connect", $"127.0.0.1:{server.TlsPort}", "-www", Path, "-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256",
            Resumed ? "-reuse" : "-new", "-time", ((int)seconds).ToString(CultureInfo.InvariantCulture),
        ],
        processors));

    /// <summary>Reads <c>999 connections in 3 real seconds, 1024 bytes read per connection</c>; without such a line everything failed.</summary>
    public static ForeignResult Read(string said)
    {
        string? line = said.Split('\n').FirstOrDefault(line => line.Contains(" connections in ", StringComparison.Ordinal) && line.Contains("real seconds", StringComparison.Ordinal));
        return line is not null && long.TryParse(line.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long connections)
            ? new ForeignResult(connections, 0)
            : new ForeignResult(0, 1);
    }
}
