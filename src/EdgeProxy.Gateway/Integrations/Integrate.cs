using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Integrations.Mock;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Integrations;

/// <summary>Phase: has the integration answer. One line a kind.</summary>
internal static class Integrate
{
    public static LoopTask<Verdict> RunAsync(RequestContext request)
    {
        request.IntegrationStartedAt = request.Now;
        switch (request.Route!.Integration.Kind)
        {
            case IntegrationKind.HttpProxy or IntegrationKind.Http:
                return CallHttp.RunAsync(request);
            case IntegrationKind.AwsProxy or IntegrationKind.Aws:
                return CallLambda.RunAsync(request);
            case IntegrationKind.Mock:
                return AnswerMock.Run(request);
            default:
                return Verdict.Of(FaultKind.ClosedConfiguration);
        }
    }
}
