using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>A request's body on its way to an upstream: read from the client as fast as the stream's windows and the output take it.</summary>
/// <remarks>
/// Runs beside the answer, and may outlive it, or outlive the call's return by one read. Memory is leased only for what could not be
/// sent. Loop thread only.
/// </remarks>
internal sealed class Http2Upload(Http2Call call)
{
    private HeldBytes _unsent;
    private LoopWait? _sendWait;
    private long _awaitingClientSince;
    private bool _unsentEnds;

    /// <summary>Whether it still reads or sends, so that the call cannot be used again.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Whether our direction of the stream is over.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Makes it ready for an attempt.</summary>
    public void Begin()
    {
        _awaitingClientSince = 0;
        _unsentEnds = IsEnded = IsRunning = false;
    }

    /// <summary>Begins to send a body on a stream that has opened; without one the stream's head ended our direction.</summary>
    public void Start(Http2UpstreamConnection connection, IBodySource? body)
    {
        IsEnded = body is null;
        if (body is not null) RunAsync(connection, body).Forget();
    }

    /// <summary>More of the body can be sent.</summary>
    public void OnSendable(Http2UpstreamConnection connection)
    {
        if (_unsent.Length == 0) return;
        bool trailers = _unsentEnds && call.HasTrailersToSend;
        int sent = connection.Sender.SendData(call, _unsent.Bytes, _unsentEnds && !trailers);
        _unsent.Skip(sent);
        if (_unsent.Length > 0) return;
        Drop();
        if (_unsentEnds) EndBody(connection, trailers);
        Http2Call.Complete(ref _sendWait, IoStatus.Ok);
    }

    /// <summary>Sends no more: nothing more of the request is wanted, and the response is there.</summary>
    public void End()
    {
        IsEnded = true;
        Drop();
        if (IsRunning && _sendWait is null) call.Body?.CancelRead();
        Http2Call.Complete(ref _sendWait, IoStatus.Aborted);
    }

    /// <summary>The stream is over before its time.</summary>
    public void Fail()
    {
        Drop();
        Http2Call.Complete(ref _sendWait, IoStatus.Reset);
    }

    /// <summary>Gives the memory back.</summary>
    public void Drop() => _unsent.Clear(call.Loop.Buffers);

    /// <summary>Moves the deadline by the time the client has kept its own body back: that is not the upstream's doing.</summary>
    public void CountClientWait(bool goesOn)
    {
        if (_awaitingClientSince == 0) return;
        call.Postpone(call.Loop.Now - _awaitingClientSince);
        _awaitingClientSince = goesOn ? call.Loop.Now : 0;
    }

    private async LoopTask RunAsync(Http2UpstreamConnection connection, IBodySource body)
    {
        IsRunning = true;
        call.OnBodyTouched();
        while (true)
        {
            _awaitingClientSince = call.Loop.Now;
            BodyRead read = await body.ReadBodyAsync();
            CountClientWait(goesOn: false);
            if (call.IsReturned || IsEnded || call.HasFailed) break;
            if (read.Failed)
            {
                call.OnBodyFailed(read.Status);
                break;
            }

            bool ends = read.Status == BodyStatus.End;
            if (!TrySend(connection, read.Chunk, ends))
            {
                LoopWait wait = call.Loop.RentWait();
                _sendWait = wait;
                if (await wait.Start() != IoStatus.Ok || call.IsReturned) break;
            }

            if (ends) break;
        }

        IsRunning = false;
        if (call.IsReturned) call.Recycle();
    }

    /// <summary>Sends a run of the body; what windows and output have no room for is kept aside, and the answer is false.</summary>
    private bool TrySend(Http2UpstreamConnection connection, BodyChunk chunk, bool ends)
    {
        bool trailers = ends && call.HasTrailersToSend;
        call.OnMoved();
        int sent = connection.Sender.SendData(call, chunk.Span, ends && !trailers);
        if (call.HasFailed || IsEnded) return true;
        if (sent < chunk.Length)
        {
            _unsent.Add(call.Loop.Buffers, chunk.Span[sent..]);
            _unsentEnds = ends;
            return false;
        }

        if (ends) EndBody(connection, trailers);
        return true;
    }

    private void EndBody(Http2UpstreamConnection connection, bool trailers)
    {
        if (call.HasFailed) return;
        if (trailers) connection.Sender.SendTrailers(call, call.Body!.Trailers!);
        IsEnded = true;
        if (call.HasWholeResponse) connection.Remove(call);
    }
}
