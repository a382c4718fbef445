using System.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http2;

/// <summary>Judges a decoded request head (RFC 9113, 8.2 and 8.3), and then once more as the HTTP/1.1 request it may become (specification security.md 16).</summary>
/// <remarks>
/// What passes looks like a head that came by HTTP/1.1: one <c>host</c> field, one <c>cookie</c> field, no field that only a
/// connection means. The rules for targets, hosts, lengths and names are those of <see cref="Http1RequestParser"/>, so that a request
/// gets no further over one version than over the other.
/// </remarks>
internal static class RequestRules
{
    private const ulong Judged =
        (1UL << (int)KnownHeader.Connection) | (1UL << (int)KnownHeader.KeepAlive) | (1UL << (int)KnownHeader.ProxyConnection)
        | (1UL << (int)KnownHeader.TransferEncoding) | (1UL << (int)KnownHeader.Upgrade) | (1UL << (int)KnownHeader.TE)
        | (1UL << (int)KnownHeader.Host) | (1UL << (int)KnownHeader.ContentLength) | (1UL << (int)KnownHeader.Expect)
        | (1UL << (int)KnownHeader.Cookie) | (1UL << (int)KnownHeader.Other);

    /// <summary>Whether a violation makes the message malformed, so that its stream is reset without an answer (RFC 9113, 8.1.1).</summary>
    public static bool IsMalformed(ViolationCode code) => code is ViolationCode.BadPseudoHeader or ViolationCode.BadHeaderName
        or ViolationCode.BadHeaderValue or ViolationCode.BadMethod or ViolationCode.ConnectionField or ViolationCode.LengthMismatch
        or ViolationCode.BadContentLength or ViolationCode.MultipleContentLength or ViolationCode.BadTrailer;

    /// <summary>Whether a field belongs to an HTTP/1.1 connection: a message that has it, in its head or its trailers, is malformed (RFC 9113, 8.2.2).</summary>
    public static bool IsConnectionField(KnownHeader known) => known is
        KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.TransferEncoding or KnownHeader.Upgrade;

    /// <summary>Judges a head and fills in what a parser would.</summary>
    /// <param name="head">Its table holds what the decoder found; the rest is filled here.</param>
    /// <param name="pseudo">The pseudo-headers.</param>
    /// <param name="endsHere">Whether END_STREAM came with the head.</param>
    /// <param name="limits">How large it may be, in its HTTP/1.1 form.</param>
    /// <param name="options">How strictly to judge.</param>
    /// <param name="priority">What its <c>priority</c> field said; null without one.</param>
    public static ViolationCode Judge(RequestHead head, in PseudoHeaders pseudo, bool endsHere, in HeadLimits limits, in ParseOptions options, out StreamPriority? priority)
    {
        priority = null;
        head.Version = 20;
        head.KeepAlive = true;
        ViolationCode wrong = JudgePseudo(head, pseudo, limits);
        if (wrong != ViolationCode.None) return wrong;
        wrong = JudgeFields(head, limits, options, endsHere, ref priority);
        if (wrong != ViolationCode.None) return wrong;
        return options.RejectUnderscore && Http1RequestParser.HasUnderscoreTwin(head.Headers.Block, head.Headers) ? ViolationCode.UnderscoreHeader : ViolationCode.None;
    }

    private static ViolationCode JudgePseudo(RequestHead head, in PseudoHeaders pseudo, in HeadLimits limits)
    {
        HeaderTable headers = head.Headers;
        if (!pseudo.Has(PseudoHeader.Method)) return ViolationCode.BadPseudoHeader;
        ReadOnlySpan<byte> method = headers.Slice(pseudo.Method.Start, pseudo.Method.Length);
        if (method.IsEmpty || method.Length > Http1RequestParser.LongestMethod || method.ContainsAnyExcept(Syntax.TokenBytes)) return ViolationCode.BadMethod;
        head.MethodStart = pseudo.Method.Start;
        head.MethodLength = pseudo.Method.Length;
        head.Method = HttpMethods.Find(method);

        if (pseudo.Has(PseudoHeader.Authority))
        {
            head.AuthorityStart = pseudo.Authority.Start;
            head.AuthorityLength = pseudo.Authority.Length;
            ReadOnlySpan<byte> authority = head.Authority;
            if (authority.IsEmpty || !Authority.TryParse(authority, out Authority parsed)) return ViolationCode.BadHost;
            if (head.Method == HttpMethod.Connect && parsed.Port < 0) return ViolationCode.BadUri;
        }

        if (head.Method == HttpMethod.Connect)
        {
            // RFC 9113, 8.5: only the authority names what to connect to.
            if (pseudo.Has(PseudoHeader.Scheme) || pseudo.Has(PseudoHeader.Path) || head.AuthorityLength == 0) return ViolationCode.BadPseudoHeader;
            head.TargetStart = head.AuthorityStart;
            head.TargetLength = head.AuthorityLength;
            return ViolationCode.None;
        }

        if (!pseudo.Has(PseudoHeader.Scheme) || !pseudo.Has(PseudoHeader.Path) || pseudo.Path.Length == 0) return ViolationCode.BadPseudoHeader;
        ReadOnlySpan<byte> scheme = headers.Slice(pseudo.Scheme.Start, pseudo.Scheme.Length);
        if (!Ascii.EqualsIgnoreCase(scheme, "http"u8) && !Ascii.EqualsIgnoreCase(scheme, "https"u8)) return ViolationCode.BadUri;
        return JudgeTarget(head, pseudo.Path, limits);
    }

    private static ViolationCode JudgeTarget(RequestHead head, BlockPart path, in HeadLimits limits)
    {
        head.TargetStart = path.Start;
        head.TargetLength = path.Length;
        ReadOnlySpan<byte> target = head.Target;

        // As a request line: "method SP target SP HTTP/1.1 CRLF".
        if (head.MethodLength + target.Length + 12 > limits.RequestLine) return ViolationCode.UriTooLong;
        if (target.ContainsAnyExcept(Syntax.TargetBytes)) return ViolationCode.BadUri;
        if (target[0] == (byte)'*')
        {
            if (target.Length != 1 || head.Method != HttpMethod.Options) return ViolationCode.BadUri;
        }
        else if (target[0] != (byte)'/')
        {
            return ViolationCode.BadUri;
        }

        int mark = target.IndexOf((byte)'?');
        head.PathStart = path.Start;
        head.PathLength = mark < 0 ? target.Length : mark;
        if (mark < 0) return ViolationCode.None;
        head.QueryStart = path.Start + mark + 1;
        head.QueryLength = target.Length - mark - 1;
        return ViolationCode.None;
    }

    private static ViolationCode JudgeFields(RequestHead head, in HeadLimits limits, in ParseOptions options, bool endsHere, ref StreamPriority? priority)
    {
        HeaderTable headers = head.Headers;
        bool tolerant = options.Desync != DesyncMode.Strict;
        int bytes = 2; // the empty line after the fields
        int cookies = 0;
        int cookieBytes = 0;
        int host = -1;
        for (int i = 0; i < headers.Count; i++)
        {
            bytes += headers[i].NameLength + headers[i].ValueLength + 4;
            KnownHeader known = headers[i].Known;
            if ((Judged & (1UL << (int)known)) == 0) continue;
            switch (known)
            {
                case var field when IsConnectionField(field):
                    return ViolationCode.ConnectionField;

                case KnownHeader.TE:
                    if (!Ascii.EqualsIgnoreCase(headers.Value(i), "trailers"u8)) return ViolationCode.ConnectionField;
                    break;

                case KnownHeader.Host:
                    if (host >= 0) return ViolationCode.MultipleHost;
                    host = i;
                    break;

                case KnownHeader.ContentLength:
                    ViolationCode wrong = NoteLength(head, headers.Value(i), tolerant);
                    if (wrong != ViolationCode.None) return wrong;
                    break;

                case KnownHeader.Expect:
                    if (Ascii.EqualsIgnoreCase(headers.Value(i), "100-continue"u8)) head.ExpectsContinue = !endsHere;
                    else if (headers[i].ValueLength > 0) return ViolationCode.UnknownExpectation;
                    break;

                case KnownHeader.Cookie:
                    cookies++;
                    cookieBytes += headers[i].ValueLength;
                    break;

                default:
                    if (headers[i].NameLength == 8 && headers.Name(i).SequenceEqual("priority"u8))
                    {
                        priority = StreamPriority.Parse(headers.Value(i));
                    }
                    else if (headers[i].NameLength >= LookAlikes.ShortestName && LookAlikes.IsFramingField(headers.Name(i)))
                    {
                        if (!tolerant) return ViolationCode.SuspiciousHeader;
                        Doubt(head, DesyncTier.Ambiguous, ViolationCode.SuspiciousHeader);
                    }

                    break;
            }
        }

        if (bytes > limits.HeadBytes) return ViolationCode.HeadTooLarge;
        ViolationCode violation = JudgeHost(head, host);
        if (violation == ViolationCode.None) violation = JudgeFraming(head, options, endsHere);
        if (violation == ViolationCode.None && cookies > 1) JoinCookies(headers, cookieBytes + ((cookies - 1) * 2));
        return violation;
    }

    private static ViolationCode NoteLength(RequestHead head, ReadOnlySpan<byte> value, bool tolerant)
    {
        if (!FieldLines.TryParseLength(value, out long length)) return ViolationCode.BadContentLength;
        if (head.ContentLength >= 0)
        {
            if (head.ContentLength != length) return ViolationCode.MultipleContentLength;
            if (!tolerant) return ViolationCode.DuplicateContentLength;
            Doubt(head, DesyncTier.Ambiguous, ViolationCode.DuplicateContentLength);
        }

        head.ContentLength = length;
        return ViolationCode.None;
    }

    // RFC 9113, 8.3.1: a host field beside :authority has to say the same; behind the gateway both are one field.
    private static ViolationCode JudgeHost(RequestHead head, int host)
    {
        HeaderTable headers = head.Headers;
        if (host < 0)
        {
            if (head.AuthorityLength == 0) return ViolationCode.MissingHost;
            int name = headers.Append("host"u8);
            headers.AddAt(name, 4, head.AuthorityStart, head.AuthorityLength, KnownHeader.Host);
            return ViolationCode.None;
        }

        ReadOnlySpan<byte> value = headers.Value(host);
        if (value.IsEmpty || !Authority.TryParse(value, out _)) return ViolationCode.BadHost;
        if (head.AuthorityLength > 0) return Authority.AreEqual(value, head.Authority) ? ViolationCode.None : ViolationCode.HostMismatch;
        head.AuthorityStart = headers[host].ValueStart;
        head.AuthorityLength = headers[host].ValueLength;
        return ViolationCode.None;
    }

    private static ViolationCode JudgeFraming(RequestHead head, in ParseOptions options, bool endsHere)
    {
        bool bodyless = head.Method is HttpMethod.Get or HttpMethod.Head;
        if (head.ContentLength >= 0)
        {
            if (endsHere && head.ContentLength > 0) return ViolationCode.LengthMismatch;
            head.Framing = BodyFraming.Length;
            if (!bodyless || options.Desync == DesyncMode.Strict) return ViolationCode.None;
            if (head.ContentLength == 0) Doubt(head, DesyncTier.Acceptable, ViolationCode.GetHeadZeroContentLength);
            else Doubt(head, DesyncTier.Ambiguous, ViolationCode.UndefinedContentLengthSemantics);
            return ViolationCode.None;
        }

        if (endsHere) return ViolationCode.None;

        // What follows has no length: an HTTP/1.1 upstream would see a chunked body.
        head.Framing = BodyFraming.Chunked;
        if (!bodyless) return ViolationCode.None;
        if (options.Desync == DesyncMode.Strict) return ViolationCode.UndefinedTransferEncodingSemantics;
        Doubt(head, DesyncTier.Ambiguous, ViolationCode.UndefinedTransferEncodingSemantics);
        return ViolationCode.None;
    }

    /// <summary>Cookies may come in pieces, one field each, so that they compress better; everyone behind expects one field (RFC 9113, 8.2.3).</summary>
    private static void JoinCookies(HeaderTable headers, int length)
    {
        Span<byte> joined = headers.Room(length);
        int start = headers.BlockLength;
        int at = 0;
        int name = 0;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != KnownHeader.Cookie) continue;
            if (at > 0)
            {
                "; "u8.CopyTo(joined[at..]);
                at += 2;
            }

            headers.Value(i).CopyTo(joined[at..]);
            at += headers[i].ValueLength;
            name = headers[i].NameStart;
            headers.RemoveAt(i--);
        }

        headers.SetBlockLength(start + length);
        headers.AddAt(name, "cookie"u8.Length, start, length, KnownHeader.Cookie);
    }

    private static void Doubt(RequestHead head, DesyncTier tier, ViolationCode reason)
    {
        if (tier <= head.Tier) return;
        head.Tier = tier;
        head.Reason = reason;
    }
}
