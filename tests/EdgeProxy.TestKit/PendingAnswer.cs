using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.TestKit;

/// <summary>An invocation under way on a loop, watched from a test's thread.</summary>
public sealed class PendingAnswer
{
    private readonly StringBuilder _body = new();
    private readonly object _gate = new();
    private FunctionOutcome? _outcome;
    private BodyStatus? _end;
    private int _status;
    private string _requestId = "";

    /// <summary>The call, to be touched on its loop only.</summary>
    public FunctionCall? Call { get; private set; }

    /// <summary>What has come of the body.</summary>
    public string Body
    {
        get
        {
            lock (_gate) return _body.ToString();
        }
    }

    public bool HasOutcome
    {
        get
        {
            lock (_gate) return _outcome is not null;
        }
    }

    /// <summary>Waits for a condition.</summary>
    public PendingAnswer Until(Func<PendingAnswer, bool> condition)
    {
        if (!SpinWait.SpinUntil(() => condition(this), FunctionStage.Patience)) throw new TimeoutException($"It did not come about. The body is: {Body}");
        return this;
    }

    /// <summary>Waits for the end.</summary>
    public FunctionAnswer Answer(TimeSpan atMost)
    {
        lock (_gate)
        {
            long until = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
            while (_end is null)
            {
                long left = until - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left))) throw new TimeoutException("The invocation did not end.");
            }

            return new FunctionAnswer(_outcome!.Value, _status, _requestId, _body.ToString(), _end.Value);
        }
    }

    internal void OnCall(FunctionCall call) => Call = call;

    internal void OnOutcome(FunctionOutcome outcome, int status, string requestId)
    {
        lock (_gate)
        {
            _outcome = outcome;
            _status = status;
            _requestId = requestId;
        }
    }

    internal void OnPiece(ReadOnlySpan<byte> piece)
    {
        lock (_gate) _body.Append(Encoding.UTF8.GetString(piece));
    }

    internal void OnEnd(BodyStatus end)
    {
        lock (_gate)
        {
            _end = end;
            Monitor.PulseAll(_gate);
        }
    }
}
