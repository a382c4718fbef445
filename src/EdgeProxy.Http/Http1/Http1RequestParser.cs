using System.Runtime.CompilerServices;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>Reads a request head (RFC 9112, 2 to 6 and 9) as strictly as architecture.md 5 wants it.</summary>
/// <remarks>
/// Stateless: it is given everything received so far and starts anew each time, which is cheaper than to keep a state for the
/// rare head that comes in pieces. A violation is reported at the first byte that makes it certain. Never throws, never allocates
/// once the head's table has grown to its working size.
/// </remarks>
public static class Http1RequestParser
{
    /// <summary>No registered method is half as long.</summary>
    public const int LongestMethod = 32;

    private const int VersionLength = 8;

    /// <summary>Reads a head from the start of <paramref name="input"/>.</summary>
    /// <param name="input">All bytes received since the previous message; may go on beyond the head.</param>
    /// <param name="limits">How large it may be.</param>
    /// <param name="options">How strictly to read.</param>
    /// <param name="head">Filled when the result is complete; otherwise its content means nothing.</param>
    [SkipLocalsInit]
    public static ParseResult Parse(ReadOnlySpan<byte> input, in HeadLimits limits, in ParseOptions options, RequestHead head)
    {
        head.Clear();
        bool tolerant = options.Desync != DesyncMode.Strict;
        int at = 0;
        if (!input.IsEmpty && input[0] == (byte)'\r')
        {
            // One empty line before the request line is taken: some clients end a body with a line end too many (RFC 9112, 2.2).
            if (input.Length < 2) return ParseResult.Incomplete;
            if (input[1] != (byte)'\n') return ParseResult.Broken(ViolationCode.NonCrLfLineTermination);
            at = 2;
        }

        FieldFacts facts = default;
        facts.ContentLength = -1;

        bool lineCut = input.Length - at >= limits.RequestLine;
        ReadOnlySpan<byte> line = lineCut ? input.Slice(at, limits.RequestLine) : input[at..];
        ParseResult result = ParseRequestLine(line, at, tolerant, head, ref facts);
        if (result.Status == ParseStatus.Incomplete && lineCut) return ParseResult.Broken(ViolationCode.UriTooLong);
        if (result.Status != ParseStatus.Complete) return result;

        ViolationCode wrong = SplitTarget(input, head);
        if (wrong != ViolationCode.None) return ParseResult.Broken(wrong);

        result = FieldLines.Parse(input, at + result.Consumed, limits, tolerant, head.Headers, ref facts, out int end);
        if (result.Status != ParseStatus.Complete) return result;

        wrong = Judge(input, options, head, ref facts);
        if (wrong != ViolationCode.None) return ParseResult.Broken(wrong);

        head.Headers.TakeBlock(input[..end]);
        if (head.PathLength == 0 && head.Method != HttpMethod.Connect)
        {
            head.PathStart = head.Headers.Append("/"u8);
            head.PathLength = 1;
        }

        if (facts.HasFolds) FieldLines.BlankFolds(head.Headers);
        return ParseResult.Complete(end);
    }

    /// <summary>Reads "method SP target SP version CRLF" (RFC 9112, 3).</summary>
    private static ParseResult ParseRequestLine(ReadOnlySpan<byte> line, int offset, bool tolerant, RequestHead head, ref FieldFacts facts)
    {
        int methodLength = FieldScan.TokenLength(line);
        if (methodLength < 0)
        {
            return line.Length > LongestMethod ? ParseResult.Broken(ViolationCode.BadMethod) : ParseResult.Incomplete;
        }

        if (methodLength is 0 or > LongestMethod) return ParseResult.Broken(ViolationCode.BadMethod);
        if (line[methodLength] != (byte)' ')
        {
            return ParseResult.Broken(line[methodLength] is (byte)'\r' or (byte)'\n' ? ViolationCode.MissingUri : ViolationCode.BadMethod);
        }

        head.MethodStart = offset;
        head.MethodLength = methodLength;
        head.Method = HttpMethods.Find(line[..methodLength]);

        int targetStart = methodLength + 1;
        ReadOnlySpan<byte> rest = line[targetStart..];
        int targetLength = rest.IndexOfAnyExcept(Syntax.TargetBytes);
        if (targetLength < 0) return ParseResult.Incomplete;
        if (rest[targetLength] != (byte)' ')
        {
            return ParseResult.Broken(rest[targetLength] is (byte)'\r' or (byte)'\n' ? ViolationCode.BadVersion : ViolationCode.BadUri);
        }

        if (targetLength == 0) return ParseResult.Broken(ViolationCode.MissingUri);
        head.TargetStart = offset + targetStart;
        head.TargetLength = targetLength;

        int versionStart = targetLength + 1;
        ParseResult version = ParseVersion(rest[versionStart..], tolerant, head, ref facts);
        return version.Status == ParseStatus.Complete ? ParseResult.Complete(targetStart + versionStart + version.Consumed) : version;
    }

    /// <summary>Reads "HTTP/1.x" and the line end.</summary>
    private static ParseResult ParseVersion(ReadOnlySpan<byte> rest, bool tolerant, RequestHead head, ref FieldFacts facts)
    {
        if (rest.Length >= VersionLength + 2 && rest.StartsWith("HTTP/1.1\r\n"u8))
        {
            head.Version = 11;
            return ParseResult.Complete(VersionLength + 2);
        }

        ReadOnlySpan<byte> form = "HTTP/d.d"u8;
        for (int i = 0; i < VersionLength; i++)
        {
            if (i == rest.Length) return ParseResult.Incomplete;
            if (form[i] == (byte)'d' ? !char.IsAsciiDigit((char)rest[i]) : rest[i] != form[i]) return ParseResult.Broken(ViolationCode.BadVersion);
        }

        // The version is judged once its line has ended, because "HTTP/2.0x" is not a version at all.
        if (rest.Length == VersionLength) return ParseResult.Incomplete;
        int lineEnd;
        if (rest[VersionLength] == (byte)'\n')
        {
            if (!tolerant) return ParseResult.Broken(ViolationCode.NonCrLfLineTermination);
            facts.Doubt(DesyncTier.Acceptable, ViolationCode.NonCrLfLineTermination);
            lineEnd = VersionLength + 1;
        }
        else
        {
            if (rest[VersionLength] != (byte)'\r') return ParseResult.Broken(ViolationCode.BadVersion);
            if (rest.Length == VersionLength + 1) return ParseResult.Incomplete;
            if (rest[VersionLength + 1] != (byte)'\n') return ParseResult.Broken(ViolationCode.NonCrLfLineTermination);
            lineEnd = VersionLength + 2;
        }

        int major = rest[5] - '0';
        int minor = rest[7] - '0';
        if (major > 1) return ParseResult.Broken(ViolationCode.UnsupportedVersion);
        if (major < 1) return ParseResult.Broken(ViolationCode.BadVersion);
        if (minor > 1)
        {
            if (!tolerant) return ParseResult.Broken(ViolationCode.BadVersion);
            facts.Doubt(DesyncTier.Acceptable, ViolationCode.NonCompliantVersion);
            minor = 1;
        }

        head.Version = (byte)(10 + minor);
        return ParseResult.Complete(lineEnd);
    }

    /// <summary>Tells the four forms of a target apart (RFC 9112, 3.2) and finds path, query and authority in it.</summary>
    private static ViolationCode SplitTarget(ReadOnlySpan<byte> input, RequestHead head)
    {
        ReadOnlySpan<byte> target = input.Slice(head.TargetStart, head.TargetLength);
        if (head.Method == HttpMethod.Connect)
        {
            if (!Authority.TryParse(target, out Authority tunnel) || tunnel.Port < 0) return ViolationCode.BadUri;
            head.AuthorityStart = head.TargetStart;
            head.AuthorityLength = head.TargetLength;
            return ViolationCode.None;
        }

        if (target[0] == (byte)'/')
        {
            SplitQuery(target, head.TargetStart, head);
            return ViolationCode.None;
        }

        if (target[0] == (byte)'*')
        {
            if (target.Length != 1 || head.Method != HttpMethod.Options) return ViolationCode.BadUri;
            head.PathStart = head.TargetStart;
            head.PathLength = 1;
            return ViolationCode.None;
        }

        return SplitAbsolute(target, head);
    }

    private static ViolationCode SplitAbsolute(ReadOnlySpan<byte> target, RequestHead head)
    {
        int scheme;
        if (StartsWithIgnoreCase(target, "http://"u8)) scheme = 7;
        else if (StartsWithIgnoreCase(target, "https://"u8)) scheme = 8;
        else return ViolationCode.BadUri;

        ReadOnlySpan<byte> rest = target[scheme..];
        int length = rest.IndexOfAny((byte)'/', (byte)'?');
        if (length < 0) length = rest.Length;
        if (length == 0 || !Authority.TryParse(rest[..length], out _)) return ViolationCode.BadUri;

        head.AuthorityStart = head.TargetStart + scheme;
        head.AuthorityLength = length;
        SplitQuery(rest[length..], head.AuthorityStart + length, head);
        return ViolationCode.None;
    }

    private static void SplitQuery(ReadOnlySpan<byte> pathAndQuery, int offset, RequestHead head)
    {
        int mark = pathAndQuery.IndexOf((byte)'?');
        head.PathStart = offset;
        head.PathLength = mark < 0 ? pathAndQuery.Length : mark;
        if (mark < 0) return;
        head.QueryStart = offset + mark + 1;
        head.QueryLength = pathAndQuery.Length - mark - 1;
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && System.Text.Ascii.EqualsIgnoreCase(text[..start.Length], start);

    /// <summary>The rules that need the whole head: host, framing, expectation, persistence.</summary>
    private static ViolationCode Judge(ReadOnlySpan<byte> input, in ParseOptions options, RequestHead head, ref FieldFacts facts)
    {
        ViolationCode wrong = JudgeHost(input, head, facts);
        if (wrong == ViolationCode.None) wrong = JudgeFraming(options, head, ref facts);
        if (wrong != ViolationCode.None) return wrong;
        if (options.RejectUnderscore && HasUnderscoreTwin(input, head.Headers)) return ViolationCode.UnderscoreHeader;

        bool current = head.Version == 11;
        if (facts.ExpectsOther) return ViolationCode.UnknownExpectation;
        head.ExpectsContinue = facts.ExpectsContinue && current && head.Framing != BodyFraming.None && head.ContentLength != 0;

        // No tunnel is ever opened. Behind a refused CONNECT its client may already have sent what is meant for the tunnel's other end,
        // chosen by somebody else perhaps, and to read that as a request would be to let it be smuggled.
        head.KeepAlive = !facts.SaysClose && (current || facts.SaysKeepAlive) && head.Method != HttpMethod.Connect;
        head.WantsUpgrade = facts.HasUpgrade && facts.NamesUpgrade && current;
        head.Tier = facts.Tier;
        head.Reason = facts.Reason;
        if (facts.Tier == DesyncTier.Ambiguous && options.Desync == DesyncMode.Defensive) head.KeepAlive = false;
        return ViolationCode.None;
    }

    private static ViolationCode JudgeHost(ReadOnlySpan<byte> input, RequestHead head, in FieldFacts facts)
    {
        if (!facts.HasHost) return head.Version == 10 ? ViolationCode.None : ViolationCode.MissingHost;

        ReadOnlySpan<byte> host = input.Slice(facts.HostStart, facts.HostLength);
        if (!Authority.TryParse(host, out _)) return ViolationCode.BadHost;
        if (head.AuthorityLength == 0)
        {
            head.AuthorityStart = facts.HostStart;
            head.AuthorityLength = facts.HostLength;
            return ViolationCode.None;
        }

        return Authority.AreEqual(host, input.Slice(head.AuthorityStart, head.AuthorityLength)) ? ViolationCode.None : ViolationCode.HostMismatch;
    }

    private static ViolationCode JudgeFraming(in ParseOptions options, RequestHead head, ref FieldFacts facts)
    {
        bool bodyless = head.Method is HttpMethod.Get or HttpMethod.Head;
        if (facts.HasChunked)
        {
            if (facts.ContentLength >= 0) return ViolationCode.BothTeClPresent;
            if (head.Version == 10) return ViolationCode.TransferEncodingInHttp10;
            if (bodyless)
            {
                if (options.Desync == DesyncMode.Strict) return ViolationCode.UndefinedTransferEncodingSemantics;
                facts.Doubt(DesyncTier.Ambiguous, ViolationCode.UndefinedTransferEncodingSemantics);
            }

            head.Framing = BodyFraming.Chunked;
            return ViolationCode.None;
        }

        if (facts.ContentLength < 0) return ViolationCode.None;

        // A length on GET or HEAD passes everywhere (architecture.md 5); only the opt-in modes count it.
        if (bodyless && options.Desync != DesyncMode.Strict)
        {
            if (facts.ContentLength == 0) facts.Doubt(DesyncTier.Acceptable, ViolationCode.GetHeadZeroContentLength);
            else facts.Doubt(DesyncTier.Ambiguous, ViolationCode.UndefinedContentLengthSemantics);
        }

        head.Framing = BodyFraming.Length;
        head.ContentLength = facts.ContentLength;
        return ViolationCode.None;
    }

    internal static bool HasUnderscoreTwin(ReadOnlySpan<byte> input, HeaderTable headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            ReadOnlySpan<byte> name = input.Slice(headers[i].NameStart, headers[i].NameLength);
            if (!name.Contains((byte)'_')) continue;
            for (int j = 0; j < headers.Count; j++)
            {
                ReadOnlySpan<byte> other = input.Slice(headers[j].NameStart, headers[j].NameLength);
                if (!other.Contains((byte)'_') && AreTwins(name, other)) return true;
            }
        }

        return false;
    }

    private static bool AreTwins(ReadOnlySpan<byte> underscored, ReadOnlySpan<byte> hyphened)
    {
        if (underscored.Length != hyphened.Length) return false;
        for (int i = 0; i < underscored.Length; i++)
        {
            byte expected = underscored[i] == (byte)'_' ? (byte)'-' : underscored[i];
            if (expected != hyphened[i] && (!char.IsAsciiLetter((char)expected) || (expected | 0x20) != (hyphened[i] | 0x20))) return false;
        }

        return true;
    }
}
