namespace EdgeProxy.Load.Compare;

/// <summary>One measured stretch of load on one server.</summary>
/// <param name="CpuMicroseconds">CPU time of the server per whole answer.</param>
/// <param name="Rate">Whole answers a second.</param>
/// <param name="Failed">Requests without a whole answer, and answers that were refusals.</param>
internal sealed record Sample(double CpuMicroseconds, double Rate, long Failed);
