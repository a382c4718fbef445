using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>The access log's line of one request, JSON.</summary>
/// <remarks>Never bodies, queries or fields that could hold secrets; what a client chose is escaped and cut.</remarks>
internal static class AccessLogLine
{
    // Cut before escaping, which takes up to six bytes for one.
    private const int PathBytes = 1024;
    private const int UserAgentBytes = 256;
    private const int NameCharacters = 256;
    private const int PlanIdBytes = 64;

    // The fixed members and numbers, with room to spare.
    private const int FixedBytes = 1280;

    public static void Write(RequestContext request, AccessLogProducer log, int status, long duration)
    {
        Exchange exchange = request.Exchange;
        RequestHead head = exchange.Request;
        int agentAt = head.Headers.LastIndexOf(KnownHeader.UserAgent);
        ReadOnlySpan<byte> agent = agentAt < 0 ? default : head.Headers.Value(agentAt);
        ReadOnlySpan<byte> path = head.Path;
        ReadOnlySpan<byte> apiId = request.Stage is null ? default : request.Stage.Api.Id.Span;
        ReadOnlySpan<byte> stage = request.Stage is null ? default : request.Stage.Name.Span;
        ReadOnlySpan<byte> route = request.Route is null ? default : request.Route.ResourcePath.Span;

        int room = FixedBytes + (JsonLineWriter.MaxExpansion *
            (Math.Min(path.Length, PathBytes) + CertificateCharacters(exchange.Tls) + Math.Min(agent.Length, UserAgentBytes) + apiId.Length + stage.Length + route.Length));
        Span<byte> line = log.Reserve(room);
        if (line.IsEmpty) return;

        Span<byte> address = stackalloc byte[48];
        var json = new JsonLineWriter(line);
        json.Text("time"u8, request.Services.Timestamps.Rfc3339(request.ArrivedAtUnixMilliseconds));
        json.Text("requestId"u8, request.RequestId);
        json.Text("extendedRequestId"u8, request.ExtendedRequestId);
        json.Text("sourceIp"u8, address[..request.SourceIp.Format(address)]);
        if (request.Stage is not null)
        {
            json.Text("apiId"u8, apiId);
            json.Text("stage"u8, stage);
            if (request.Stage.Canary is not null) json.Boolean("canary"u8, request.IsCanary);
        }

        if (request.Route is not null) json.Text("route"u8, route);
        if (request.ApiKey.Outcome != ApiKeyOutcome.NotNeeded) WriteKey(ref json, request);
        json.Text("method"u8, head.MethodText, 16);
        json.Text("path"u8, path, PathBytes);
        json.Text("protocol"u8, ContextVariables.ProtocolOf(head));
        if (exchange.Tls is { } tls) WriteTls(ref json, tls);
        json.Number("status"u8, status);
        json.Number("requestBytes"u8, exchange.RequestBytes);
        json.Number("responseBytes"u8, exchange.ResponseBytes);
        json.Number("latencyUs"u8, duration / 1000);
        if (request.IntegrationStartedAt != 0 && request.IntegrationEndedAt != 0)
        {
            json.Number("integrationLatencyUs"u8, (request.IntegrationEndedAt - request.IntegrationStartedAt) / 1000);
            if (request.IntegrationStatus != 0) json.Number("integrationStatus"u8, request.IntegrationStatus);
        }

        if (request.CacheUseOrNull is { Outcome: not CacheOutcome.None } cache) json.Text("cache"u8, CacheOutcomes.NameOf(cache.Outcome));
        if (request.Fault != FaultKind.None) json.Text("fault"u8, FaultNames.NameOf(request.Fault));
        json.Text("userAgent"u8, agent, UserAgentBytes);
        log.Commit(json.End(), request.Now);
    }

    // The key's id and never its value; of a key that opens nothing there may be an id as well.
    private static void WriteKey(scoped ref JsonLineWriter json, RequestContext request)
    {
        if (request.ApiKey.Key >= 0) json.Text("apiKeyId"u8, request.Snapshot.Usage!.KeyId(request.ApiKey.Key));
        if (request.ApiKey.Plan is { } stage) json.Text("usagePlanId"u8, stage.Plan.Id.Span, PlanIdBytes);
    }

    // The certificate's members stand here whether it was trusted or not; the verdict says so (security.md 10).
    private static void WriteTls(scoped ref JsonLineWriter json, TlsFacts tls)
    {
        json.Text("tlsVersion"u8, tls.VersionText);
        json.Text("cipherSuite"u8, tls.CipherSuite);
        if (tls.ClientVerdict == ClientCertificateVerdict.NotAsked) return;
        json.Text("clientCertVerdict"u8, VerdictOf(tls.ClientVerdict));
        if (tls.ClientCertificate is not { } certificate) return;
        json.Text("clientCertSubjectDN"u8, Cut(certificate.SubjectDn));
        json.Text("clientCertIssuerDN"u8, Cut(certificate.IssuerDn));
        json.Text("clientCertSerialNumber"u8, Cut(certificate.SerialNumber));
    }

    private static ReadOnlySpan<byte> VerdictOf(ClientCertificateVerdict verdict) => verdict switch
    {
        ClientCertificateVerdict.Missing => "missing"u8,
        ClientCertificateVerdict.Trusted => "trusted"u8,
        ClientCertificateVerdict.Untrusted => "untrusted"u8,
        ClientCertificateVerdict.Expired => "expired"u8,
        ClientCertificateVerdict.NotYetValid => "notYetValid"u8,
        ClientCertificateVerdict.Weak => "weak"u8,
        ClientCertificateVerdict.Revoked => "revoked"u8,
        _ => "malformed"u8,
    };

    private static int CertificateCharacters(TlsFacts? tls) => tls?.ClientCertificate is null ? 0 : 3 * NameCharacters;

    private static ReadOnlySpan<char> Cut(string text)
    {
        if (text.Length <= NameCharacters) return text;
        return text.AsSpan(0, char.IsHighSurrogate(text[NameCharacters - 1]) ? NameCharacters - 1 : NameCharacters);
    }
}
