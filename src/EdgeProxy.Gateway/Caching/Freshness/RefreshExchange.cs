using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>A client's request once more, without the client: its head is copied, as a GET without conditions, and nothing is ever answered.</summary>
internal sealed class RefreshExchange : Exchange
{
    public RefreshExchange(Exchange client)
    {
        Loop = client.Loop;
        Listener = client.Listener;
        Client = client.Client;
        Local = client.Local;
        Tls = client.Tls;
        StartedAt = client.Loop.Now;
        BodyLimit = client.BodyLimit;

        RequestHead from = client.Request;
        HeaderTable headers = Request.Headers;
        headers.TakeBlock(from.Headers.Block.AsSpan(0, from.Headers.BlockLength));
        for (int i = 0; i < from.Headers.Count; i++)
        {
            ref readonly HeaderField field = ref from.Headers[i];
            if (field.Known == KnownHeader.Other && Preconditions.IsAnsweredHere(from.Headers.Name(i))) continue;
            headers.AddAt(field.NameStart, field.NameLength, field.ValueStart, field.ValueLength, field.Known);
            if (field.NeverIndexed) headers.MarkNeverIndexed(headers.Count - 1);
        }

        Request.Method = HttpMethod.Get;
        Request.Version = from.Version;
        Request.Framing = BodyFraming.None;
        Request.ContentLength = -1;
        Request.Tier = from.Tier;
        Request.Reason = from.Reason;
        (Request.MethodStart, Request.MethodLength) = (headers.Append("GET"u8), 3);
        (Request.TargetStart, Request.TargetLength) = (from.TargetStart, from.TargetLength);
        (Request.PathStart, Request.PathLength) = (from.PathStart, from.PathLength);
        (Request.QueryStart, Request.QueryLength) = (from.QueryStart, from.QueryLength);
        (Request.AuthorityStart, Request.AuthorityLength) = (from.AuthorityStart, from.AuthorityLength);
    }

    public override bool HasUnreadBody => false;

    public override LoopTask<BodyRead> ReadBodyAsync() => BodyRead.Of(BodyStatus.End);

    public override void CancelRead()
    {
    }

    public override void StartResponse(BodyFraming framing, long contentLength) => throw new InvalidOperationException("There is no client to answer.");

    public override LoopTask<IoStatus> WriteAsync(BodyChunk chunk) => IoStatus.Aborted;

    public override LoopTask<IoStatus> EndAsync(BodyChunk last) => IoStatus.Aborted;

    public override void Abort(AbortReason reason)
    {
        if (Aborted != AbortReason.None) return;
        Aborted = reason;
        Pending?.Abort();
    }
}
