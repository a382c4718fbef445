using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.TestKit;

/// <summary>A body that is here already, in pieces.</summary>
public sealed class TextBody(params string[] pieces) : IBodySource
{
    private int _next;

    public HeaderTable? Trailers { get; init; }

    public LoopTask<BodyRead> ReadBodyAsync()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(pieces[_next++]);
        return new BodyRead(_next == pieces.Length ? BodyStatus.End : BodyStatus.Data, new BodyChunk(bytes, 0, bytes.Length));
    }

    public void CancelRead()
    {
    }
}
