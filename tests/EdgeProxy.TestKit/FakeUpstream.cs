using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.TestKit;

/// <summary>An upstream without a connection: it answers every call as a test says and keeps what the last was sent.</summary>
public sealed class FakeUpstream : UpstreamClient
{
    private readonly EventLoop _loop;
    private readonly Stack<FakeCall> _free = new();
    private FakeCall _call;
    private int _open;
    private readonly Queue<BodyRead> _body = new();
    private byte[] _head = [];

    public FakeUpstream(EventLoop loop)
    {
        _loop = loop;
        _call = new FakeCall(this, loop);
        _free.Push(_call);
        Answer("HTTP/1.1 200 OK\nContent-Length: 0", "");
    }

    /// <summary>How the next calls end.</summary>
    public UpstreamOutcome Outcome { get; set; }

    /// <summary>How calls of one upstream end and what they answer, in place of <see cref="Outcome"/> and the one answer; null for these.</summary>
    public Func<UpstreamName, (UpstreamOutcome Outcome, string? Head)>? Script { get; set; }

    /// <summary>Whether a call may be rented while another is.</summary>
    public bool AllowsSeveral { get; set; }

    /// <summary>Where all calls went, in order, if texts are kept.</summary>
    public List<UpstreamName> Sent { get; } = [];

    /// <summary>How the client's body is said to have failed.</summary>
    public BodyStatus RequestBodyStatus { get; set; }

    /// <summary>Whether answers come by HTTP/2.</summary>
    public bool SpeaksHttp2 { get; set; }

    /// <summary>Whether calls wait until <see cref="Respond"/>.</summary>
    public bool Waits { get; set; }

    /// <summary>Whether calls wait until <see cref="Connect"/> before they look at the request's body.</summary>
    public bool ConnectsLate { get; set; }

    /// <summary>What calls say of themselves.</summary>
    public bool CopiesBody { get; set; }

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether the last call was given back, and how often it was aborted.</summary>
    public bool IsReturned => _open == 0;

    public int Aborts { get; private set; }

    /// <summary>Whether <see cref="Body"/> is kept, which allocates; off for measurements.</summary>
    public bool KeepsTexts { get; set; } = true;

    /// <summary>Whether the last response was read to its end before the call was given back.</summary>
    public bool WasReadToItsEnd { get; private set; }

    /// <summary>Where the last call went.</summary>
    public UpstreamName? Called { get; private set; }

    public string Method => Encoding.Latin1.GetString(_call.Headers.Slice(_call.MethodStart, _call.MethodLength));

    public string Target => Encoding.Latin1.GetString(_call.Headers.Slice(_call.TargetStart, _call.TargetLength));

    public BodyFraming Framing => _call.Framing;

    public long ContentLength => _call.ContentLength;

    public long Deadline => _call.Deadline;

    public bool IsDeadlineFixed => _call.IsDeadlineFixed;

    public long IdleTimeout => _call.IdleTimeout;

    /// <summary>Whether the call was told that trailers are welcome.</summary>
    public bool WantsTrailers => _call.WantsTrailers;

    /// <summary>The trailers of the next answers.</summary>
    public List<(string Name, string Value)> Trailers { get; } = [];

    /// <summary>The trailers that came behind the body that was sent, as <c>name: value</c>.</summary>
    public List<string> SentTrailers { get; } = [];

    /// <summary>The body that was sent, as Latin-1 text.</summary>
    public string Body => _call.Received.ToString();

    /// <summary>The value of a field that was sent, without case; null when there was none.</summary>
    public string? Field(string name) => Fields.Find(_call.Headers, name);

    /// <summary>The fields that were sent, a line each, in order.</summary>
    public string AllFields()
    {
        var text = new StringBuilder();
        for (int i = 0; i < _call.Headers.Count; i++)
        {
            text.Append(Encoding.Latin1.GetString(_call.Headers.Name(i))).Append(": ").Append(Encoding.Latin1.GetString(_call.Headers.Value(i))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Sets the answer of the next calls: a head with <c>\n</c> for line ends, and body runs.</summary>
    public FakeUpstream Answer(string head, params string[] body)
    {
        _head = HeadOf(head);
        _body.Clear();
        for (int i = 0; i < body.Length; i++) Add(i == body.Length - 1 ? BodyStatus.End : BodyStatus.Data, body[i]);
        return this;
    }

    private static byte[] HeadOf(string head) => Encoding.Latin1.GetBytes(head.ReplaceLineEndings("\r\n").TrimEnd() + "\r\n\r\n");

    /// <summary>Lets the next read of the response's body end so. Reads beyond the last repeat it for the next call.</summary>
    public FakeUpstream Add(BodyStatus status, string text = "")
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        var read = new BodyRead(status, new BodyChunk(bytes, 0, bytes.Length));
        if (_call.BodyCome.IsWaiting) _call.BodyCome.Set(read);
        else _body.Enqueue(read);
        return this;
    }

    /// <summary>Lets the last call have its connection.</summary>
    public void Connect() => _call.Connected.Set(true);

    /// <summary>Ends the wait of a call.</summary>
    public void Respond() => _call.HeadCome.Set(_call.Take(Outcome));

    public override UpstreamCall Rent(UpstreamName upstream)
    {
        if (!IsReturned && !AllowsSeveral) throw new InvalidOperationException("The last call was not given back.");
        _open++;
        Calls++;
        Aborts = 0;
        _call = _free.TryPop(out FakeCall? free) ? free : new FakeCall(this, _loop);
        _call.Begin();
        return _call;
    }

    private sealed class FakeCall(FakeUpstream owner, EventLoop loop) : UpstreamCall
    {
        private int _read;
        private byte[]? _head;

        public LoopSignal<UpstreamOutcome> HeadCome { get; } = new();

        public LoopSignal<BodyRead> BodyCome { get; } = new();

        public LoopSignal<bool> Connected { get; } = new();

        public override bool CopiesBody => owner.CopiesBody;

        public StringBuilder Received { get; } = new();

        public override bool PassesTrailers => Trailers == TrailerRule.Always || (Trailers == TrailerRule.WithHttp2 && Response.Version >= 20);

        public void Begin()
        {
            Clear();
            Received.Clear();
            _read = 0;
            owner.WasReadToItsEnd = false;
        }

        public override async LoopTask<UpstreamOutcome> SendAsync(UpstreamName upstream)
        {
            owner.Called = upstream;
            if (owner.KeepsTexts) owner.Sent.Add(upstream);
            (UpstreamOutcome outcome, string? head) = owner.Script?.Invoke(upstream) ?? (owner.Outcome, null);
            _head = head is null ? null : HeadOf(head);
            if (owner.ConnectsLate) await Connected.WaitAsync();
            if (Body is not null && outcome is (UpstreamOutcome.Ok or UpstreamOutcome.Reset or UpstreamOutcome.TimedOut))
            {
                IsBodyTouched = true;
                while (true)
                {
                    BodyRead read = await Body.ReadBodyAsync();
                    if (read.Failed)
                    {
                        RequestBodyStatus = read.Status;
                        return UpstreamOutcome.RequestBodyFailed;
                    }

                    if (owner.KeepsTexts) Received.Append(Encoding.Latin1.GetString(read.Chunk.Span));
                    if (read.Status == BodyStatus.End) break;
                }

                for (int i = 0; HasTrailersToSend && i < Body.Trailers!.Count; i++)
                {
                    owner.SentTrailers.Add(Encoding.Latin1.GetString(Body.Trailers.Name(i)) + ": " + Encoding.Latin1.GetString(Body.Trailers.Value(i)));
                }
            }

            return owner.Waits ? await HeadCome.WaitAsync() : Take(outcome);
        }

        public UpstreamOutcome Take(UpstreamOutcome outcome)
        {
            RequestBodyStatus = owner.RequestBodyStatus;
            if (outcome != UpstreamOutcome.Ok) return outcome;
            ParseResult parsed = Http1ResponseParser.Parse(_head ?? owner._head, new HeadLimits(), Method, Response);
            if (parsed.Status != ParseStatus.Complete) throw new InvalidOperationException($"The answer's head is {parsed.Status}: {parsed.Violation}.");
            if (owner.SpeaksHttp2) Response.Version = 20;
            RespondedAt = loop.Now;
            return outcome;
        }

        public override LoopTask<BodyRead> ReadBodyAsync()
        {
            if (Response.Framing == BodyFraming.None)
            {
                owner.WasReadToItsEnd = true;
                return BodyRead.Of(BodyStatus.End);
            }

            if (_read == owner._body.Count) return BodyCome.WaitAsync();

            // The script turns round, so that each call gets the whole of it.
            _read++;
            BodyRead read = owner._body.Dequeue();
            owner._body.Enqueue(read);
            ResponseBytes += read.Chunk.Length;
            if (ResponseBodyLimit >= 0 && ResponseBytes > ResponseBodyLimit) return BodyRead.Of(BodyStatus.TooLarge);
            owner.WasReadToItsEnd = read.Status == BodyStatus.End;
            if (owner.WasReadToItsEnd && PassesTrailers)
            {
                foreach ((string name, string value) in owner.Trailers) ResponseTrailers.Add(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
            }

            return read;
        }

        public override void CancelRead() => BodyCome.Set(BodyRead.Of(BodyStatus.Aborted));

        public override void Abort()
        {
            owner.Aborts++;
            HeadCome.Set(UpstreamOutcome.Aborted);
            BodyCome.Set(BodyRead.Of(BodyStatus.Aborted));
        }

        public override void Return()
        {
            owner._open--;
            owner._free.Push(this);
        }
    }
}
