using EdgeProxy.Transport.Loops;

namespace EdgeProxy.TestKit;

/// <summary>How busy a loop is, as a test says.</summary>
public sealed class FakeLoad : ILoopLoad
{
    public long Clock { get; set; } = 1_000_000_000;

    public long Now { get; set; } = 1_000_000_000;

    public long LastTurn { get; set; }

    public long Turns { get; set; }

    /// <summary>How often the loop slept.</summary>
    public long Slept { get; set; }

    /// <summary>Whether the system does not tell of sleeps.</summary>
    public bool IsBlind { get; set; }

    public long Sleeps => IsBlind ? -1 : Slept;

    /// <summary>Begins a turn at this instant.</summary>
    public void BeginTurn()
    {
        LastTurn = Now;
        Now = Clock;
        Turns++;
    }
}
