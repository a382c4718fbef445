namespace EdgeProxy.Load.Messages;

/// <summary>What a reader found in the bytes it was given.</summary>
internal enum ReadStep
{
    /// <summary>All bytes were taken and the message goes on.</summary>
    NeedMore,

    /// <summary>The message ended; bytes after it belong to the next.</summary>
    Complete,

    /// <summary>The bytes are not HTTP/1.1; nothing after them can be trusted.</summary>
    Malformed,
}
