using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>How a violation is answered and counted (architecture.md 5; specification security.md 16).</summary>
public static class ViolationAnswers
{
    /// <summary>The status that answers it; the connection closes after it. 0 for <see cref="ViolationCode.None"/>.</summary>
    /// <remarks>For what a client sent. Any violation in an upstream's response is 502 to the client.</remarks>
    public static int StatusOf(ViolationCode code) => code switch
    {
        ViolationCode.None => 0,
        ViolationCode.UnsupportedVersion => 505,
        ViolationCode.UriTooLong => 414,
        ViolationCode.HeadTooLarge or ViolationCode.TooManyHeaders or ViolationCode.TrailersTooLarge => 431,
        ViolationCode.BodyTooLarge => 413,
        ViolationCode.UnknownExpectation => 417,
        _ => 400,
    };

    /// <summary>The reason as metrics spell it: the name of specification security.md 16 where it has one.</summary>
    public static ReadOnlySpan<byte> LabelOf(ViolationCode code) => code switch
    {
        ViolationCode.None => "Compliant"u8,
        ViolationCode.BadMethod => "BadMethod"u8,
        ViolationCode.BadUri => "BadUri"u8,
        ViolationCode.BadVersion => "BadVersion"u8,
        ViolationCode.UnsupportedVersion => "UnsupportedVersion"u8,
        ViolationCode.UriTooLong => "UriTooLong"u8,
        ViolationCode.HeadTooLarge => "HeadTooLarge"u8,
        ViolationCode.TooManyHeaders => "TooManyHeaders"u8,
        ViolationCode.BadHeaderName => "BadHeader"u8,
        ViolationCode.BadHeaderValue => "BadHeader"u8,
        ViolationCode.MissingHeaderColon => "MissingHeaderColon"u8,
        ViolationCode.SpaceBeforeColon => "SpaceBeforeColon"u8,
        ViolationCode.MultilineHeader => "MultilineHeader"u8,
        ViolationCode.NonCrLfLineTermination => "NonCrLfLineTermination"u8,
        ViolationCode.MissingHost => "MissingHost"u8,
        ViolationCode.MultipleHost => "MultipleHost"u8,
        ViolationCode.BadHost => "BadHost"u8,
        ViolationCode.HostMismatch => "HostMismatch"u8,
        ViolationCode.BadContentLength => "BadContentLength"u8,
        ViolationCode.DuplicateContentLength => "DuplicateContentLength"u8,
        ViolationCode.MultipleContentLength => "MultipleContentLength"u8,
        ViolationCode.BothTeClPresent => "BothTeClPresent"u8,
        ViolationCode.BadTransferEncoding => "BadTransferEncoding"u8,
        ViolationCode.TransferEncodingInHttp10 => "TransferEncodingInHttp10"u8,
        ViolationCode.BadChunkSize => "BadChunkSize"u8,
        ViolationCode.ChunkExtensionTooLong => "ChunkExtensionTooLong"u8,
        ViolationCode.BadChunkEnd => "BadChunkEnd"u8,
        ViolationCode.TrailersTooLarge => "TrailersTooLarge"u8,
        ViolationCode.BadTrailer => "BadTrailer"u8,
        ViolationCode.BodyTooLarge => "BodyTooLarge"u8,
        ViolationCode.BadStatusLine => "BadStatusLine"u8,
        ViolationCode.DotSegment => "DotSegment"u8,
        ViolationCode.SuspiciousHeader => "SuspiciousHeader"u8,
        ViolationCode.UnknownExpectation => "UnknownExpectation"u8,
        ViolationCode.MissingUri => "MissingUri"u8,
        ViolationCode.BadPath => "BadPath"u8,
        ViolationCode.MultipleTransferEncodingChunked => "MultipleTransferEncodingChunked"u8,
        ViolationCode.UndefinedTransferEncodingSemantics => "UndefinedTransferEncodingSemantics"u8,
        ViolationCode.UndefinedContentLengthSemantics => "UndefinedContentLengthSemantics"u8,
        ViolationCode.GetHeadZeroContentLength => "GetHeadZeroContentLength"u8,
        ViolationCode.NonCompliantVersion => "NonCompliantVersion"u8,
        ViolationCode.NonCompliantHeader => "NonCompliantHeader"u8,
        ViolationCode.UnderscoreHeader => "UnderscoreHeader"u8,
        ViolationCode.BadProxyHeader => "BadProxyHeader"u8,
        ViolationCode.BadPseudoHeader => "BadPseudoHeader"u8,
        ViolationCode.ConnectionField => "ConnectionField"u8,
        ViolationCode.LengthMismatch => "LengthMismatch"u8,
        _ => "Unknown"u8,
    };
}
