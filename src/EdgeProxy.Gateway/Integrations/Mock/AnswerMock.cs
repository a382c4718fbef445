using EdgeProxy.Gateway.Responses;

namespace EdgeProxy.Gateway.Integrations.Mock;

/// <summary>The MOCK integration: its answer is a status, out of what the request template rendered or, without one, the client's body (rest-api.md 5.11).</summary>
internal static class AnswerMock
{
    public static Verdict Run(RequestContext request)
    {
        request.IntegrationEndedAt = request.Now;
        int status;
        if (request.RequestTemplate is { Constant: not null } template)
        {
            if (!template.HasMockStatus) return Verdict.Of(FaultKind.MockStatusUnreadable);
            status = template.Status;
        }
        else if (!MockStatus.TryRead(request.Body.Span, out status))
        {
            return Verdict.Of(FaultKind.MockStatusUnreadable);
        }

        request.IntegrationStatus = status;
        return Verdict.Continue;
    }
}
