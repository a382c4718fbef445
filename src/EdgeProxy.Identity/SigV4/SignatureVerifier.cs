using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeProxy.Identity.SigV4;

/// <summary>Judges the signatures of requests, in two steps, because the second needs the body (specification security.md 3).</summary>
/// <remarks>
/// <see cref="Begin"/> says what is wrong without the body, so that nobody's body is read who has no key; <see cref="End"/> compares. One thread; other requests may begin and end meanwhile.
/// Allocates: it is for management, where a request does much more than be verified.
/// </remarks>
public sealed class SignatureVerifier
{
    private const string Terminator = "aws4_request";

    private const string Mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

    private readonly CanonicalRequest _canonical = new();

    /// <summary>Judges all but the signature itself.</summary>
    /// <param name="request">The request.</param>
    /// <param name="keys">Those that are accepted.</param>
    /// <param name="rules">What it has to be for.</param>
    /// <param name="now">The time.</param>
    /// <param name="pending">For <see cref="End"/>, which is to follow when it is good so far.</param>
    public SignatureVerdict Begin(ISignedRequest request, AccessKeys keys, SignatureRules rules, DateTimeOffset now, out PendingSignature? pending)
    {
        pending = null;
        if (SignatureClaim.ReadOrNull(request, out SignatureVerdict verdict) is not { } claim) return verdict;
        if (WrongScopeOrNull(claim, rules) is { } wrongScope) return Invalid(wrongScope);
        if (WrongTimeOrNull(claim, rules, now) is { } wrongTime) return Invalid(wrongTime);
        if (UnsignedOrNull(request, claim) is { } unsigned) return Invalid(unsigned);
        AccessKey? key = keys.FindOrNull(claim.AccessKeyId);
        if (key is null || !key.HasToken(Encoding.UTF8.GetBytes(claim.Token))) return new SignatureVerdict(SignatureFailure.UnknownKey, "The security token included in the request is invalid.", null);
        if (key.Expiration <= now) return new SignatureVerdict(SignatureFailure.KeyExpired, "The security token included in the request is expired", null);
        pending = new PendingSignature(claim, key, rules);
        return new SignatureVerdict(SignatureFailure.None, "", key);
    }

    /// <summary>Compares the signature.</summary>
    /// <param name="pending">What <see cref="Begin"/> gave.</param>
    /// <param name="request">The same.</param>
    /// <param name="body">The whole body.</param>
    public SignatureVerdict End(PendingSignature pending, ISignedRequest request, ReadOnlySpan<byte> body)
    {
        (SignatureClaim claim, AccessKey key, SignatureRules rules) = pending;
        Span<byte> hash = stackalloc byte[Signature.HexLength];
        Signature.WriteHash(body, hash);
        string? declared = SignatureClaim.FieldOrNull(request, "x-amz-content-sha256"u8);
        if (declared is not null && !Ascii.EqualsIgnoreCase(declared, hash)) return Invalid("The value of 'X-Amz-Content-SHA256' is not the SHA-256 of the request's body.");

        // What may have been signed: the query as it came, with a plus sign for a blank, without a token that was added afterwards.
        byte[] query = request.Query.ToArray();
        if (Matches(request, pending, query, hash)) return Good(key);
        string mismatch = rules.ExplainsMismatch ? MismatchOf(claim) : Mismatch;
        if (query.AsSpan().Contains((byte)'+') && Matches(request, pending, WithBlanks(query), hash)) return Good(key);
        if (claim.IsPresigned && claim.Token.Length > 0 && Matches(request, pending, WithoutToken(query), hash)) return Good(key);
        return Invalid(mismatch);
    }

    private static SignatureVerdict Good(AccessKey key) => new(SignatureFailure.None, "", key);

    private static SignatureVerdict Invalid(string message) => new(SignatureFailure.Invalid, message, null);

    private static string? WrongScopeOrNull(SignatureClaim claim, SignatureRules rules)
    {
        if (claim.Terminator != Terminator) return $"Credential should be scoped with a valid terminator: '{Terminator}'";
        if (claim.Service != rules.Service) return $"Credential should be scoped to correct service: '{rules.Service}'.";
        if (rules.Region is not null && claim.Region != rules.Region) return $"Credential should be scoped to a valid Region, not '{claim.Region}'";
        return claim.Date.StartsWith(claim.Day, StringComparison.Ordinal) && claim.Day.Length == AmzDate.DayLength
            ? null
            : $"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{claim.Day}' != '{claim.Date[..AmzDate.DayLength]}', from '{claim.Date}'.";
    }

    private static string? WrongTimeOrNull(SignatureClaim claim, SignatureRules rules, DateTimeOffset now)
    {
        string skew = rules.Skew.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture);
        if (claim.Moment > now + rules.Skew) return $"Signature not yet current: {claim.Date} is still later than {Text(now + rules.Skew)} ({Text(now)} + {skew} min.)";
        if (claim.Lifetime is { } lifetime) return claim.Moment + lifetime < now ? $"Signature expired: {Text(claim.Moment + lifetime)} is now earlier than {Text(now)}" : null;
        return claim.Moment < now - rules.Skew ? $"Signature expired: {claim.Date} is now earlier than {Text(now - rules.Skew)} ({Text(now)} - {skew} min.)" : null;
    }

    // Host, and whatever speaks to AWS, has to be covered; the session token may be added afterwards (specification security.md 3.2).
    private static string? UnsignedOrNull(ISignedRequest request, SignatureClaim claim)
    {
        if (!claim.SignedHeaders.Contains("host", StringComparer.Ordinal)) return "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
        for (int i = 0; i < request.FieldCount; i++)
        {
            string name = Encoding.ASCII.GetString(request.FieldName(i)).ToLowerInvariant();
            if (!name.StartsWith("x-amz-", StringComparison.Ordinal) || name == "x-amz-security-token" || claim.SignedHeaders.Contains(name, StringComparer.Ordinal)) continue;
            return $"'{name}' must be a 'SignedHeader' in the AWS Authorization.";
        }

        return null;
    }

    private static string Text(DateTimeOffset moment)
    {
        byte[] text = new byte[AmzDate.Length];
        AmzDate.Write(moment, text);
        return Encoding.ASCII.GetString(text);
    }

    private static byte[] WithBlanks(byte[] query)
    {
        var writer = new CanonicalBuffer();
        foreach (byte letter in query)
        {
            if (letter == (byte)'+') writer.Write("%20"u8);
            else writer.Write(letter);
        }

        return writer.Written.ToArray();
    }

    private static byte[] WithoutToken(byte[] query)
    {
        var writer = new CanonicalBuffer();
        ReadOnlySpan<byte> rest = query;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (pair.StartsWith("X-Amz-Security-Token="u8)) continue;
            if (writer.Length > 0) writer.Write((byte)'&');
            writer.Write(pair);
        }

        return writer.Written.ToArray();
    }

    private bool Matches(ISignedRequest request, PendingSignature pending, ReadOnlySpan<byte> query, ReadOnlySpan<byte> hash)
    {
        (SignatureClaim claim, AccessKey key, SignatureRules rules) = pending;
        _canonical.Begin(request.Method, request.Path, query, rules.Path);
        for (int i = 0; i < request.FieldCount; i++)
        {
            if (IsSigned(request.FieldName(i), claim)) _canonical.AddHeader(request.FieldName(i), request.FieldValue(i));
        }

        _canonical.End(hash);
        Span<byte> signature = stackalloc byte[SigningKey.Length];
        HMACSHA256.HashData(key.KeyOf(Encoding.UTF8.GetBytes(claim.Day), Encoding.UTF8.GetBytes(claim.Region), Encoding.UTF8.GetBytes(claim.Service)), StringToSign(claim), signature);
        return CryptographicOperations.FixedTimeEquals(signature, claim.Signature);
    }

    private static bool IsSigned(ReadOnlySpan<byte> name, SignatureClaim claim)
    {
        foreach (string signed in claim.SignedHeaders)
        {
            if (Ascii.EqualsIgnoreCase(name, signed)) return true;
        }

        return false;
    }

    private byte[] StringToSign(SignatureClaim claim)
    {
        Span<byte> hash = stackalloc byte[Signature.HexLength];
        Signature.WriteHash(_canonical.Text, hash);
        return Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{claim.Date}\n{claim.Day}/{claim.Region}/{claim.Service}/{Terminator}\n{Encoding.ASCII.GetString(hash)}");
    }

    private string MismatchOf(SignatureClaim claim) =>
        $"{Mismatch}\n\nThe Canonical String for this request should have been\n'{Encoding.UTF8.GetString(_canonical.Text)}'\n\nThe String-to-Sign should have been\n'{Encoding.UTF8.GetString(StringToSign(claim))}'\n";
}
