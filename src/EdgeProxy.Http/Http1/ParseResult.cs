using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>A head parser's answer.</summary>
/// <param name="Status">Whether the head is whole, unfinished or wrong.</param>
/// <param name="Consumed">When complete: bytes of the head with its empty line (and an empty line skipped before it). Else 0.</param>
/// <param name="Violation">The rule broken, when <paramref name="Status"/> is <see cref="ParseStatus.Violation"/>.</param>
public readonly record struct ParseResult(ParseStatus Status, int Consumed, ViolationCode Violation)
{
    internal static ParseResult Incomplete => new(ParseStatus.Incomplete, 0, ViolationCode.None);

    internal static ParseResult Complete(int consumed) => new(ParseStatus.Complete, consumed, ViolationCode.None);

    internal static ParseResult Broken(ViolationCode violation) => new(ParseStatus.Violation, 0, violation);
}
