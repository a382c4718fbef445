using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What the <c>jwtConfiguration</c> of an authorizer must be (security.md 8.4, control-plane.md 9). Its texts are ours: the service's are not known.</summary>
internal static class JwtRules
{
    private static readonly string[] s_algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly string[] s_formats = ["single-string", "string-array", "space-separated-values"];

    /// <summary>What is wrong; null for nothing. Sure of no type: an update brings it as a text.</summary>
    /// <param name="configuration">The member.</param>
    /// <param name="limits">How many issuers, and audiences of each, there may be.</param>
    public static Reply? Check(WireValue? configuration, ManagementLimits limits)
    {
        if (configuration is not { IsObject: true }) return Wrong("must be an object");
        if (!Texts(configuration, "defaultAlgorithms", out IReadOnlyList<string> algorithms) || algorithms.Count == 0) return Wrong("must have defaultAlgorithms");
        foreach (string algorithm in algorithms)
        {
            if (Array.IndexOf(s_algorithms, algorithm) < 0) return RestLookup.NotOneOf("defaultAlgorithms", s_algorithms);
        }

        int most = limits.JwtAudiences;
        if (configuration["issuers"] is not { IsList: true, Items: { Count: > 0 } issuers }) return Wrong($"must have 1 to {most} issuers");
        if (issuers.Count > most) return TooMany(most, "issuers");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (WireValue issuer in issuers)
        {
            if (CheckIssuer(issuer, names, most) is { } wrong) return wrong;
        }

        return null;
    }

    private static Reply? CheckIssuer(WireValue issuer, HashSet<string> names, int most)
    {
        if (!issuer.IsObject || issuer.TextOf("issuer") is not { } url || !IsIssuer(url)) return Wrong("has an issuer that is no https URL without query and fragment");
        if (!names.Add(url)) return Wrong("has an issuer twice");
        if (issuer["jwksUri"] is not null) return Wrong("has a jwksUri, which is part of answers only");
        if (!Texts(issuer, "audiences", out IReadOnlyList<string> audiences) || audiences.Count == 0) return Wrong($"must have 1 to {most} audiences for each issuer");
        if (audiences.Count > most) return TooMany(most, "audiences for each issuer");
        if (issuer["additionalClaims"] is not { } claims) return null;
        if (!claims.IsList) return Wrong("has additionalClaims that are no list");
        foreach (WireValue claim in claims.Items)
        {
            if (!claim.IsObject || claim.TextOf("claimName") is not { Length: > 0 }) return Wrong("has an additional claim without claimName");
            string format = (claim.TextOf("format") ?? "").Replace('_', '-');
            if (!Array.Exists(s_formats, known => known.Equals(format, StringComparison.OrdinalIgnoreCase))) return RestLookup.NotOneOf("format", s_formats);
            if (claim["expectedValues"] is not null && !Texts(claim, "expectedValues", out _)) return Wrong("has expectedValues that are no list of texts");
            if (claim["required"] is { Kind: not WireKind.Boolean }) return Wrong("has a required that is no boolean");
        }

        return null;
    }

    private static bool IsIssuer(string url) =>
        url.StartsWith("https://", StringComparison.Ordinal) && Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0 && url.AsSpan().IndexOfAny('?', '#') < 0;

    private static bool Texts(WireValue value, string name, out IReadOnlyList<string> texts)
    {
        texts = [];
        if (value[name] is not { IsList: true } list) return false;
        foreach (WireValue item in list.Items)
        {
            if (!item.IsText || item.Text.Length == 0) return false;
        }

        texts = value.TextsOf(name);
        return true;
    }

    private static Reply TooMany(int most, string what) => Wrong($"must have 1 to {most} {what}").Meeting(LimitNames.JwtAudiences);

    private static Reply Wrong(string what) => Reply.BadRequest($"Invalid jwtConfiguration specified: it {what}");
}
