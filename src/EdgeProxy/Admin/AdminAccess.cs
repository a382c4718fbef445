using System.Text;
using EdgeProxy.Control;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Admin;

/// <summary>Judges who may ask for what on the admin listener (architecture: admin; specification control-plane.md 7).</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Metrics and health need no signature; off loopback <c>admin.metricsAllow</c> says who may read them.</item>
/// <item>All else needs one as soon as keys are configured, and is closed off loopback when none are.</item>
/// <item>What needs no signature on loopback is answered by address, as <c>localhost</c> or by <c>admin.hosts</c>, and not to web pages: a browser on this machine
/// reaches loopback for any page, also for one that has its own name lead here.</item>
/// </list>
/// The address judged is the connection's own, never one that a field of the request names. Admin loop only, but for <see cref="Rules"/>.
/// </remarks>
internal sealed class AdminAccess
{
    private readonly SignatureVerifier _verifier = new();
    private readonly UsedSignatures _used = new();
    private readonly AdminRate _rate = new();
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CounterFamily _refused;
    private AdminRules _rules;

    public AdminAccess(AdminRules rules, MetricRegistry metrics, ILogger log, TimeProvider clock)
    {
        _rules = rules;
        _log = log;
        _clock = clock;
        _refused = metrics.Counter("edgeproxy_admin_refused_total", "Requests to the admin listener that were refused, by why.", "reason");
    }

    /// <summary>A reload may swap them.</summary>
    public AdminRules Rules
    {
        get => Volatile.Read(ref _rules);
        set => Volatile.Write(ref _rules, value);
    }

    /// <summary>Judges a request for metrics or health.</summary>
    public AdminVerdict JudgeOpen(Exchange exchange)
    {
        if (exchange.Listener.IsLoopback) return IsForThisNode(exchange) ? AdminVerdict.Allowed : RefuseHost(exchange);
        return Rules.MetricsAllow.Contains(exchange.Client.Address) ? AdminVerdict.Allowed : Refuse(exchange, "address", 403, "", "Forbidden");
    }

    /// <summary>Judges a request for anything else; its body is held when it was signed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="service">The service that it has to be signed for.</param>
    /// <param name="right">What it takes.</param>
    /// <param name="mostBody">Largest body in bytes.</param>
    public async LoopTask<AdminVerdict> JudgeAsync(AdminRequest request, string service, AdminRight right, long mostBody)
    {
        Exchange exchange = request.Exchange;
        AdminRules rules = Rules;
        if (rules.Rate is { } rate && !exchange.Client.Address.IsLoopback && !_rate.TryTake(exchange.Client.Address, rate, exchange.Loop.Now))
        {
            return Refuse(exchange, "rate", 429, "TooManyRequestsException", "Too Many Requests") with { Limit = "admin.rate" };
        }

        if (rules.Keys.Count == 0)
        {
            if (!exchange.Listener.IsLoopback) return Refuse(exchange, "closed", 403, "", "Forbidden");
            if (!IsForThisNode(exchange)) return RefuseHost(exchange);
            return IsFromPage(exchange.Request.Headers) ? Refuse(exchange, "origin", 403, "AccessDeniedException", "Web pages are not answered.") : AdminVerdict.Allowed;
        }

        SignatureVerdict signature = _verifier.Begin(request, rules.Keys, new SignatureRules(service, Region: null, rules.Skew), _clock.GetUtcNow(), out PendingSignature? pending);
        if (pending is not null)
        {
            switch (await request.ReadBodyAsync(mostBody))
            {
                case BodyStatus.End:
                    signature = _verifier.End(pending, request, request.Body.Span);
                    break;
                case BodyStatus.TooLarge:
                    return Refuse(exchange, "body", 413, "RequestTooLargeException", $"The body is larger than {mostBody} bytes.");
                default:
                    return Refuse(exchange, "body", 400, "", "The body could not be read to its end.");
            }
        }

        if (!signature.IsGood) return Refuse(exchange, signature.Failure == SignatureFailure.Missing ? "unsigned" : "signature", 403, signature.ErrorType, signature.Message);
        string id = signature.Key!.Credentials.AccessKeyId;
        if (right > rules.RightOf(signature.Key)) return Refuse(exchange, "rights", 403, "AccessDeniedException", $"The key {id} may read only (admin.credentials).") with { AccessKeyId = id };
        bool isFull = false;
        if (rules.Replays > 0 && right == AdminRight.Full && !_used.TryUse(pending!, rules.Replays, _clock.GetUtcNow(), out isFull))
        {
            return Refuse(exchange, "replay", 403, "InvalidSignatureException", "The signature was used before (admin.replays).") with { AccessKeyId = id };
        }

        return AdminVerdict.Allowed with { AccessKeyId = id, Limit = isFull ? "admin.replays" : null, IsReader = rules.RightOf(signature.Key) == AdminRight.Read };
    }

    /// <summary>Whether a request comes from a page in a browser: those tell their origin, and old browsers that do not cannot send what changes something.</summary>
    private static bool IsFromPage(HeaderTable headers) =>
        InvokeRequest.ValueOf(headers, "Origin") is not null || InvokeRequest.ValueOf(headers, "Sec-Fetch-Site") is not (null or "none" or "same-origin");

    private bool IsForThisNode(Exchange exchange)
    {
        if (!Authority.TryParse(exchange.Request.Authority, out Authority authority)) return false;
        if (authority.NamesNobody) return true;
        foreach (string name in Rules.Hosts)
        {
            if (Ascii.EqualsIgnoreCase(authority.Host, name)) return true;
        }

        return false;
    }

    private AdminVerdict RefuseHost(Exchange exchange) => Refuse(exchange, "host", 403, "AccessDeniedException", "Ask by address, as localhost, or by a name in admin.hosts.");

    private AdminVerdict Refuse(Exchange exchange, string reason, int status, string errorType, string message)
    {
        _refused.With(reason).Increment(exchange.Loop.Ordinal);

        // Who has no key, or a key and no right, may be somebody to look after; the rest are mistakes.
        LogLevel level = reason is "signature" or "rights" or "replay" ? LogLevel.Warning : LogLevel.Debug;
        if (_log.IsEnabled(level)) ProcessLog.AdminRefused(_log, level, exchange.Client.ToString(), reason);
        return new AdminVerdict(status, errorType, message);
    }
}
