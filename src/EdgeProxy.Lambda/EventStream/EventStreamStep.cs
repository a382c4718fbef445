namespace EdgeProxy.Lambda.EventStream;

/// <summary>What <see cref="EventStreamDecoder.TryRead"/> found.</summary>
public enum EventStreamStep : byte
{
    /// <summary>No whole message yet.</summary>
    NeedsMore,

    /// <summary>A message, its check sums right.</summary>
    Message,

    /// <summary>Bytes that are no message: nothing after them can be understood.</summary>
    Violation,
}
