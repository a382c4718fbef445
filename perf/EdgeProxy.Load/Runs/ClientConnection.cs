using EdgeProxy.Load.Messages;

namespace EdgeProxy.Load.Runs;

/// <summary>One connection of a load loop, with the requests in flight on it, oldest first.</summary>
internal sealed class ClientConnection(int slot, int depth, BodyRule rule)
{
    private readonly (long Due, long Sent)[] _inFlight = new (long, long)[depth];
    private int _oldest;

    public int Slot { get; } = slot;

    public int Descriptor { get; set; } = -1;

    /// <summary>Rises with each connect, so that an event of an earlier one is told apart.</summary>
    public uint Generation { get; set; }

    public ConnectionState State { get; set; }

    /// <summary>While connecting: since when. While down: when to try again.</summary>
    public long Since { get; set; }

    /// <summary>Whole answers on the present connect.</summary>
    public long Served { get; set; }

    /// <summary>Bytes of requests that were counted as sent but are not with the system yet.</summary>
    public int Unsent { get; set; }

    /// <summary>Whether the connection stands in the open loop's queue of free ones.</summary>
    public bool Queued { get; set; }

    public ResponseReader Reader { get; } = new(rule);

    public int InFlight { get; private set; }

    public bool HasRoom => State == ConnectionState.Open && InFlight < _inFlight.Length;

    /// <summary>The oldest request in flight.</summary>
    public (long Due, long Sent) Oldest => _inFlight[_oldest];

    public void Push(long due, long sent)
    {
        int index = _oldest + InFlight++;
        _inFlight[index < _inFlight.Length ? index : index - _inFlight.Length] = (due, sent);
    }

    public (long Due, long Sent) Pop()
    {
        (long Due, long Sent) oldest = _inFlight[_oldest];
        if (++_oldest == _inFlight.Length) _oldest = 0;
        InFlight--;
        return oldest;
    }
}
