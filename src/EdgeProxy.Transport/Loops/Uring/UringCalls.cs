using System.Runtime.InteropServices;

namespace EdgeProxy.Transport.Loops.Uring;

/// <summary>io_uring's system calls and constants, which libc has no functions for; the numbers are those of x86-64 and arm64.</summary>
internal static unsafe partial class UringCalls
{
    public const int SetupCall = 425;
    public const int EnterCall = 426;
    public const int RegisterCall = 427;

    public const uint SetupCqSize = 1u << 3;
    public const uint SetupClamp = 1u << 4;
    public const uint SetupDisabled = 1u << 6;
    public const uint SetupSubmitAll = 1u << 7;
    public const uint SetupSingleIssuer = 1u << 12;
    public const uint SetupDeferTaskRun = 1u << 13;

    public const uint FeatureSingleMap = 1u << 0;
    public const uint FeatureNoDrop = 1u << 1;
    public const uint FeatureExtendedArgument = 1u << 8;

    public const uint EnterGetEvents = 1u << 0;
    public const uint EnterExtendedArgument = 1u << 3;
    public const uint EnterRegisteredRing = 1u << 4;

    public const int RegisterEnableRings = 12;
    public const int RegisterRingDescriptors = 20;
    public const int RegisterBufferRing = 22;

    public const byte OpPollAdd = 6;
    public const byte OpCancel = 14;
    public const byte OpSend = 26;
    public const byte OpReceive = 27;

    public const byte SqeBufferSelect = 1 << 5;
    public const ushort ReceiveMultishot = 1 << 1;

    public const uint CqeBuffer = 1u << 0;
    public const uint CqeMore = 1u << 1;

    public const long MapSubmissions = 0x10000000;

    public const int EBADFD = 77;
    public const int ENOBUFS = 105;
    public const int ECANCELED = 125;

    private const int ProtectReadWrite = 3;
    private const int MapSharedPopulate = 0x8001;

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc")]
    public static partial int munmap(nint address, nint length);

    /// <summary>Maps a part of the ring; 0 when refused.</summary>
    public static nint Map(int ring, nint length, long offset)
    {
        nint address = mmap(0, length, ProtectReadWrite, MapSharedPopulate, ring, (nint)offset);
        return address == -1 ? 0 : address;
    }
}

/// <summary>A submission, as the kernel lays it out.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct Submission
{
    [FieldOffset(0)]
    public byte Operation;
    [FieldOffset(1)]
    public byte Flags;
    [FieldOffset(2)]
    public ushort Priority;
    [FieldOffset(4)]
    public int Descriptor;
    [FieldOffset(8)]
    public ulong Offset;
    [FieldOffset(16)]
    public ulong Address;
    [FieldOffset(24)]
    public uint Length;
    [FieldOffset(28)]
    public uint OperationFlags;
    [FieldOffset(32)]
    public ulong UserData;
    [FieldOffset(40)]
    public ushort BufferGroup;
}

/// <summary>A completion, as the kernel lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Completion
{
    public ulong UserData;
    public int Result;
    public uint Flags;
}
