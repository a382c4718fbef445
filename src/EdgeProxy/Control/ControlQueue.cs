namespace EdgeProxy.Control;

/// <summary>Events on their way to the control thread, from signal handlers and the file watch.</summary>
/// <remarks>An event that waits already is not queued again: ten changed files are one reload. Only Stop counts, because the second means more.</remarks>
internal sealed class ControlQueue
{
    private readonly object _gate = new();
    private readonly Queue<ControlEvent> _waiting = new();

    /// <summary>Adds an event. Any thread.</summary>
    public void Post(ControlEvent happened)
    {
        lock (_gate)
        {
            if (happened != ControlEvent.Stop && _waiting.Contains(happened)) return;
            _waiting.Enqueue(happened);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for the next event; None when the time is over. Control thread.</summary>
    public ControlEvent Take(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0) Monitor.Wait(_gate, timeout);
            return _waiting.TryDequeue(out ControlEvent happened) ? happened : ControlEvent.None;
        }
    }
}
