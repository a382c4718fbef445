using System.Diagnostics;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Control;

/// <summary>Asks a loop for a sign of life, so that a watchdog is told only of a node whose loops all turn.</summary>
internal sealed class LoopPulse(EventLoop loop) : ILoopRecipient
{
    private long _askedAt = Stopwatch.GetTimestamp();
    private long _answeredAt = Stopwatch.GetTimestamp();

    /// <summary>Asks again if the last question was answered. Control thread.</summary>
    /// <returns>Nanoseconds that a question has been open; 0 when none is.</returns>
    public long Ask()
    {
        long now = Stopwatch.GetTimestamp();
        if (Volatile.Read(ref _answeredAt) < _askedAt) return now - _askedAt;
        _askedAt = now;
        loop.TryPost(new LoopMessage(this, 0, null, 0));
        return 0;
    }

    public void Receive(in LoopMessage message) => Volatile.Write(ref _answeredAt, Stopwatch.GetTimestamp());
}
