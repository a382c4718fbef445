using System.Diagnostics;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Runtime;
using EdgeProxy.Lambda.Workers;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>An invocation of one loop that a worker of another serves: copies of the event go there, copies of the result come back.</summary>
/// <remarks>
/// There it is a <see cref="LocalCall"/> like any other. Not pooled: this is the way for calls that find no worker on their own loop. Of the fields those
/// of home belong to the home loop, those of far to the far one; what is neither is written before the first message.
/// </remarks>
internal sealed class CrossLoopCall : ILoopRecipient, IResultStream
{
    // To the far loop.
    private const int Serve = 1;
    private const int GivenUp = 2;
    private const int Wanted = 3;

    // To the home loop.
    private const int Answered = 4;
    private const int Streaming = 5;
    private const int Piece = 6;

    private readonly WorkerPool _homePool;
    private readonly WorkerPool _farPool;
    private readonly InvocationCopy _copy;
    private readonly LoopSignal<BodyRead> _homeRead = new();
    private readonly LoopSignal<bool> _farWanted = new();
    private LocalCall? _home;
    private PooledBytes _homePiece;
    private bool _homeEnded;
    private LocalCall? _far;
    private bool _farGivenUp;
    private bool _farIsWanted;

    private CrossLoopCall(LocalCall call, WorkerPool home, WorkerPool far)
    {
        _home = call;
        _homePool = home;
        _farPool = far;
        _copy = new InvocationCopy(call);
    }

    /// <summary>One object, one result.</summary>
    public uint Epoch => 0;

    /// <summary>Sends a call to another loop; false when that has no room for messages.</summary>
    public static bool TrySend(LocalCall call, WorkerPool home, WorkerPool far)
    {
        var sent = new CrossLoopCall(call, home, far);
        if (!far.Loop.TryPost(new LoopMessage(sent, Serve, null, 0)))
        {
            sent._copy.Return();
            return false;
        }

        call.OnAway(sent);
        return true;
    }

    /// <summary>Home: nobody waits for the outcome any more.</summary>
    public void Abandon()
    {
        _home = null;
        TellFar(GivenUp);
    }

    /// <summary>Home: the next piece of a stream.</summary>
    public LoopTask<BodyRead> ReadAsync(uint epoch)
    {
        _homePiece.Return();
        if (_homeEnded) return BodyRead.Of(BodyStatus.Truncated);
        TellFar(Wanted);
        return _homeRead.WaitAsync();
    }

    public void CancelRead(uint epoch) => _homeRead.Set(BodyRead.Of(BodyStatus.Aborted));

    public void Drop(uint epoch)
    {
        _homePiece.Return();
        _homeEnded = true;
        TellFar(GivenUp);
    }

    public void Receive(in LoopMessage message)
    {
        switch (message.Verb)
        {
            case Serve:
                ServeAsync().Forget();
                break;
            case GivenUp:
                _farGivenUp = true;
                _far?.Abort();
                _farWanted.Set(false);
                break;
            case Wanted:
                _farIsWanted = !_farWanted.Set(true);
                break;
            default:
                OnHome(message);
                break;
        }
    }

    // A word that is lost would leave the worker with a stream that nobody reads, for ever.
    private void TellFar(int verb) => _farPool.Loop.PostFrom(_homePool.Loop, new LoopMessage(this, verb, null, 0));

    private void OnHome(in LoopMessage message)
    {
        Debug.Assert(_homePool.Loop.IsOnLoop, "a result came to another loop than its caller's");
        var result = (CrossLoopResult)message.Operand!;
        if (message.Verb == Piece)
        {
            _homeEnded |= result.Status != BodyStatus.Data;
            _homePiece.Return();
            _homePiece = result.Body;
            if (!_homeRead.Set(new BodyRead(result.Status, new BodyChunk(_homePiece.Array, 0, _homePiece.Length)))) _homePiece.Return(); // dropped, or cancelled
            return;
        }

        if (_home is not { } home)
        {
            result.Body.Return();
            if (message.Verb == Streaming) Drop(Epoch);
            return;
        }

        _home = null;
        home.TakeLog(result);
        if (message.Verb == Streaming) home.OnStream(this, result.ContentType);
        else if (result.Outcome is FunctionOutcome.Ok or FunctionOutcome.FunctionError) home.OnResult(result.Outcome == FunctionOutcome.FunctionError, result.Body, result.ContentType);
        else home.Refuse(result.Outcome, result.HttpStatus, result.Body);
    }

    private async LoopTask ServeAsync()
    {
        LocalCall far = _farPool.Rent();
        _far = far;
        _copy.Fill(far);
        far.IsForwarded = true;
        FunctionOutcome outcome = _farGivenUp ? FunctionOutcome.Aborted : await far.InvokeAsync();
        if (far.IsStream)
        {
            await PostAsync(Streaming, new CrossLoopResult { Outcome = outcome, ContentType = far.ContentType.ToArray(), Tail = far.Tail, TailStart = far.TailStart });
            await PumpAsync(far);
        }
        else
        {
            await PostAsync(Answered, new CrossLoopResult { Outcome = outcome, HttpStatus = far.Status, ContentType = far.ContentType.ToArray(), Tail = far.Tail, TailStart = far.TailStart, Body = far.TakeBody() });
        }

        _far = null;
        far.Return();
        _copy.Return();
    }

    private async LoopTask PumpAsync(LocalCall far)
    {
        while (!_farGivenUp && (_farIsWanted || await _farWanted.WaitAsync()))
        {
            _farIsWanted = false;
            BodyRead read = await far.ReadBodyAsync();
            await PostAsync(Piece, new CrossLoopResult { Status = read.Status, Body = PooledBytes.Of(read.Chunk.Span) });
            if (read.Status != BodyStatus.Data) return;
        }
    }

    private async LoopTask PostAsync(int verb, CrossLoopResult result)
    {
        while (!_homePool.Loop.TryPost(new LoopMessage(this, verb, result, 0))) await _farPool.Loop.YieldAsync();
    }
}
