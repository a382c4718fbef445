using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Caching.Coalescing;

/// <summary>One request's wait for another's fetch. Kept with its request's context and used again; one wait at a time.</summary>
/// <remarks>
/// Its loop's thread, but for what is under the lock of the table's stripe. It is woken by mail of its loop, which carries the number of the wait: a word that comes after the wait has
/// ended otherwise is not taken for the next one's, and a lead that nobody is there to take is passed on.
/// </remarks>
internal sealed class FetchWait : LoopTimer, ILoopRecipient, IAbortable
{
    private readonly EventLoop _loop;
    private readonly LoopSignal<FetchOutcome> _signal = new();
    private FetchTable _table = null!;
    private ulong _hash;
    private int _number; // written by its loop before the wait is in the table, read under the stripe's lock

    public FetchWait(EventLoop loop) => _loop = loop;

    // Under the lock of the stripe.
    internal Fetch? Fetch;
    internal FetchWait? Previous;
    internal FetchWait? Next;

    /// <summary>Leads the fetch of a key, or waits for who does.</summary>
    /// <param name="table">The node's.</param>
    /// <param name="hash">The key's.</param>
    /// <param name="mostWaiting">How many may wait for one fetch (setting <c>cache.coalesceWaiters</c>).</param>
    /// <param name="deadline">Until when to wait, in monotonic nanoseconds (setting <c>cache.coalesceWait</c>).</param>
    public LoopTask<FetchOutcome> JoinAsync(FetchTable table, ulong hash, int mostWaiting, long deadline)
    {
        _table = table;
        _hash = hash;
        _number++;
        if (table.Join(hash, this, mostWaiting) is { } outcome) return outcome;

        // A word for it comes as mail of this loop, and so not before this is awaited.
        _loop.Timers.Set(this, deadline);
        return _signal.WaitAsync();
    }

    /// <summary>The client has gone.</summary>
    public void Abort() => Leave(FetchOutcome.Aborted);

    public void Receive(in LoopMessage message)
    {
        FetchOutcome outcome = (FetchOutcome)message.Verb;
        if (message.Number == _number && _signal.IsWaiting)
        {
            _loop.Timers.Clear(this);
            _signal.Set(outcome);
        }
        else if (outcome == FetchOutcome.Leads)
        {
            _table.Abandon((ulong)message.Operand!);
        }
    }

    /// <summary>Under the stripe's lock: posts a word to the loop; false when that has no room, and the wait ends by its deadline.</summary>
    internal bool Tell(FetchOutcome outcome) =>
        _loop.TryPost(new LoopMessage(this, (int)outcome, outcome == FetchOutcome.Leads ? _hash : null, _number));

    protected override void OnDeadline(long now) => Leave(FetchOutcome.TimedOut);

    private void Leave(FetchOutcome outcome)
    {
        if (!_signal.IsWaiting) return;

        // A word that is on its way finds another number, or nobody.
        _table.TryLeave(_hash, this);
        _number++;
        _loop.Timers.Clear(this);
        _signal.Set(outcome);
    }
}
