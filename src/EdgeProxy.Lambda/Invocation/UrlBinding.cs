namespace EdgeProxy.Lambda.Invocation;

/// <summary>A function behind a URL, on one loop.</summary>
internal sealed class UrlBinding(FunctionClients clients, UrlTarget target, FunctionName function, byte[] path) : FunctionBinding
{
    private readonly Stack<UrlCall> _free = [];

    public FunctionClients Clients => clients;

    public UrlTarget Target => target;

    public FunctionName Function => function;

    /// <summary>Path and query.</summary>
    public byte[] Path => path;

    public override FunctionCall Rent()
    {
        UrlCall call = _free.TryPop(out UrlCall? free) ? free : new UrlCall(this);
        call.Begin();
        return call;
    }

    public void Return(UrlCall call) => _free.Push(call);
}
