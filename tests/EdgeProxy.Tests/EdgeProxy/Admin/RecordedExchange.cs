using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Tests.Process.Admin;

/// <summary>An exchange without a connection, which keeps what a handler answered.</summary>
internal sealed class RecordedExchange : Exchange
{
    private readonly MemoryStream _body = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordedExchange(EventLoop loop, ListenerFacts listener, string client, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        Loop = loop;
        Listener = listener;
        IpAddress.TryParse(client, out IpAddress address);
        Client = new IpEndpoint(address, 1234);
        Request.Method = method;
        Request.PathStart = Request.Headers.Append(Encoding.ASCII.GetBytes(path));
        Request.PathLength = path.Length;
        foreach ((string name, string value) in headers) Request.Headers.Add(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
    }

    public Task Ended => _ended.Task;

    public long DeclaredLength { get; private set; } = -1;

    public string Body => Encoding.UTF8.GetString(_body.ToArray());

    public override bool HasUnreadBody => false;

    public string? Header(string name)
    {
        for (int i = 0; i < Response.Headers.Count; i++)
        {
            if (Encoding.ASCII.GetString(Response.Headers.Name(i)) == name) return Encoding.ASCII.GetString(Response.Headers.Value(i));
        }

        return null;
    }

    public override LoopTask<BodyRead> ReadBodyAsync() => BodyRead.Of(BodyStatus.End);

    public override void CancelRead()
    {
    }

    public override void StartResponse(BodyFraming framing, long contentLength) => DeclaredLength = contentLength;

    public override LoopTask<IoStatus> WriteAsync(BodyChunk chunk)
    {
        _body.Write(chunk.Span);
        return IoStatus.Ok;
    }

    public override LoopTask<IoStatus> EndAsync(BodyChunk last)
    {
        _body.Write(last.Span);
        _ended.SetResult();
        return IoStatus.Ok;
    }

    public override void Abort(AbortReason reason) => _ended.SetException(new InvalidOperationException($"aborted: {reason}"));
}
