using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Stands in for the pools of a loop: calls are filled as ever, and nothing is connected to or sent.</summary>
internal sealed class StandInUpstreams(EventLoop loop) : UpstreamClient
{
    /// <summary>What calls answer; null when they are to end there.</summary>
    public ExplainAnswer? Answer { get; set; }

    public override UpstreamCall Rent(UpstreamName upstream) => new StandInCall(loop, Answer);
}
