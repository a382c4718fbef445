using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Transport.Loops.Uring;

/// <summary>Watches one descriptor, level-triggered: a single poll, armed again after each event.</summary>
internal sealed class UringPoll : IUringTarget
{
    private readonly UringLoop _loop;
    private readonly int _descriptor;
    private readonly uint _events;
    private readonly IPollTarget _target;
    private bool _armed;
    private bool _ended;

    public UringPoll(UringLoop loop, int descriptor, uint events, IPollTarget target)
    {
        _loop = loop;
        _descriptor = descriptor;
        _events = events;
        _target = target;
        Slot = loop.TakeSlot(this);
        loop.MarkDirty(this);
    }

    public int Slot { get; }

    public void End()
    {
        _ended = true;
        if (_armed) _loop.MarkDirty(this);
        else _loop.FreeSlot(Slot);
    }

    public void OnCompletion(UringOperation operation, int result, uint flags)
    {
        _armed = false;
        if (_ended)
        {
            _loop.FreeSlot(Slot);
            return;
        }

        _loop.MarkDirty(this);
        if (result > 0) _target.OnPoll((uint)result);
    }

    public void Submit()
    {
        if (_ended)
        {
            if (_armed) _loop.PushCancel(Slot, UringOperation.Poll);
        }
        else if (!_armed)
        {
            _armed = true;
            _loop.PushPoll(Slot, _descriptor, _events);
        }
    }
}
