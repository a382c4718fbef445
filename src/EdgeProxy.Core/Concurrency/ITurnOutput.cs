namespace EdgeProxy.Core.Concurrency;

/// <summary>Something that gathers output while a turn runs and sends it once at the turn's end, so that many small messages cost one system call.</summary>
public interface ITurnOutput
{
    /// <summary>Sends what was gathered. Loop thread; what it completes runs before the next poll.</summary>
    void FlushTurn();
}
