using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Http.Http2;

/// <summary>The deadline of a stream that waits for its client. Only streams that have waited ever have one.</summary>
internal sealed class StreamTimer(Http2Exchange stream) : LoopTimer
{
    protected override void OnDeadline(long now) => stream.OnDeadline(now);
}
