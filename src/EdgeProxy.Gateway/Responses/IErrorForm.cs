namespace EdgeProxy.Gateway.Responses;

/// <summary>How one kind of API puts a fault into words: status, fields, body.</summary>
internal interface IErrorForm
{
    /// <summary>Fills the response's status and fields.</summary>
    /// <returns>The body.</returns>
    byte[] Fill(RequestContext request, Fault fault);
}
