using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.TestKit;

/// <summary>What became of an invocation.</summary>
/// <param name="Outcome">As the call said.</param>
/// <param name="Status">The status that the Invoke API has for it.</param>
/// <param name="RequestId">The id that the function saw.</param>
/// <param name="Body">The result or the error document.</param>
/// <param name="End">How reading it ended.</param>
public sealed record FunctionAnswer(FunctionOutcome Outcome, int Status, string RequestId, string Body, BodyStatus End);
