using System.Diagnostics;
using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Core.Concurrency;

/// <summary>One thread that serves its own connections: ready queue, timers, mailbox, buffers. How it polls is the derived type's business.</summary>
/// <remarks>
/// Everything here belongs to the loop's thread, except <see cref="TryPost"/> and <see cref="OffloadAsync{TState,TResult}"/>'s far
/// side. Nothing is shared with other loops, so nothing is locked.
/// </remarks>
public abstract class EventLoop : LoopScheduler
{
    private const int OutputRoundsPerTurn = 4;

    private readonly Mailbox _mailbox;
    private readonly List<LoopWait> _nextTurn = [];
    private readonly Stack<LoopWait> _freeWaits = [];
    private List<ITurnOutput> _turnOutput = [];
    private List<ITurnOutput> _turnOutputSending = [];
    private int _wakeRequested;
    private long _mailboxRefused;

    protected EventLoop(int ordinal, long now, int mailboxCapacity = 16384)
    {
        Ordinal = ordinal;
        Now = now;
        Timers = new TimerWheel(now);
        _mailbox = new Mailbox(mailboxCapacity);
    }

    /// <summary>The loop of this thread; throws off the loops.</summary>
    public static new EventLoop Current => (EventLoop?)LoopScheduler.Current ?? throw new InvalidOperationException("This thread runs no loop.");

    /// <summary>0 to loops - 1 for data loops; the admin loop comes after them. Also the metrics stripe.</summary>
    public int Ordinal { get; }

    public TimerWheel Timers { get; }

    /// <summary>Leased memory of this loop.</summary>
    public LoopBuffers Buffers { get; } = new();

    /// <summary>Messages refused because the mailbox was full.</summary>
    public long MailboxRefused => Volatile.Read(ref _mailboxRefused);

    /// <summary>Puts a message into the loop's mailbox and wakes it. Any thread. False when the mailbox is full.</summary>
    public bool TryPost(in LoopMessage message)
    {
        if (!_mailbox.TryPost(message))
        {
            Interlocked.Increment(ref _mailboxRefused);
            return false;
        }

        // One wake per batch: whoever sets the flag pays for the system call.
        if (Interlocked.Exchange(ref _wakeRequested, 1) == 0) Wake();
        return true;
    }

    /// <summary>Puts a message in, waiting for room. For control threads only, never for a loop.</summary>
    public void Post(in LoopMessage message)
    {
        SpinWait spin = default;
        while (!TryPost(message)) spin.SpinOnce();
    }

    /// <summary>Puts a message in that must not be lost, on behalf of a loop: at once, or as soon as there is room, which that loop looks for in each of its turns.</summary>
    /// <remarks>
    /// For words that end or free something. Of one sender later messages may come before it. A loop may send to itself: its turn makes the room.
    /// </remarks>
    /// <param name="sender">The loop whose thread this is.</param>
    /// <param name="message">The message.</param>
    public void PostFrom(EventLoop sender, in LoopMessage message)
    {
        if (!TryPost(message)) PostLaterAsync(sender, message).Forget();
    }

    /// <summary>
    /// Runs work that blocks or is slow on another thread and comes back to this loop with its result: the only bridge between the
    /// two. Allocates; not for the hot path.
    /// </summary>
    public LoopTask<TResult> OffloadAsync<TState, TResult>(Func<TState, TResult> work, TState state)
    {
        Debug.Assert(IsOnLoop, "work was offloaded from another thread than the loop's");
        var offload = new Offload<TState, TResult>(this, work, state);
        LoopTask<TResult> task = offload.Start();
        ThreadPool.UnsafeQueueUserWorkItem(offload, preferLocal: false);
        return task;
    }

    /// <summary>Waits for the next turn of the loop, so that one busy connection lets the others have theirs.</summary>
    public LoopTask<IoStatus> YieldAsync()
    {
        LoopWait wait = RentWait();
        _nextTurn.Add(wait);
        return wait.Start();
    }

    /// <summary>Ends a wait in the next turn of the loop.</summary>
    public void CompleteNextTurn(LoopWait wait) => _nextTurn.Add(wait);

    /// <summary>Has output sent when this turn's events are all handled. Once per turn and output: the caller remembers that it asked.</summary>
    public void FlushAtTurnEnd(ITurnOutput output) => _turnOutput.Add(output);

    /// <summary>A reusable wait; goes back by itself when its result was taken.</summary>
    public LoopWait RentWait() => _freeWaits.TryPop(out LoopWait? wait) ? wait : new LoopWait(this);

    internal void ReturnWait(LoopWait wait) => _freeWaits.Push(wait);

    /// <summary>Number of turns so far.</summary>
    public long Turn { get; private set; }

    /// <summary>When the turn before this one began.</summary>
    public long LastTurn { get; private set; }

    /// <summary>Whether the next poll must not sleep.</summary>
    protected bool HasNextTurn => _nextTurn.Count > 0 || _turnOutput.Count > 0;

    /// <summary>Starts a turn: the clock is read and what was put off becomes ready.</summary>
    protected void BeginTurn(long now)
    {
        LastTurn = Now;
        Now = now;
        Turn++;
        if (_nextTurn.Count == 0) return;
        foreach (LoopWait wait in _nextTurn) wait.Complete(IoStatus.Ok);
        _nextTurn.Clear();
    }

    /// <summary>
    /// Sends what <see cref="FlushAtTurnEnd"/> gathered, and what becomes ready by that. Output that keeps coming has to wait for the next
    /// turn after a few rounds, so that events are seen.
    /// </summary>
    protected void EndTurn()
    {
        for (int round = 0; round < OutputRoundsPerTurn && _turnOutput.Count > 0; round++)
        {
            (_turnOutput, _turnOutputSending) = (_turnOutputSending, _turnOutput);
            foreach (ITurnOutput output in _turnOutputSending)
            {
                try
                {
                    output.FlushTurn();
                }
                catch (Exception exception)
                {
                    OnUnhandled(exception);
                }
            }

            _turnOutputSending.Clear();
            RunReady();
        }
    }

    /// <summary>Interrupts the poll. Any thread.</summary>
    protected abstract void Wake();

    /// <summary>Delivers what the mailbox holds; at most a bounded batch, so that a flood cannot starve connections.</summary>
    protected void DeliverMail()
    {
        Volatile.Write(ref _wakeRequested, 0);
        Interlocked.MemoryBarrier();
        for (int i = 0; i < 4096; i++)
        {
            if (!_mailbox.TryTake(out LoopMessage message)) return;
            try
            {
                message.Recipient.Receive(message);
            }
            catch (Exception exception)
            {
                OnUnhandled(exception);
            }
        }

        if (_mailbox.HasMessages && Interlocked.Exchange(ref _wakeRequested, 1) == 0) Wake();
    }

    private async LoopTask PostLaterAsync(EventLoop sender, LoopMessage message)
    {
        do await sender.YieldAsync();
        while (!TryPost(message));
    }

    private sealed class Offload<TState, TResult>(EventLoop loop, Func<TState, TResult> work, TState state)
        : LoopPromise<TResult>, IThreadPoolWorkItem, ILoopRecipient
    {
        private TResult _outcome = default!;
        private Exception? _failure;

        public LoopTask<TResult> Start() => new(this, Token);

        public void Execute()
        {
            try
            {
                _outcome = work(state);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            loop.Post(new LoopMessage(this, 0, null, 0));
        }

        public void Receive(in LoopMessage message)
        {
            if (_failure is null) CompleteWith(_outcome);
            else CompleteWithException(_failure);
        }

        public override void Run() => throw new InvalidOperationException("Offloaded work cannot be run on the loop.");
    }
}
