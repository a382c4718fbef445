using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>A call of a function behind a plain URL.</summary>
internal sealed class UrlCall(UrlBinding binding) : HttpFunctionCall(binding.Clients, binding.Target.Series)
{
    protected override UpstreamName Upstream => binding.Target.Url.Upstream;

    protected override LoopTask<FunctionOutcome> RunAsync() => Type switch
    {
        // There is nobody to ask.
        InvocationType.DryRun => Succeed(204),

        // The URL would answer with a result, so the node waits for that by itself.
        InvocationType.Event => Clients.Queue.TryAdd(binding.Function, Event.Span, Trace.Span, ClientContext.Span) ? Succeed(202) : Fail(FunctionOutcome.Throttled, 429),
        _ => SendAsync(),
    };

    protected override void Fill(UpstreamCall call)
    {
        call.TargetStart = call.Headers.Append(binding.Path);
        call.TargetLength = binding.Path.Length;
        call.Headers.Add(KnownHeader.Host, "Host"u8, binding.Target.Url.Host.Span);
        call.Headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        AddCommon(call.Headers);
    }

    protected override LoopTask<FunctionOutcome> JudgeAsync(UpstreamCall call)
    {
        Status = 200;
        bool failed = call.Response.Status is < 200 or > 299;
        if (!failed && Streams) return StreamAsync();
        return CollectAsync(failed ? FunctionOutcome.FunctionError : FunctionOutcome.Ok);
    }

    // Bytes are the function's as they come.
    protected override LoopTask<BodyRead> ReadStreamAsync() => ReadUpstreamAsync();

    protected override void Recycle() => binding.Return(this);

    private LoopTask<FunctionOutcome> StreamAsync()
    {
        IsStreaming = true;
        return FunctionOutcome.Ok;
    }
}
