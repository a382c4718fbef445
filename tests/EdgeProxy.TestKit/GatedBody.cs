using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.TestKit;

/// <summary>A body that comes when the test says so.</summary>
public sealed class GatedBody : IBodySource
{
    public HeaderTable? Trailers => null;

    public LoopSignal<BodyRead> Signal { get; } = new();

    public bool Cancelled { get; private set; }

    public int Reads { get; private set; }

    public LoopTask<BodyRead> ReadBodyAsync()
    {
        Reads++;
        return Signal.WaitAsync();
    }

    public void CancelRead()
    {
        Cancelled = true;
        Signal.Set(BodyRead.Of(BodyStatus.Aborted));
    }

    /// <summary>Ends the open read.</summary>
    public void Come(string text, BodyStatus status = BodyStatus.Data)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Signal.Set(new BodyRead(status, new BodyChunk(bytes, 0, bytes.Length)));
    }
}
