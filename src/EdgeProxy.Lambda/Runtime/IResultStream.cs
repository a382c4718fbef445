using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>A result that comes piece by piece, from this loop's worker or from another's.</summary>
internal interface IResultStream
{
    /// <summary>Tells one result from the next where the object is used again. Whoever was given the result says it with every call: of another one nothing is read or ended.</summary>
    uint Epoch { get; }

    /// <summary>The next piece; Truncated when the function failed or broke off.</summary>
    LoopTask<BodyRead> ReadAsync(uint epoch);

    /// <summary>Ends an open read with Aborted.</summary>
    void CancelRead(uint epoch);

    /// <summary>Nobody reads on. Not while a read is open.</summary>
    void Drop(uint epoch);
}
