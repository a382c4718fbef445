namespace EdgeProxy.Transport.Loops.Uring;

/// <summary>Something that has operations under way on a <see cref="UringLoop"/>.</summary>
internal interface IUringTarget
{
    /// <summary>Told of a completion. Loop thread.</summary>
    void OnCompletion(UringOperation operation, int result, uint flags);

    /// <summary>Asked, at the end of a turn, for what it wants submitted. Called once after each <see cref="UringLoop.MarkDirty"/>.</summary>
    void Submit();
}

/// <summary>Which of a target's operations a completion is about; at most one of each is under way.</summary>
internal enum UringOperation
{
    /// <summary>A cancellation: its outcome shows in what it cancelled.</summary>
    Cancel,
    Receive,
    Send,
    Poll,
}
