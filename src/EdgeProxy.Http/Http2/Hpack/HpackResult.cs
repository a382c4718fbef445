using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>A decoder's answer.</summary>
/// <param name="Status">What came of it.</param>
/// <param name="Violation">
/// When refused: <see cref="ViolationCode.HeadTooLarge"/> or <see cref="ViolationCode.TooManyHeaders"/> (431), or
/// <see cref="ViolationCode.BadHeaderName"/>, <see cref="ViolationCode.BadHeaderValue"/> or <see cref="ViolationCode.BadPseudoHeader"/>
/// (a malformed message: RFC 9113, 8.1.1).
/// </param>
public readonly record struct HpackResult(HpackStatus Status, ViolationCode Violation)
{
    public bool IsComplete => Status == HpackStatus.Complete;
}
