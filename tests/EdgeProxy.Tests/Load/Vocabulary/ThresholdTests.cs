using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Tests.Load.Vocabulary;

public sealed class ThresholdTests
{
    [Fact]
    public void Judges_a_scenario_and_knows_how_it_was_written()
    {
        Threshold threshold = Threshold.Create(stats => stats.Fail.Request.Percent < 50);

        Assert.True(threshold.Holds(Stats(ok: 3, fail: 1)));
        Assert.False(threshold.Holds(Stats(ok: 1, fail: 3)));
        Assert.Equal("stats => stats.Fail.Request.Percent < 50", threshold.CheckExpression);
    }

    [Fact]
    public void Judges_a_step_and_one_never_reached_does_not_hold()
    {
        Assert.True(Threshold.Create("get", step => step.Ok.Request.Count == 3).Holds(Stats(ok: 3, fail: 1)));
        Assert.False(Threshold.Create("get", step => step.Ok.Request.Count == 4).Holds(Stats(ok: 3, fail: 1)));
        Assert.False(Threshold.Create("put", step => true).Holds(Stats(ok: 3, fail: 1)));
    }

    private static ScenarioStats Stats(int ok, int fail)
    {
        Recorder recorder = new();
        for (int index = 0; index < ok + fail; index++)
        {
            IResponse response = index < ok ? Response.Ok() : Response.Fail();
            recorder.Record(response, 1);
            recorder.RecordStep("get", response, 1);
        }

        return recorder.ToStats("s", TimeSpan.FromSeconds(1), withCurve: false);
    }
}
