using System.Diagnostics;

namespace EdgeProxy.Core.Concurrency;

/// <summary>One wait for an <see cref="IoStatus"/>, leased from a loop by whoever completes it, so that what is idle holds none.</summary>
public sealed class LoopWait : LoopPromise<IoStatus>
{
    private readonly EventLoop _loop;
    private bool _open;

    internal LoopWait(EventLoop loop) => _loop = loop;

    /// <summary>Opens the wait; <see cref="Complete"/> ends it.</summary>
    public LoopTask<IoStatus> Start()
    {
        Debug.Assert(!_open, "a wait was started twice");
        _open = true;
        return new LoopTask<IoStatus>(this, Token);
    }

    /// <summary>Ends the wait. The completer must not touch it any more.</summary>
    public void Complete(IoStatus status)
    {
        Debug.Assert(_open, "a wait was completed that nobody opened");
        _open = false;
        CompleteWith(status, next: false);
    }

    /// <summary>A wait is a leaf: nothing resumes it.</summary>
    public override void Run() => throw new InvalidOperationException("A wait cannot be run.");

    protected override void Recycle() => _loop.ReturnWait(this);
}
