using System.Runtime.CompilerServices;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>Reads an upstream's response head (RFC 9112, 4 to 6 and 9).</summary>
/// <remarks>Stateless and prompt like <see cref="Http1RequestParser"/>, and as strict: an upstream that frames its answers doubtfully is cut off before it can mix up two clients.</remarks>
public static class Http1ResponseParser
{
    private const int StatusEnd = 12; // "HTTP/1.1 200"

    /// <summary>Reads a head from the start of <paramref name="input"/>; interim (1xx) heads are returned like final ones.</summary>
    /// <param name="input">All bytes received since the previous head or body.</param>
    /// <param name="limits">How large it may be; the status line counts as a request line does.</param>
    /// <param name="requestMethod">The method it answers: it decides whether there is a body (RFC 9112, 6.3).</param>
    /// <param name="head">Filled when the result is complete; otherwise its content means nothing.</param>
    [SkipLocalsInit]
    public static ParseResult Parse(ReadOnlySpan<byte> input, in HeadLimits limits, HttpMethod requestMethod, ResponseHead head)
    {
        head.Clear();
        bool lineCut = input.Length >= limits.RequestLine;
        ParseResult result = ParseStatusLine(lineCut ? input[..limits.RequestLine] : input, head);
        if (result.Status == ParseStatus.Incomplete && lineCut) return ParseResult.Broken(ViolationCode.BadStatusLine);
        if (result.Status != ParseStatus.Complete) return result;

        FieldFacts facts = default;
        facts.ContentLength = -1;
        result = FieldLines.Parse(input, result.Consumed, limits, tolerant: false, head.Headers, ref facts, out int end);
        if (result.Status != ParseStatus.Complete) return result;

        ViolationCode wrong = JudgeFraming(requestMethod, head, facts);
        if (wrong != ViolationCode.None) return ParseResult.Broken(wrong);

        head.Headers.TakeBlock(input[..end]);
        return ParseResult.Complete(end);
    }

    /// <summary>Reads "HTTP/1.x SP 3DIGIT [SP reason] CRLF"; the space before a missing reason may be missing too, as many servers have it.</summary>
    private static ParseResult ParseStatusLine(ReadOnlySpan<byte> line, ResponseHead head)
    {
        ReadOnlySpan<byte> form = "HTTP/1.b ddd"u8;
        for (int i = 0; i < StatusEnd; i++)
        {
            if (i == line.Length) return ParseResult.Incomplete;
            bool fits = form[i] switch
            {
                (byte)'b' => line[i] is (byte)'0' or (byte)'1',
                (byte)'d' => char.IsAsciiDigit((char)line[i]),
                _ => line[i] == form[i],
            };
            if (!fits) return ParseResult.Broken(ViolationCode.BadStatusLine);
        }

        int status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
        if (status is < 100 or > 599) return ParseResult.Broken(ViolationCode.BadStatusLine);
        if (line.Length == StatusEnd) return ParseResult.Incomplete;
        if (line[StatusEnd] is not ((byte)' ' or (byte)'\r')) return ParseResult.Broken(ViolationCode.BadStatusLine);

        int reasonLength = line[StatusEnd..].IndexOfAny(Syntax.ControlBytes);
        if (reasonLength < 0) return ParseResult.Incomplete;
        int at = StatusEnd + reasonLength;
        if (line[at] == (byte)'\n') return ParseResult.Broken(ViolationCode.NonCrLfLineTermination);
        if (line[at] != (byte)'\r') return ParseResult.Broken(ViolationCode.BadStatusLine);
        if (at + 1 == line.Length) return ParseResult.Incomplete;
        if (line[at + 1] != (byte)'\n') return ParseResult.Broken(ViolationCode.NonCrLfLineTermination);

        head.Version = (byte)(10 + (line[7] - '0'));
        head.Status = status;
        return ParseResult.Complete(at + 2);
    }

    /// <summary>How the end of the body is found, rule by rule of RFC 9112, 6.3.</summary>
    private static ViolationCode JudgeFraming(HttpMethod requestMethod, ResponseHead head, in FieldFacts facts)
    {
        if (facts.HasChunked)
        {
            if (facts.ContentLength >= 0) return ViolationCode.BothTeClPresent;
            if (head.Version == 10) return ViolationCode.TransferEncodingInHttp10;
        }

        head.ContentLength = facts.ContentLength;
        head.KeepAlive = !facts.SaysClose && (head.Version == 11 || facts.SaysKeepAlive);

        bool never = head.Status is < 200 or 204 || (requestMethod == HttpMethod.Connect && head.Status < 300);
        if (never)
        {
            // Such an answer must not announce a body (RFC 9112, 6.1; RFC 9110, 8.6). Whether one follows nobody can tell.
            if (facts.HasChunked || facts.ContentLength > 0) head.KeepAlive = false;
            return ViolationCode.None;
        }

        if (requestMethod == HttpMethod.Head || head.Status == 304) return ViolationCode.None;
        if (facts.HasChunked)
        {
            head.Framing = BodyFraming.Chunked;
        }
        else if (facts.ContentLength >= 0)
        {
            head.Framing = BodyFraming.Length;
        }
        else
        {
            head.Framing = BodyFraming.UntilClose;
            head.KeepAlive = false;
        }

        return ViolationCode.None;
    }
}
