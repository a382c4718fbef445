using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeProxy.Identity.SigV4;

/// <summary>What a request says of its signature, taken out of its <c>Authorization</c> field or its query (specification security.md 3.1). Nothing of it is verified.</summary>
internal sealed class SignatureClaim
{
    private const string DateFormat = "yyyyMMdd'T'HHmmss'Z'";

    private SignatureClaim()
    {
    }

    public required bool IsPresigned { get; init; }

    public required string AccessKeyId { get; init; }

    /// <summary>The day of the scope, eight characters.</summary>
    public required string Day { get; init; }

    public required string Region { get; init; }

    public required string Service { get; init; }

    public required string Terminator { get; init; }

    /// <summary>Names of fields in lower case, in the order in which the caller gave them.</summary>
    public required string[] SignedHeaders { get; init; }

    /// <summary>32 bytes.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>The moment, as <see cref="AmzDate"/> writes it.</summary>
    public required string Date { get; init; }

    public required DateTimeOffset Moment { get; init; }

    /// <summary>How long it is good for, when presigned; null when it does not say.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Empty for none.</summary>
    public string Token { get; init; } = "";

    /// <summary>Reads the claim.</summary>
    /// <param name="request">The request.</param>
    /// <param name="verdict">What is wrong, when there is no claim.</param>
    public static SignatureClaim? ReadOrNull(ISignedRequest request, out SignatureVerdict verdict)
    {
        Dictionary<string, string> query = Presigned(request.Query);
        string? authorization = FieldOrNull(request, "authorization"u8);
        bool isPresigned = query.ContainsKey("X-Amz-Algorithm") || query.ContainsKey("X-Amz-Signature");
        if (authorization is not null && isPresigned)
        {
            verdict = new SignatureVerdict(SignatureFailure.Incomplete, "The request is signed in a header and in its query. Only one of them is taken.", null);
            return null;
        }

        if (authorization is null && !isPresigned)
        {
            verdict = new SignatureVerdict(SignatureFailure.Missing, "Missing Authentication Token", null);
            return null;
        }

        return isPresigned ? OfQueryOrNull(query, out verdict) : OfHeaderOrNull(request, authorization!, out verdict);
    }

    /// <summary>The value of the only field of a name; null when there is none.</summary>
    public static string? FieldOrNull(ISignedRequest request, ReadOnlySpan<byte> lowerCaseName)
    {
        for (int i = 0; i < request.FieldCount; i++)
        {
            if (Ascii.EqualsIgnoreCase(request.FieldName(i), lowerCaseName)) return Encoding.UTF8.GetString(request.FieldValue(i)).Trim();
        }

        return null;
    }

    private static SignatureClaim? OfHeaderOrNull(ISignedRequest request, string authorization, out SignatureVerdict verdict)
    {
        const string Algorithm = "AWS4-HMAC-SHA256";
        string rest = authorization.StartsWith(Algorithm, StringComparison.Ordinal) ? authorization[Algorithm.Length..] : authorization;
        Dictionary<string, string> parts = new(StringComparer.Ordinal);
        foreach (string part in rest.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                // The value may be a bearer token: it is not repeated.
                string digest = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(authorization)));
                verdict = Incomplete($"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '{digest}'.");
                return null;
            }

            parts[part[..equals]] = part[(equals + 1)..];
        }

        string? date = FieldOrNull(request, "x-amz-date"u8) ?? FieldOrNull(request, "date"u8);
        List<string> missing = [];
        foreach (string name in (string[])["Credential", "Signature", "SignedHeaders"])
        {
            if (!parts.ContainsKey(name)) missing.Add($"Authorization header requires '{name}' parameter.");
        }

        if (date is null) missing.Add("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        if (rest.Length == authorization.Length) missing.Insert(0, "Authorization header requires the algorithm 'AWS4-HMAC-SHA256'.");
        if (missing.Count > 0)
        {
            verdict = Incomplete(string.Join(' ', missing));
            return null;
        }

        return OfPartsOrNull(isPresigned: false, parts["Credential"], date!, parts["SignedHeaders"], parts["Signature"], null, FieldOrNull(request, "x-amz-security-token"u8) ?? "", out verdict);
    }

    private static SignatureClaim? OfQueryOrNull(Dictionary<string, string> query, out SignatureVerdict verdict)
    {
        List<string> missing = [];
        foreach (string name in (string[])["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"])
        {
            if (!query.ContainsKey(name)) missing.Add($"AWS query-string parameters must include '{name}'.");
        }

        if (missing.Count > 0)
        {
            verdict = Incomplete(string.Join(' ', missing));
            return null;
        }

        if (query["X-Amz-Algorithm"] != "AWS4-HMAC-SHA256")
        {
            verdict = Incomplete("The query-string parameter 'X-Amz-Algorithm' must be 'AWS4-HMAC-SHA256'.");
            return null;
        }

        TimeSpan? lifetime = null;
        if (query.TryGetValue("X-Amz-Expires", out string? expires))
        {
            if (!int.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds is < 1 or > 604_800)
            {
                verdict = Incomplete("The query-string parameter 'X-Amz-Expires' must be from 1 to 604800 seconds.");
                return null;
            }

            lifetime = TimeSpan.FromSeconds(seconds);
        }

        return OfPartsOrNull(
            isPresigned: true, query["X-Amz-Credential"], query["X-Amz-Date"], query["X-Amz-SignedHeaders"], query["X-Amz-Signature"], lifetime, query.GetValueOrDefault("X-Amz-Security-Token", ""), out verdict);
    }

    private static SignatureClaim? OfPartsOrNull(bool isPresigned, string credential, string date, string signedHeaders, string signature, TimeSpan? lifetime, string token, out SignatureVerdict verdict)
    {
        // The id of a key has no slash, and four parts follow it.
        string[] scope = credential.Split('/');
        byte[] bytes = new byte[SigningKey.Length];
        verdict = scope switch
        {
            { Length: not 5 } => Incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."),
            _ when !TryReadHex(signature, bytes) => Incomplete("The signature must be 64 hexadecimal digits."),
            _ => default,
        };
        if (!verdict.IsGood) return null;
        if (!TryReadDate(date, out DateTimeOffset moment))
        {
            verdict = Incomplete("Date must be in ISO-8601 'basic format', such as 20150830T123600Z.");
            return null;
        }

        return new SignatureClaim
        {
            IsPresigned = isPresigned,
            AccessKeyId = scope[0],
            Day = scope[1],
            Region = scope[2],
            Service = scope[3],
            Terminator = scope[4],
            SignedHeaders = signedHeaders.Split(';', StringSplitOptions.RemoveEmptyEntries),
            Signature = bytes,
            Date = moment.ToString(DateFormat, CultureInfo.InvariantCulture),
            Moment = moment,
            Lifetime = lifetime,
            Token = token,
        };
    }

    private static bool TryReadDate(string date, out DateTimeOffset moment) =>
        DateTimeOffset.TryParseExact(date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment)
        || DateTimeOffset.TryParseExact(date, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);

    private static bool TryReadHex(string text, byte[] bytes) =>
        text.Length == 2 * bytes.Length && !text.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF") && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;

    private static SignatureVerdict Incomplete(string message) => new(SignatureFailure.Incomplete, message, null);

    // The parameters of a signature, decoded; the first of a name counts.
    private static Dictionary<string, string> Presigned(ReadOnlySpan<byte> query)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (!pair.StartsWith("X-Amz-"u8)) continue;
            int equals = pair.IndexOf((byte)'=');
            if (equals < 0) continue;
            found.TryAdd(Encoding.UTF8.GetString(pair[..equals]), Uri.UnescapeDataString(Encoding.UTF8.GetString(pair[(equals + 1)..])));
        }

        return found;
    }
}
