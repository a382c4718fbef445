using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>A result that comes piece by piece, from this loop's worker or from another's.</summary>
internal interface IResultStream
{
    /// <summary>The next piece; Truncated when the function failed or broke off.</summary>
    LoopTask<BodyRead> ReadAsync();

    /// <summary>Ends an open read with Aborted.</summary>
    void CancelRead();

    /// <summary>Nobody reads on. Not while a read is open.</summary>
    void Drop();
}
