namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>The run in HTTP/2, whose requests reach the origin in HTTP/1.1.</summary>
public sealed class Http2DifferentialRun : DifferentialRun
{
    internal override IReadOnlyList<OddRequest> All => OddHttp2Requests.All;

    internal override bool IsHttp2 => true;
}
