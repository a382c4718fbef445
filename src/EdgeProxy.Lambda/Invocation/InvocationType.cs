namespace EdgeProxy.Lambda.Invocation;

/// <summary>What the caller wants of an invocation (specification lambda.md 11, <c>X-Amz-Invocation-Type</c>).</summary>
public enum InvocationType : byte
{
    /// <summary>The result.</summary>
    RequestResponse,

    /// <summary>That the event is queued: 202 at once, without a body.</summary>
    Event,

    /// <summary>Only to know whether the function is there and may be called: 204.</summary>
    DryRun,
}
