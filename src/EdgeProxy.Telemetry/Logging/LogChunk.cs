namespace EdgeProxy.Telemetry.Logging;

/// <summary>A block of whole log lines on its way from a loop to the writer. One owner at a time.</summary>
internal sealed class LogChunk(int capacity)
{
    // Not on the pinned heap: a write pins it for the length of one system call.
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>Bytes filled.</summary>
    public int Length { get; set; }

    /// <summary>Lines filled.</summary>
    public int Records { get; set; }

    public int Free => Bytes.Length - Length;

    public void Clear()
    {
        Length = 0;
        Records = 0;
    }
}
