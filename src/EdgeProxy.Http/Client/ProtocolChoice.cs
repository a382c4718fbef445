using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client;

/// <summary>What an upstream of <see cref="UpstreamProtocol.Auto"/> speaks, as a handshake that offers both has found.</summary>
/// <remarks>
/// Nobody waits for that handshake: until it has ended calls go by HTTP/1.1, which they can agree on with nearly everybody. It is made again
/// from time to time while calls come, and its connection goes into the pool it fits.
/// </remarks>
internal sealed class ProtocolChoice : IUpstreamPool
{
    private const long AskAgain = 60_000_000_000;
    private const long AskAgainAfterFailure = 5_000_000_000;

    private readonly UpstreamClients _clients;
    private readonly UpstreamName _name;
    private readonly UpstreamDialer _dialer;
    private long _askAt = long.MinValue;
    private long _lastUsed;
    private bool _isHttp2;
    private bool _asking;

    public ProtocolChoice(UpstreamClients clients, UpstreamName name, UpstreamDialer dialer)
    {
        _clients = clients;
        _name = name;
        _dialer = dialer;
        _lastUsed = clients.Loop.Now;
    }

    public bool IsEmptySince(long moment) => !_asking && _lastUsed <= moment;

    /// <summary>Whether to call it by HTTP/2 now.</summary>
    public bool IsHttp2()
    {
        _lastUsed = _clients.Loop.Now;
        if (!_asking && _lastUsed >= _askAt)
        {
            _asking = true;
            AskAsync().Forget();
        }

        return _isHttp2;
    }

    private async LoopTask AskAsync()
    {
        UpstreamDialer.Dialed dialed = await _dialer.DialAsync(_clients.Options, _clients.Loop.Now + (4 * _clients.Options.ConnectTimeout), ApplicationProtocols.Both);
        _asking = false;
        _askAt = _clients.Loop.Now + (dialed.Connection is null ? AskAgainAfterFailure : AskAgain);
        if (dialed.Connection is not { } connection) return;
        _isHttp2 = connection.Tls is { Protocol: ApplicationProtocol.Http2 };
        _clients.Adopt(_name, connection, _isHttp2);
    }
}
