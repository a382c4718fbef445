namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>In HTTP/2: what is refused there must not come out in HTTP/1.1.</summary>
public sealed class Http2DifferentialTests(Http2DifferentialRun run) : DifferentialTests(run), IClassFixture<Http2DifferentialRun>
{
    protected override IReadOnlyList<string> TakenByUsAlone => [];

    protected override int Plain => 7;
}
