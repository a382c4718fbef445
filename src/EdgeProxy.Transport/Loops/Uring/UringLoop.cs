using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Transport.Loops.Uring;

/// <summary>An event loop on io_uring: what a turn wants sent, received and watched goes to the kernel in one call, which also waits.</summary>
/// <remarks>
/// The kernel works only inside that call (SINGLE_ISSUER, DEFER_TASKRUN), so nothing changes under a running turn. A slot names the
/// owner of an operation and is not given to another before its last completion; so nothing stale can arrive.
/// Submissions are made at the end of a turn only: until then a descriptor may be closed, and its number used again.
/// </remarks>
public sealed unsafe class UringLoop : SocketLoop, IPollTarget
{
    private const uint SubmissionEntries = 1024;
    private const uint CompletionEntries = 4096;
    private const ushort ReceiveGroup = 0;

    private readonly int _ring;
    private readonly int _wakeDescriptor;
    private readonly nint _ringMap;
    private readonly nint _ringLength;
    private readonly Submission* _submissions;
    private readonly Completion* _completions;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly uint _submissionMask;
    private readonly uint _completionMask;
    private readonly uint _submissionCount;
    private readonly Stack<int> _freeSlots = [];
    private IUringTarget?[] _targets = new IUringTarget?[256];
    private IUringTarget[] _dirty = new IUringTarget[256];
    private int _dirtyCount;
    private int _slotsUsed;
    private uint _nextSubmission;
    private uint _submitted;
    private int _enterDescriptor;
    private uint _enterFlags;
    private bool _mail;

    /// <param name="ordinal">0 to loops - 1.</param>
    /// <param name="onUnhandled">Told of exceptions nobody took: bugs, to be logged.</param>
    /// <exception cref="IOException">The kernel, or the container, does not allow it.</exception>
    public UringLoop(int ordinal, Action<Exception> onUnhandled)
        : base(ordinal, onUnhandled)
    {
        // Laid out as struct io_uring_params: ten words, then the offsets of the submission and of the completion ring.
        uint* parameters = stackalloc uint[30];
        new Span<uint>(parameters, 30).Clear();
        parameters[1] = CompletionEntries;
        parameters[2] = UringCalls.SetupSingleIssuer | UringCalls.SetupDeferTaskRun | UringCalls.SetupDisabled | UringCalls.SetupSubmitAll
            | UringCalls.SetupCqSize | UringCalls.SetupClamp;
        _ring = (int)Libc.syscall(UringCalls.SetupCall, (nint)SubmissionEntries, (nint)parameters, 0, 0, 0, 0);
        if (_ring < 0) throw new IOException($"io_uring is not available (errno {Libc.Error()}).");
        const uint Needed = UringCalls.FeatureSingleMap | UringCalls.FeatureNoDrop | UringCalls.FeatureExtendedArgument;
        if ((parameters[5] & Needed) != Needed) throw Unusable("too old");

        uint* sq = parameters + 10;
        uint* cq = parameters + 20;
        _submissionCount = parameters[0];
        _ringLength = (nint)Math.Max(sq[6] + (parameters[0] * 4), cq[5] + (parameters[1] * (uint)sizeof(Completion)));
        _ringMap = UringCalls.Map(_ring, _ringLength, 0);
        _submissions = (Submission*)UringCalls.Map(_ring, (nint)(_submissionCount * (uint)sizeof(Submission)), UringCalls.MapSubmissions);
        if (_ringMap == 0 || _submissions is null) throw Unusable("not mapped");
        byte* map = (byte*)_ringMap;
        _submissionHead = (uint*)(map + sq[0]);
        _submissionTail = (uint*)(map + sq[1]);
        _submissionMask = *(uint*)(map + sq[2]);
        uint* order = (uint*)(map + sq[6]);
        for (uint i = 0; i < _submissionCount; i++) order[i] = i;
        _completionHead = (uint*)(map + cq[0]);
        _completionTail = (uint*)(map + cq[1]);
        _completionMask = *(uint*)(map + cq[2]);
        _completions = (Completion*)(map + cq[5]);

        // A filter may allow the one call and not the other; the ring is not enabled yet, and that is what an allowed call says.
        Libc.syscall(UringCalls.EnterCall, _ring, 0, 0, 0, 0, 0);
        if (Libc.Error() != UringCalls.EBADFD) throw Unusable("not to be entered");

        Received = new UringBuffers();
        BufferRing registration = new() { Address = (ulong)Received.RingAddress, Entries = UringBuffers.RingEntries, Group = ReceiveGroup };
        if (Register(UringCalls.RegisterBufferRing, &registration, 1) != 0) throw Unusable("no buffer rings");
        Received.Refill();

        _enterDescriptor = _ring;
        _wakeDescriptor = Libc.eventfd(0, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        if (_wakeDescriptor < 0) throw Unusable("no eventfd");
        _ = new UringPoll(this, _wakeDescriptor, Libc.EPOLLIN, this);
    }

    internal UringBuffers Received { get; }

    public override void Dispose()
    {
        Libc.close(_wakeDescriptor);
        Libc.close(_ring);
        UringCalls.munmap((nint)_submissions, (nint)(_submissionCount * (uint)sizeof(Submission)));
        UringCalls.munmap(_ringMap, _ringLength);
    }

    internal override SocketConnection? TakeOrNull(int descriptor, IpEndpoint peer, bool isConnecting) =>
        new UringConnection(this, descriptor, peer, isConnecting);

    internal override bool Watch(int descriptor, uint events, IPollTarget target, out int slot)
    {
        slot = new UringPoll(this, descriptor, events, target).Slot;
        return true;
    }

    internal override void Unwatch(int descriptor, int slot) => ((UringPoll)_targets[slot]!).End();

    void IPollTarget.OnPoll(uint events)
    {
        ulong drained;
        Libc.read(_wakeDescriptor, &drained, sizeof(ulong));
        _mail = true;
    }

    internal int TakeSlot(IUringTarget target)
    {
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _slotsUsed++;
            if (slot == _targets.Length) Array.Resize(ref _targets, slot * 2);
        }

        _targets[slot] = target;
        return slot;
    }

    internal void FreeSlot(int slot)
    {
        Debug.Assert(_targets[slot] is not null, "a slot was freed twice");
        _targets[slot] = null;
        _freeSlots.Push(slot);
    }

    /// <summary>Has the target asked for submissions at the end of this turn. The target sees to it that it is not marked twice needlessly.</summary>
    internal void MarkDirty(IUringTarget target)
    {
        if (_dirtyCount == _dirty.Length) Array.Resize(ref _dirty, _dirtyCount * 2);
        _dirty[_dirtyCount++] = target;
    }

    internal void PushReceive(int slot, int descriptor)
    {
        Submission* entry = Push(slot, UringOperation.Receive, UringCalls.OpReceive, descriptor);
        entry->Flags = UringCalls.SqeBufferSelect;
        entry->Priority = UringCalls.ReceiveMultishot;
        entry->BufferGroup = ReceiveGroup;
    }

    internal void PushSend(int slot, int descriptor, byte* bytes, int length)
    {
        const uint WaitForAll = 0x100; // MSG_WAITALL: a short send is carried on by the kernel
        Submission* entry = Push(slot, UringOperation.Send, UringCalls.OpSend, descriptor);
        entry->Address = (ulong)bytes;
        entry->Length = (uint)length;
        entry->OperationFlags = Libc.MSG_NOSIGNAL | WaitForAll;
    }

    internal void PushPoll(int slot, int descriptor, uint events)
    {
        Submission* entry = Push(slot, UringOperation.Poll, UringCalls.OpPollAdd, descriptor);
        entry->OperationFlags = events;
    }

    internal void PushCancel(int slot, UringOperation operation)
    {
        Submission* entry = Push(slot, UringOperation.Cancel, UringCalls.OpCancel, -1);
        entry->Address = UserData(slot, operation);
    }

    protected override void Wake()
    {
        ulong one = 1;
        Libc.write(_wakeDescriptor, &one, sizeof(ulong));
    }

    protected override void RunTurns()
    {
        // From here on the ring belongs to this thread.
        if (Register(UringCalls.RegisterEnableRings, null, 0) != 0) throw new IOException($"The ring cannot be enabled (errno {Libc.Error()}).");
        RegisterOwnDescriptor();
        while (!IsStopping)
        {
            SubmitAndWait();
            RunTurn();
        }
    }

    private static ulong UserData(int slot, UringOperation operation) => ((ulong)(uint)slot << 2) | (uint)operation;

    private IOException Unusable(string why)
    {
        Libc.close(_ring);
        return new IOException($"io_uring is not usable ({why}).");
    }

    private int Register(int operation, void* argument, uint count) =>
        (int)Libc.syscall(UringCalls.RegisterCall, _ring, operation, (nint)argument, (nint)count, 0, 0);

    // Spares the kernel the look-up of the descriptor at every call; without it all works as well.
    private void RegisterOwnDescriptor()
    {
        ulong* update = stackalloc ulong[2];
        update[0] = uint.MaxValue; // struct io_uring_rsrc_update: any free index
        update[1] = (ulong)_ring;
        if (Register(UringCalls.RegisterRingDescriptors, update, 1) != 1) return;
        _enterDescriptor = (int)(uint)update[0];
        _enterFlags = UringCalls.EnterRegisteredRing;
    }

    private Submission* Push(int slot, UringOperation operation, byte code, int descriptor)
    {
        if (_nextSubmission - Volatile.Read(ref *_submissionHead) == _submissionCount) Enter(wait: false, 0);
        Submission* entry = _submissions + (_nextSubmission++ & _submissionMask);
        *entry = default;
        entry->Operation = code;
        entry->Descriptor = descriptor;
        entry->UserData = UserData(slot, operation);
        return entry;
    }

    private void SubmitAndWait()
    {
        for (int i = 0; i < _dirtyCount; i++) _dirty[i].Submit();
        _dirtyCount = 0;
        Received.Refill();
        bool wait = !(HasReady || HasNextTurn) && *_completionHead == Volatile.Read(ref *_completionTail);
        Enter(wait, wait ? WaitNanoseconds() : 0);
    }

    private void Enter(bool wait, long nanoseconds)
    {
        Volatile.Write(ref *_submissionTail, _nextSubmission);
        uint count = _nextSubmission - _submitted;
        long* time = stackalloc long[2];
        time[0] = nanoseconds / 1_000_000_000;
        time[1] = nanoseconds % 1_000_000_000;
        ulong* argument = stackalloc ulong[3]; // struct io_uring_getevents_arg: signal mask, its size, time-out
        argument[0] = argument[1] = 0;
        argument[2] = (ulong)time;
        uint flags = UringCalls.EnterGetEvents | UringCalls.EnterExtendedArgument | _enterFlags;
        Libc.syscall(UringCalls.EnterCall, _enterDescriptor, (nint)count, wait ? 1 : 0, (nint)flags, (nint)argument, 24);

        // On a time-out or a signal the call says so instead of how much was taken; the ring's head tells in any case.
        _submitted = Volatile.Read(ref *_submissionHead);
    }

    private long WaitNanoseconds()
    {
        const long Longest = 1_000_000_000;
        return Math.Min(Longest, Math.Max(0, Timers.UntilNext(Now)));
    }

    private void RunTurn()
    {
        long start = Stopwatch.GetTimestamp();
        BeginTurn(start);
        uint tail = Volatile.Read(ref *_completionTail);
        for (uint head = *_completionHead; head != tail; head++)
        {
            Completion completion = _completions[head & _completionMask];
            var operation = (UringOperation)(completion.UserData & 3);
            if (operation == UringOperation.Cancel) continue;
            try
            {
                _targets[(int)(completion.UserData >> 2)]!.OnCompletion(operation, completion.Result, completion.Flags);
            }
            catch (Exception exception)
            {
                OnUnhandled(exception);
            }
        }

        Volatile.Write(ref *_completionHead, tail);
        if (_mail)
        {
            _mail = false;
            DeliverMail();
        }

        FinishTurn(start);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct BufferRing
    {
        public ulong Address;
        public uint Entries;
        public ushort Group;
        public ushort Flags;
        public ulong Reserved0;
        public ulong Reserved1;
        public ulong Reserved2;
    }
}
