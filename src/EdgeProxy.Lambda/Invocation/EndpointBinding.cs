using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>A function behind an Invoke endpoint, on one loop.</summary>
internal sealed class EndpointBinding(FunctionClients clients, EndpointTarget target) : FunctionBinding
{
    private readonly Stack<EndpointCall> _free = [];

    public FunctionClients Clients => clients;

    public EndpointTarget Target => target;

    public required FunctionUrl Url { get; init; }

    /// <summary>Path and query of Invoke.</summary>
    public required byte[] Invoke { get; init; }

    /// <summary>Path and query of InvokeWithResponseStream.</summary>
    public required byte[] Stream { get; init; }

    /// <summary>What is signed with; null for nothing.</summary>
    public required SigningScope? Scope { get; init; }

    public override FunctionCall Rent()
    {
        EndpointCall call = _free.TryPop(out EndpointCall? free) ? free : new EndpointCall(this);
        call.Begin();
        return call;
    }

    public void Return(EndpointCall call) => _free.Push(call);
}
