using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Client.Http2;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.TestKit;

/// <summary>A client on a harness loop whose upstream is the test.</summary>
public sealed class Http2ClientStage : IDisposable
{
    public static readonly UpstreamName Upstream = new("127.0.0.1", 9000, UpstreamProtocol.Http2);

    private readonly List<Http2UpstreamPeer> _peers = [];

    public Http2ClientStage(UpstreamOptions? options = null)
    {
        Connector = new MemoryConnector(Loop);
        Client = new Http2Client(Loop, Connector, options ?? new UpstreamOptions(), new UpstreamMetrics(Registry));
    }

    public LoopHarness Loop { get; } = new();

    public MemoryConnector Connector { get; }

    public MetricRegistry Registry { get; } = new(1);

    public Http2Client Client { get; }

    public long Second => 1_000_000_000;

    /// <summary>The upstream's side of a connection, by the order of opening.</summary>
    public Http2UpstreamPeer Peer(int index = 0)
    {
        Loop.Run();
        while (_peers.Count < Connector.Opened.Count) _peers.Add(new Http2UpstreamPeer(Connector.Opened[_peers.Count]));
        return _peers[index];
    }

    public UpstreamCall Get(string target) => New(HttpMethod.Get, "GET", target);

    public UpstreamCall Post(string target, IBodySource body, long length = -1)
    {
        UpstreamCall call = New(HttpMethod.Post, "POST", target);
        call.Body = body;
        call.Framing = length < 0 ? BodyFraming.Chunked : BodyFraming.Length;
        call.ContentLength = length;
        return call;
    }

    public UpstreamCall New(HttpMethod method, string text, string target)
    {
        UpstreamCall call = Client.Rent(Upstream);
        call.Method = method;
        call.MethodStart = call.Headers.Append(Encoding.Latin1.GetBytes(text));
        call.MethodLength = text.Length;
        call.TargetStart = call.Headers.Append(Encoding.Latin1.GetBytes(target));
        call.TargetLength = target.Length;
        call.Headers.Add(KnownHeader.Host, "Host"u8, "up"u8);
        call.Deadline = Loop.Now + (29 * Second);
        return call;
    }

    public LoopTask<UpstreamOutcome> Send(UpstreamCall call)
    {
        LoopTask<UpstreamOutcome> sending = call.SendAsync(Upstream);
        Loop.Run();
        return sending;
    }

    /// <summary>A call that was answered with 200 and an empty body, so that there is a connection that was used.</summary>
    public Http2UpstreamPeer Warm(params (Http2Setting Setting, uint Value)[] settings)
    {
        UpstreamCall call = Get("/warm");
        LoopTask<UpstreamOutcome> sending = Send(call);
        Http2UpstreamPeer peer = Peer().Settings(settings).Head(1, 200, ends: true);
        if (Loop.Await(sending) != UpstreamOutcome.Ok) throw new InvalidOperationException("The first call failed.");
        call.Return();
        Loop.Run();
        peer.Take();
        return peer;
    }

    public (string? Body, BodyStatus Status) Read(UpstreamCall call) => Loop.Await(ScriptedHandler.ReadAllAsync(call));

    /// <summary>Delivers raw frames on a connection with one call open on stream 3, and gives what came back.</summary>
    public (UpstreamOutcome? Outcome, List<string> Sent, bool IsClosed) Provoke(Action<Http2UpstreamPeer> act)
    {
        Http2UpstreamPeer peer = Warm();
        LoopTask<UpstreamOutcome> sending = Send(New(HttpMethod.Post, "POST", "/a"));
        peer.Take();
        act(peer);
        Loop.Run();
        return (sending.IsCompleted ? Loop.Await(sending) : null, peer.Take(), peer.Connection.IsClosed);
    }

    public string? Metric(string series)
    {
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        Registry.Write(text, ExpositionFormat.Text);
        return Encoding.UTF8.GetString(text.WrittenSpan).Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal))?[(series.Length + 1)..];
    }

    public void Dispose()
    {
        Client.Close();
        Loop.Run();
        Loop.ThrowUnhandled();
        Loop.Dispose();
    }
}
