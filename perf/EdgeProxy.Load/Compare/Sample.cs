using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Load.Compare;

/// <summary>One measured stretch of load on one server.</summary>
/// <param name="CpuMicroseconds">CPU time of the server per whole answer.</param>
/// <param name="Load">What the load tool saw.</param>
internal sealed record Sample(double CpuMicroseconds, LoadResult Load)
{
    /// <summary>Requests without a whole answer, and answers that were refusals.</summary>
    public long Failed => Load.Errors.Total + Load.Refused;
}
