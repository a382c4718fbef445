namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>In HTTP/1.1.</summary>
public sealed class Http1DifferentialTests(Http1DifferentialRun run) : DifferentialTests(run), IClassFixture<Http1DifferentialRun>
{
    protected override IReadOnlyList<string> TakenByUsAlone => [];

    protected override int Plain => 8;
}
