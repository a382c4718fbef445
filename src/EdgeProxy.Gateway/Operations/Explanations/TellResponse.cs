using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what the client gets, and of a gateway response which one it is.</summary>
internal static class TellResponse
{
    public static void Run(RequestContext request, ExplainedPhase told, ExplanationNotes notes, List<string> dropped)
    {
        if (request.Fault != FaultKind.None) TellFault(request, Faults.Of(request.Fault), told, notes, dropped);
        if (request.Exchange.Aborted != AbortReason.None)
        {
            told.Add("why", "the connection is cut without a response");
            return;
        }

        told.Add("status", ExplanationNotes.Number(request.Exchange.Response.Status));
        told.Add("framing", request.Exchange.Response.Framing switch
        {
            BodyFraming.Length => $"Content-Length: {request.Exchange.Response.ContentLength}",
            BodyFraming.Chunked => "chunked",
            _ => "no body",
        });
        if (request.Exchange.CloseAfterwards) told.Add("connection", "closed afterwards");
    }

    /// <summary>The response; null when the connection would be cut instead.</summary>
    public static ExplainedMessage? MessageOrNull(RequestContext request, ExplanationNotes notes)
    {
        Exchange exchange = request.Exchange;
        if (!exchange.ResponseStarted || exchange.Aborted != AbortReason.None) return null;
        var head = new ExplainedMessage { Status = exchange.Response.Status, Headers = notes.Fields(exchange.Response.Headers) };
        return exchange is MemoryExchange memory ? notes.Message(head, memory.Sent, memory.ResponseBytes) : head with { BodyBytes = exchange.ResponseBytes };
    }

    private static void TellFault(RequestContext request, Fault fault, ExplainedPhase told, ExplanationNotes notes, List<string> dropped)
    {
        told.Add("fault", ExplanationNotes.Plain(Accounting.FaultNames.NameOf(request.Fault)));
        if (fault.Type == GatewayResponseType.None)
        {
            told.Add("gatewayResponse", "none: no API was chosen yet, so nothing can be customised");
            return;
        }

        told.Add("gatewayResponse", ExplanationNotes.Plain(GatewayResponseTypes.NameOf(fault.Type)));
        told.Add("errorType", ExplanationNotes.Plain(fault.ErrorType));
        GatewayResponses customised = request.Deployment?.Plan.GatewayResponses ?? GatewayResponses.None;
        if (customised.PlanOrNull(fault) is not { } plan)
        {
            told.Add("customised", "no: the standard form");
            return;
        }

        GatewayResponseType family = fault.Status < 500 ? GatewayResponseType.Default4xx : GatewayResponseType.Default5xx;
        told.Add("customised", ReferenceEquals(customised.OwnOrNull(fault.Type), plan) ? "yes, this type itself" : $"yes, by {ExplanationNotes.Plain(GatewayResponseTypes.NameOf(family))}");
        int accept = request.Exchange.Request.Headers.IndexOf(KnownHeader.Accept);
        told.Add("template", plan.TemplateOrNull(accept < 0 ? default : request.Exchange.Request.Headers.Value(accept))?.MediaType.ToString() ?? "none: the standard body");
        TellMappings.Run(request, plan.Parameters, MappingValues.None, told, notes, dropped, isRequest: false);
    }
}
