using System.Diagnostics;
using System.Numerics;

namespace EdgeProxy.Http.Http2;

/// <summary>Whose turn it is among the streams that have something to send and no room for it (RFC 9218, 10).</summary>
/// <remarks>
/// By urgency first. Within one urgency, responses that are of use only as a whole go one after the other in the order of their
/// requests; the others share, a frame each. Both kinds take turns, and a request that said nothing shares: one large response must
/// not keep small ones waiting. An idle connection has none of these. Loop thread only.
/// </remarks>
internal sealed class WriteOrder
{
    private const int Urgencies = 8;

    // Two queues an urgency: even for one after the other, odd for sharing.
    private readonly Http2Exchange?[] _first = new Http2Exchange?[Urgencies * 2];
    private readonly Http2Exchange?[] _last = new Http2Exchange?[Urgencies * 2];
    private uint _occupied;
    private uint _sharedNext;

    public bool IsEmpty => _occupied == 0;

    /// <summary>Whose turn it is; null when nobody waits. It stays in the order until it is removed.</summary>
    public Http2Exchange? NextOrNull()
    {
        if (_occupied == 0) return null;
        int queue = BitOperations.TrailingZeroCount(_occupied);
        int pair = queue & ~1;
        if ((_occupied >> pair & 3) == 3) queue = pair | (int)(_sharedNext >> (pair >> 1) & 1);
        return _first[queue];
    }

    /// <summary>Puts a stream in, where its priority says.</summary>
    public void Add(Http2Exchange stream)
    {
        Debug.Assert(stream.Queue < 0, "a stream waits twice");
        int queue = (Math.Min((int)stream.Priority.Urgency, Urgencies - 1) * 2) + (stream.SharesConnection ? 1 : 0);
        Http2Exchange? before = _last[queue];
        if ((queue & 1) == 0)
        {
            while (before is not null && before.Id > stream.Id) before = before.Before;
        }

        Http2Exchange? after = before is null ? _first[queue] : before.After;
        stream.Queue = queue;
        stream.Before = before;
        stream.After = after;
        if (before is null) _first[queue] = stream;
        else before.After = stream;
        if (after is null) _last[queue] = stream;
        else after.Before = stream;
        _occupied |= 1u << queue;
    }

    /// <summary>Takes a stream out, if it is in.</summary>
    public void Remove(Http2Exchange stream)
    {
        int queue = stream.Queue;
        if (queue < 0) return;
        if (stream.Before is { } before) before.After = stream.After;
        else _first[queue] = stream.After;
        if (stream.After is { } after) after.Before = stream.Before;
        else _last[queue] = stream.Before;
        stream.Before = stream.After = null;
        stream.Queue = -1;
        if (_first[queue] is null) _occupied &= ~(1u << queue);
    }

    /// <summary>Notes that a stream has sent its share: the other kind, and among those that share the next one, comes next.</summary>
    public void Rotate(Http2Exchange stream)
    {
        int queue = stream.Queue;
        uint urgency = 1u << (queue >> 1);
        if ((queue & 1) == 0)
        {
            _sharedNext |= urgency;
            return;
        }

        _sharedNext &= ~urgency;
        Remove(stream);
        Add(stream);
    }
}
