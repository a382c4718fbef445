using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.TestKit;

/// <summary>Functions without processes: every call is answered as a test says, and what it was given is kept. One call at a time. Allocates nothing once it has served a call like the next.</summary>
public sealed class FakeFunctionClient : IFunctionClient
{
    private readonly FakeFunctionCall _call;
    private readonly List<BodyRead> _result = [];
    private byte[] _event = new byte[256];
    private int _eventLength;

    public FakeFunctionClient()
    {
        _call = new FakeFunctionCall(this);
        Answer("{}");
    }

    /// <summary>How the next calls come out.</summary>
    public FunctionOutcome Outcome { get; set; }

    /// <summary>The status of the Invoke API that goes with it.</summary>
    public int Status { get; set; } = 200;

    /// <summary>The id that the function saw.</summary>
    public string FunctionRequestId { get; set; } = "f-1";

    /// <summary>Whether no target takes any name.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>Whether calls wait until <see cref="Respond"/>.</summary>
    public bool Waits { get; set; }

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    public bool IsReturned { get; private set; } = true;

    public int Aborts { get; private set; }

    /// <summary>The function that was called last.</summary>
    public FunctionName? Called { get; private set; }

    public InvocationType Type { get; private set; }

    public bool Streams { get; private set; }

    public long Deadline { get; private set; }

    /// <summary>The trace header that the last call got.</summary>
    public string Trace { get; private set; } = "";

    public string ClientContext { get; private set; } = "";

    /// <summary>The last event's bytes.</summary>
    public ReadOnlySpan<byte> EventBytes => _event.AsSpan(0, _eventLength);

    /// <summary>The last event as text.</summary>
    public string Event => Encoding.UTF8.GetString(EventBytes);

    /// <summary>Whether texts of a call are kept; not for measurements.</summary>
    public bool KeepsTexts { get; set; } = true;

    /// <summary>Sets the result of the next calls, in runs of UTF-8.</summary>
    public FakeFunctionClient Answer(params string[] runs)
    {
        _result.Clear();
        for (int i = 0; i < runs.Length; i++) Add(i == runs.Length - 1 ? BodyStatus.End : BodyStatus.Data, runs[i]);
        return this;
    }

    /// <summary>Sets the result of the next calls, in bytes.</summary>
    public FakeFunctionClient Answer(byte[] result)
    {
        _result.Clear();
        _result.Add(new BodyRead(BodyStatus.End, new BodyChunk(result, 0, result.Length)));
        return this;
    }

    /// <summary>Adds a run to the result, or says how its next read ends.</summary>
    public FakeFunctionClient Add(BodyStatus status, string text = "")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var read = new BodyRead(status, new BodyChunk(bytes, 0, bytes.Length));
        if (_call.BodyCome.IsWaiting) _call.BodyCome.Set(read);
        else _result.Add(read);
        return this;
    }

    /// <summary>Takes away what was to come, so that reads wait for <see cref="Add"/>.</summary>
    public void AnswerLater() => _result.Clear();

    /// <summary>Ends the wait of a call.</summary>
    public void Respond() => _call.Come.Set(Outcome);

    public FunctionCall? RentOrNull(FunctionName function)
    {
        Called = function;
        if (IsEmpty) return null;
        if (!IsReturned) throw new InvalidOperationException("The last call was not given back.");
        IsReturned = false;
        Calls++;
        _call.Begin();
        return _call;
    }

    private sealed class FakeFunctionCall(FakeFunctionClient owner) : FunctionCall
    {
        private readonly byte[] _requestId = new byte[64];
        private int _requestIdLength;
        private int _read;

        public LoopSignal<FunctionOutcome> Come { get; } = new();

        public LoopSignal<BodyRead> BodyCome { get; } = new();

        public override ReadOnlySpan<byte> FunctionRequestId => _requestId.AsSpan(0, _requestIdLength);

        public void Begin()
        {
            Clear();
            _read = 0;
            _requestIdLength = 0;
        }

        public override LoopTask<FunctionOutcome> InvokeAsync()
        {
            owner._eventLength = Event.Length;
            if (owner._event.Length < Event.Length) owner._event = new byte[Event.Length];
            Event.Span.CopyTo(owner._event);
            owner.Type = Type;
            owner.Streams = Streams;
            owner.Deadline = Deadline;
            if (owner.KeepsTexts)
            {
                owner.Trace = Encoding.ASCII.GetString(Trace.Span);
                owner.ClientContext = Encoding.ASCII.GetString(ClientContext.Span);
            }

            Status = owner.Status;
            _requestIdLength = Encoding.ASCII.GetBytes(owner.FunctionRequestId, _requestId);
            return owner.Waits ? Come.WaitAsync() : owner.Outcome;
        }

        public override LoopTask<BodyRead> ReadBodyAsync() => _read < owner._result.Count ? owner._result[_read++] : BodyCome.WaitAsync();

        public override void CancelRead() => BodyCome.Set(BodyRead.Of(BodyStatus.Aborted));

        public override void Abort()
        {
            owner.Aborts++;
            Come.Set(FunctionOutcome.Aborted);
            BodyCome.Set(BodyRead.Of(BodyStatus.Aborted));
        }

        public override void Return() => owner.IsReturned = true;
    }
}
