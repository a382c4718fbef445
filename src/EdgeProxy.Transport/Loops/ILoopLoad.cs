namespace EdgeProxy.Transport.Loops;

/// <summary>How much a loop has to do, for whoever decides whether it can take more. Loop thread only.</summary>
public interface ILoopLoad
{
    /// <summary>Monotonic nanoseconds at this very instant, not those of the turn.</summary>
    long Clock { get; }

    /// <summary>When the turn under way began.</summary>
    long Now { get; }

    /// <summary>When the one before it began.</summary>
    long LastTurn { get; }

    /// <summary>Turns so far, the one under way not among them.</summary>
    long Turns { get; }

    /// <summary>How often the thread has gone to sleep so far, for want of anything to do; negative when the system does not tell.</summary>
    long Sleeps { get; }
}
