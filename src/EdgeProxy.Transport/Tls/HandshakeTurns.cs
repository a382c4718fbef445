using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Transport.Tls;

/// <summary>Lets only a few full handshakes use their private key in one turn of a loop; the others wait in line.</summary>
/// <remarks>
/// A signature of RSA holds a loop up for a millisecond. However many clients connect at once, what is open already is served after
/// a few of them. Loop thread only.
/// </remarks>
internal sealed class HandshakeTurns(EventLoop loop)
{
    /// <summary>Full handshakes a turn.</summary>
    public const int PerTurn = 4;

    private readonly Queue<LoopWait> _waiting = new();
    private long _turn;
    private int _taken;
    private bool _isPumping;

    /// <summary>Handshakes that wait in line.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Waits until the caller may use its key: at once where this turn has room and nobody waits already.</summary>
    public LoopTask<IoStatus> EnterAsync()
    {
        if (_waiting.Count == 0 && Taken < PerTurn) return IoStatus.Ok;
        LoopWait wait = loop.RentWait();
        _waiting.Enqueue(wait);
        if (!_isPumping) PumpAsync().Forget();
        return wait.Start();
    }

    /// <summary>Counts a key's use; resumed handshakes use none.</summary>
    public void CountFull()
    {
        _ = Taken;
        _taken++;
    }

    private int Taken
    {
        get
        {
            if (_turn != loop.Turn)
            {
                _turn = loop.Turn;
                _taken = 0;
            }

            return _taken;
        }
    }

    private async LoopTask PumpAsync()
    {
        _isPumping = true;
        while (_waiting.Count > 0)
        {
            await loop.YieldAsync();
            for (int granted = Taken; granted < PerTurn && _waiting.TryDequeue(out LoopWait? wait); granted++) wait.Complete(IoStatus.Ok);
        }

        _isPumping = false;
    }
}
