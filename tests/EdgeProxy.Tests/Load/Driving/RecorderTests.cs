using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Tests.Load.Driving;

public sealed class RecorderTests
{
    private const long Millisecond = 1_000_000;

    [Fact]
    public void Intervals_add_up_to_what_one_recorder_would_have_held()
    {
        Recorder whole = new();
        Recorder sum = new();
        Recorder interval = new();
        for (int index = 1; index <= 1000; index++)
        {
            IResponse response = index % 10 == 0 ? Response.Fail("503", "shed", sizeBytes: 5) : Response.Ok("200", sizeBytes: index);
            foreach (Recorder recorder in new[] { whole, interval })
            {
                recorder.Record(response, index * Millisecond);
                recorder.RecordStep("step", response, index * Millisecond);
            }

            if (index % 100 != 0) continue;
            sum.Add(interval);
            interval.Clear();
        }

        ScenarioStats expected = whole.ToStats("s", TimeSpan.FromSeconds(10), withCurve: true);
        ScenarioStats actual = sum.ToStats("s", TimeSpan.FromSeconds(10), withCurve: true);

        Assert.Equal(expected.Ok.Request, actual.Ok.Request);
        Assert.Equal(expected.Ok.Latency.Percent99, actual.Ok.Latency.Percent99);
        Assert.Equal(expected.Ok.Latency.Curve, actual.Ok.Latency.Curve);
        Assert.Equal(expected.Fail.DataTransfer, actual.Fail.DataTransfer);
        Assert.Equal(expected.Fail.StatusCodes, actual.Fail.StatusCodes);
        Assert.Equal(100, actual.StepStats.Get("step").Fail.Request.Count);
        Assert.Equal(0, interval.ToStats("s", TimeSpan.Zero, withCurve: true).AllRequestCount);
    }

    [Fact]
    public void Rates_shares_and_percentiles_are_those_of_a_known_row()
    {
        Recorder recorder = new();
        for (int index = 1; index <= 100; index++) recorder.Record(Response.Ok("200", sizeBytes: 10), index * Millisecond);
        for (int index = 0; index < 25; index++) recorder.Record(Response.Fail("429"), Millisecond);

        ScenarioStats stats = recorder.ToStats("s", TimeSpan.FromSeconds(20), withCurve: false);

        Assert.Equal(new RequestStats(100, 5, 80), stats.Ok.Request);
        Assert.Equal(new RequestStats(25, 1.25, 20), stats.Fail.Request);
        Assert.Equal(new DataTransferStats(10, 10, 10, 1000), stats.Ok.DataTransfer);
        Assert.Equal(20, stats.Fail.StatusCodes.Get("429").Percent);
        Assert.InRange(stats.Ok.Latency.Percent50, 50, 50.1);
        Assert.InRange(stats.Ok.Latency.Percent99, 99, 99.1);
        Assert.Equal(1, stats.Ok.Latency.MinMs);
        Assert.Equal(100, stats.Ok.Latency.MaxMs);
        Assert.Equal(50.5, stats.Ok.Latency.MeanMs);
        Assert.InRange(stats.Ok.Latency.StdDev, 28.8, 28.9);
    }

    [Fact]
    public void A_server_that_makes_up_statuses_makes_up_no_memory()
    {
        Recorder recorder = new();
        for (int index = 0; index < 1000; index++) recorder.Record(Response.Ok($"status {index}"), 1);

        IReadOnlyList<StatusCodeStats> statuses = recorder.ToStats("s", TimeSpan.FromSeconds(1), withCurve: false).Ok.StatusCodes;

        Assert.Equal(101, statuses.Count);
        Assert.Equal(900, statuses.Get("other").Count);
    }
}
