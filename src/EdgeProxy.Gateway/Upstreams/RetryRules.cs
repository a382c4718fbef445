using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>Which failed attempts may be followed by another. Pure.</summary>
internal static class RetryRules
{
    /// <summary>Why another attempt may be made; None when none may.</summary>
    /// <param name="plan">What the operator allows.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="status">The status, if it ended well.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="hasBody">Whether the request's body is still there as a whole: it has none, none of it was taken yet, or it is held.</param>
    public static RetryCauses CauseOrNone(RetryPlan plan, UpstreamOutcome outcome, int status, HttpMethod method, bool hasBody)
    {
        RetryCauses cause = outcome switch
        {
            UpstreamOutcome.NameNotFound or UpstreamOutcome.ConnectFailed or UpstreamOutcome.ConnectTimedOut or UpstreamOutcome.TlsFailed
                or UpstreamOutcome.CertificateUntrusted or UpstreamOutcome.CertificateNameMismatch or UpstreamOutcome.CertificateExpired
                or UpstreamOutcome.PoolExhausted => RetryCauses.Connect,
            UpstreamOutcome.Reset => RetryCauses.Reset,
            UpstreamOutcome.TimedOut => RetryCauses.Timeout,
            UpstreamOutcome.Ok when plan.Statuses.Contains(status) => RetryCauses.Status,
            _ => RetryCauses.None,
        };

        if (cause == RetryCauses.None || !hasBody) return RetryCauses.None;
        if (cause != RetryCauses.Status && (plan.Causes & cause) == 0) return RetryCauses.None;

        // What was sent may have been done, whether or not an answer came (RFC 9110, 9.2.2).
        return cause == RetryCauses.Connect || plan.NonIdempotent || IsIdempotent(method) ? cause : RetryCauses.None;
    }

    /// <summary>How long to wait before a target is tried once more, in nanoseconds: twice as long each time, and not the same for all who wait.</summary>
    /// <param name="plan">The first pause.</param>
    /// <param name="attempt">How many attempts there were, from 1.</param>
    /// <param name="random">Any number.</param>
    public static long PauseBefore(RetryPlan plan, int attempt, ulong random)
    {
        long most = Math.Min(plan.Backoff << Math.Min(attempt - 1, 10), plan.Backoff * 10);
        return (most / 2) + (long)(random % (ulong)((most / 2) + 1));
    }

    private static bool IsIdempotent(HttpMethod method) =>
        method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Options or HttpMethod.Put or HttpMethod.Delete or HttpMethod.Trace;
}
