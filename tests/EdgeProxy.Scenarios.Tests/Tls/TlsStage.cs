using System.Globalization;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Tls;

/// <summary>What the scenarios of TLS share: an authority, the files of certificates, and the programs that look at a node from outside.</summary>
internal sealed class TlsStage : IDisposable
{
    public TlsStage() => Authority = new Authority(Files);

    public Temporary Files { get; } = new();

    public Authority Authority { get; }

    /// <summary>An API that tells what the handshake agreed on, and who the client is.</summary>
    public static Api Api { get; } = new Api()
        .Mock("/", "GET", 200, ("Answered", "yes"))
        .Told("/told", ("Version", "context.tlsVersion"), ("Suite", "context.cipherSuite"), ("Subject", "context.identity.clientCert.subjectDN"), ("Serial", "context.identity.clientCert.serialNumber"));

    public string At(string file) => Files.PathOf(file);

    /// <summary>Starts a node with an https listener.</summary>
    /// <param name="settings">Lines of <c>edgeproxy.yaml</c>; <c>@/</c> stands for the folder of the certificates.</param>
    /// <param name="apiSettings">Lines below the entry of the API.</param>
    public Task<Node> StartAsync(string settings, string apiSettings = "") => Node.StartAsync(new NodeOptions
    {
        Api = Api.ToString(),
        Settings = settings.Replace("@/", Files.Folder + "/", StringComparison.Ordinal),
        ApiSettings = apiSettings,
        Listen = "https://127.0.0.1:0",
    });

    /// <summary>Has curl get a path of a host, trusting the authority.</summary>
    public Task<CommandResult> CurlAsync(Node node, string host, string path = "/told", params string[] options) => Command.RunAsync(
        "curl",
        ["-sSi", "--max-time", "20", "--cacert", Authority.File, "--resolve", string.Create(CultureInfo.InvariantCulture, $"{host}:{node.DataPort}:127.0.0.1"), .. options, string.Create(CultureInfo.InvariantCulture, $"https://{host}:{node.DataPort}{path}")]);

    /// <summary>Has OpenSSL's own client make a handshake for a name and say what it saw.</summary>
    public Task<CommandResult> HandshakeAsync(Node node, string? name, params string[] options) => Command.RunAsync(
        "openssl",
        ["s_client", "-connect", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.DataPort}"), "-CAfile", Authority.File, .. name is null ? ["-noservername"] : new[] { "-servername", name }, .. options],
        "Q\n"u8.ToArray());

    public void Dispose()
    {
        Authority.Dispose();
        Files.Dispose();
    }
}
