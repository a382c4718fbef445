namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>The run in HTTP/1.1.</summary>
public sealed class Http1DifferentialRun : DifferentialRun
{
    internal override IReadOnlyList<OddRequest> All => OddHttp1Requests.All;

    internal override bool IsHttp2 => false;
}
