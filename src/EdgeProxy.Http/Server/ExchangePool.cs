namespace EdgeProxy.Http.Server;

/// <summary>Exchanges of one kind that nobody uses now. One loop's.</summary>
internal sealed class ExchangePool<TExchange>(Func<TExchange> create)
    where TExchange : Exchange
{
    private readonly Stack<TExchange> _free = [];

    public TExchange Rent() => _free.TryPop(out TExchange? exchange) ? exchange : create();

    public void Return(TExchange exchange) => _free.Push(exchange);
}
