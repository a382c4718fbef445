using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>One step of <see cref="ChunkedDecoder"/>.</summary>
/// <param name="Kind">What was found.</param>
/// <param name="Start">For data: where in the input it starts, after the framing before it.</param>
/// <param name="Length">For data: how many bytes.</param>
/// <param name="Consumed">Input bytes dealt with, framing and data; the next step wants what follows. 0 for a violation.</param>
/// <param name="Violation">The rule broken.</param>
public readonly record struct ChunkStep(ChunkStepKind Kind, int Start, int Length, int Consumed, ViolationCode Violation);
