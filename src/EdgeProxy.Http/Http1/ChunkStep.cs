using EdgeProxy.Http.Messages;

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

/// <summary>One step of <see cref="ChunkedDecoder"/>.</summary>
/// <param name="Kind">What was found.</param>
/// <param name="Start">For data: where in the input it starts, after the framing before it.</param>
/// <param name="Length">For data: how many bytes.</param>
/// <param name="Consumed">Input bytes dealt with, framing and data; the next step wants what follows. 0 for a violation.</param>
/// <param name="Violation">The rule broken.</param>
public readonly record struct ChunkStep(ChunkStepKind Kind, int Start, int Length, int Consumed, ViolationCode Violation);
