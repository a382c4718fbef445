using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Responses;

/// <summary>How one kind of API puts a fault into words: status, fields, body.</summary>
internal interface IErrorForm
{
    /// <summary>Fills the response's status and fields.</summary>
    /// <returns>The body, perhaps in the loop's scratch memory: it is to be sent before anything else is rendered.</returns>
    BodyChunk Fill(RequestContext request, Fault fault);
}
