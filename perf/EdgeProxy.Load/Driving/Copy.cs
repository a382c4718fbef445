using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>A copy of a scenario; one that has ended serves again.</summary>
internal sealed class Copy(ScenarioDrive drive, int number) : IScenarioContext
{
    private long _due;

    public ScenarioInfo ScenarioInfo { get; } = new(drive.Props.ScenarioName, number);

    public int InvocationNumber { get; private set; }

    public Random Random => drive.Random;

    public void StopCurrentTest(string reason) => drive.Stop(reason);

    /// <summary>Begins another run that was due then.</summary>
    public void Begin(long due)
    {
        _due = due;
        InvocationNumber++;
    }

    /// <summary>When the run was due, for its first step; 0 for later ones.</summary>
    public long TakeDue()
    {
        long due = _due;
        _due = 0;
        return due;
    }

    public void RecordStep(string name, IResponse response, long nanoseconds) => drive.Recorder.RecordStep(name, response, nanoseconds);
}
