using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Gateway.Integrations.Http;

/// <summary>Calls one of an upstream's targets.</summary>
internal static class CallTarget
{
    public static LoopTask<Verdict> RunAsync(RequestContext request, UpstreamGroup group)
    {
        bool isRehearsal = request.Services.IsRehearsal;
        BoundTarget target = group.Targets[group.Pick(tried: 0, isRehearsal)];
        request.Target = target;
        if (!isRehearsal) target.Live.Enter(request.Exchange.Loop.Ordinal);
        if (!request.Services.Upstreams.CanCarry(request.Call!, target.Name)) Renew(request, target.Name);
        return CallHttp.SendAsync(request, target.Name);
    }

    /// <summary>Goes on with a call that was not sent yet.</summary>
    private static void Renew(RequestContext request, UpstreamName target)
    {
        UpstreamCall old = request.Call!;
        UpstreamCall call = request.Services.Upstreams.Rent(target);
        call.TakeRequest(old);
        request.Call = call;
        request.Exchange.Pending = call;
        old.Return();
    }
}
