namespace EdgeProxy.Http.Http1;

/// <summary>What a step of <see cref="ChunkedDecoder"/> found.</summary>
public enum ChunkStepKind : byte
{
    /// <summary>All input was taken and the body goes on.</summary>
    NeedMore,

    /// <summary>A run of body bytes lies in the input.</summary>
    Data,

    /// <summary>The body and its trailers are over.</summary>
    End,

    /// <summary>The bytes break a rule; the decoder says so from now on.</summary>
    Violation,
}
