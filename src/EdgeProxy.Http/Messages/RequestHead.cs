namespace EdgeProxy.Http.Messages;

/// <summary>A request's head, version-neutral: the request line in offsets into <see cref="Headers"/>' block, and what was read out of the fields.</summary>
public sealed class RequestHead
{
    /// <summary>The field lines and the block that all offsets of this head point into.</summary>
    public HeaderTable Headers { get; } = new();

    public HttpMethod Method { get; set; }

    /// <summary>10 or 11 for HTTP/1.x, 20 for HTTP/2.</summary>
    public byte Version { get; set; }

    public BodyFraming Framing { get; set; }

    /// <summary>The declared length, or -1.</summary>
    public long ContentLength { get; set; }

    /// <summary>Whether a body follows, as far as the head says: one in chunks may still be empty.</summary>
    public bool HasBody => Framing == BodyFraming.Length ? ContentLength != 0 : Framing != BodyFraming.None;

    /// <summary>Whether the client lets the connection be used again (RFC 9112, 9.3).</summary>
    public bool KeepAlive { get; set; }

    /// <summary>Whether the client waits for 100 (Continue) before it sends the body (RFC 9110, 10.1.1).</summary>
    public bool ExpectsContinue { get; set; }

    /// <summary>Whether an Upgrade field named in Connection came with the request.</summary>
    public bool WantsUpgrade { get; set; }

    /// <summary>How doubtful the request was; beyond <see cref="DesyncTier.Compliant"/> only where <c>desync.mode</c> tolerates it.</summary>
    public DesyncTier Tier { get; set; }

    /// <summary>Why <see cref="Tier"/> is not compliant: a label of <c>edgeproxy_desync_total</c>.</summary>
    public ViolationCode Reason { get; set; }

    public int MethodStart;
    public int MethodLength;
    public int TargetStart;
    public int TargetLength;
    public int PathStart;
    public int PathLength;
    public int QueryStart;
    public int QueryLength;
    public int AuthorityStart;
    public int AuthorityLength;

    /// <summary>The method as sent; case matters (RFC 9110, 9.1).</summary>
    public ReadOnlySpan<byte> MethodText => Headers.Slice(MethodStart, MethodLength);

    /// <summary>The request target as sent.</summary>
    public ReadOnlySpan<byte> Target => Headers.Slice(TargetStart, TargetLength);

    /// <summary>The raw path, never decoded, without the query; "*" for the asterisk form, "/" when an absolute form had none.</summary>
    public ReadOnlySpan<byte> Path => Headers.Slice(PathStart, PathLength);

    /// <summary>The raw query without its question mark; empty when there is none.</summary>
    public ReadOnlySpan<byte> Query => Headers.Slice(QueryStart, QueryLength);

    /// <summary>Host and port as sent: from the absolute form, else from Host (RFC 9112, 3.2.2); empty for HTTP/1.0 without Host.</summary>
    public ReadOnlySpan<byte> Authority => Headers.Slice(AuthorityStart, AuthorityLength);

    /// <summary>Makes the head ready for the next request.</summary>
    public void Clear()
    {
        Headers.Clear();
        Method = HttpMethod.Other;
        Version = 0;
        Framing = BodyFraming.None;
        ContentLength = -1;
        KeepAlive = false;
        ExpectsContinue = false;
        WantsUpgrade = false;
        Tier = DesyncTier.Compliant;
        Reason = ViolationCode.None;
        MethodStart = MethodLength = TargetStart = TargetLength = PathStart = PathLength = 0;
        QueryStart = QueryLength = AuthorityStart = AuthorityLength = 0;
    }
}
