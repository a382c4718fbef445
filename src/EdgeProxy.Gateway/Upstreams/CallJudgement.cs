using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What an attempt says about the target it was made at.</summary>
internal enum CallJudgement : byte
{
    /// <summary>Nothing: it failed for other reasons.</summary>
    None,

    /// <summary>It works.</summary>
    Success,

    /// <summary>It does not.</summary>
    Failure,
}

/// <summary>Judges attempts. Pure.</summary>
internal static class CallJudgements
{
    /// <param name="policy">Which statuses are failures.</param>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="status">The status, if it ended well.</param>
    /// <param name="isClientsTime">Whether the client itself set the time that is over.</param>
    public static CallJudgement Of(UpstreamPolicy policy, UpstreamOutcome outcome, int status, bool isClientsTime) => outcome switch
    {
        UpstreamOutcome.Ok => policy.Failures.Contains(status) ? CallJudgement.Failure : CallJudgement.Success,
        UpstreamOutcome.TimedOut when isClientsTime => CallJudgement.None,

        // The node's own limits and the client's doings say nothing about the target.
        UpstreamOutcome.PoolExhausted or UpstreamOutcome.Unsendable or UpstreamOutcome.RequestBodyFailed or UpstreamOutcome.Aborted => CallJudgement.None,
        _ => CallJudgement.Failure,
    };
}
