using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.Domains;

/// <summary>What a domain name has to be, however it was made (control-plane.md 3.5), and what the node adds to it.</summary>
internal static class DomainRules
{
    private const string DistributionZone = "Z2FDTNDATAQYW2";
    private const string RegionalZone = "Z1UJRXOUMOOFQ8";

    public static Reply NotForHttp { get; } = Reply.BadRequest("Only REGIONAL domain names with the security policy TLS_1_2 can be mapped to HTTP and WebSocket APIs.");

    public static Reply NotForLevels { get; } = Reply.BadRequest("API mapping keys with several levels need a REGIONAL domain name with the security policy TLS_1_2.");

    /// <summary>What is wrong with a domain name as it is now; null for nothing.</summary>
    public static Reply? Check(WireValue domain)
    {
        IReadOnlyList<string> types = domain["endpointConfiguration"]?.TextsOf("types") ?? [];
        if (types.Count != 1) return Reply.BadRequest("Cannot create a domain name with multiple Endpoint Types.");
        bool isPrivate = types[0] == "PRIVATE";
        string policy = domain.TextOf("securityPolicy") ?? "TLS_1_2";
        bool isEnhanced = SecurityPolicies.IsEnhanced(policy);
        if (isEnhanced && !SecurityPolicies.Suits(policy, types[0])) return Reply.BadRequest($"The security policy {policy} is not supported for endpoint type {types[0]}.");
        if (isEnhanced && domain["endpointAccessMode"] is null) return Reply.BadRequest("endpointAccessMode is required with an enhanced security policy.");
        if (!isEnhanced && domain["endpointAccessMode"] is not null) return Reply.BadRequest("endpointAccessMode needs an enhanced security policy.");
        if (domain["mutualTlsAuthentication"] is { } mutual)
        {
            if (types[0] != "REGIONAL") return Reply.BadRequest("Mutual TLS authentication is only supported for REGIONAL domain names.");
            if (isEnhanced) return Reply.BadRequest("Mutual TLS authentication is not supported with an enhanced security policy.");
            if (policy == "TLS_1_0") return Reply.BadRequest("Mutual TLS authentication requires the security policy TLS_1_2.");
            if (mutual.TextOf("truststoreUri") is not { } uri || !(uri.StartsWith("s3://", StringComparison.Ordinal) || ReadDomain.FileOrNull(uri) is not null))
            {
                return Reply.BadRequest("Invalid truststore URI specified. It begins with s3:// or file:");
            }
        }

        if (!isPrivate && (domain["policy"] is not null || domain["managementPolicy"] is not null)) return Reply.BadRequest("Policies are only supported for private domain names.");
        if (domain["policy"] is { } text && !WireValue.TryParse(System.Text.Encoding.UTF8.GetBytes(text.Text), out _)) return Reply.BadRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.");
        return null;
    }

    /// <summary>Whether HTTP and WebSocket APIs can be mapped to a domain.</summary>
    public static bool TakesHttp(WireValue domain) => DomainRecords.TypeOf(domain) == "REGIONAL" && domain.TextOf("securityPolicy") is "TLS_1_2";

    /// <summary>Whether the paths of a domain's mappings may have several levels.</summary>
    public static bool TakesLevels(WireValue domain) => DomainRecords.TypeOf(domain) == "REGIONAL" && domain.TextOf("securityPolicy") is not "TLS_1_0";

    /// <summary>What of a domain's mappings does not go with what the domain has become; null for nothing.</summary>
    /// <param name="book">The records.</param>
    /// <param name="domain">The domain as it shall be.</param>
    /// <param name="scope">Where its records are.</param>
    public static Reply? CheckMappings(BookEdit book, WireValue domain, string scope)
    {
        bool takesHttp = TakesHttp(domain);
        bool takesLevels = TakesLevels(domain);
        if (takesHttp && takesLevels) return null;
        foreach (Record record in book.All(scope, Kinds.ApiMapping))
        {
            WireValue mapping = record.Open();
            if (!takesLevels && mapping.TextOf("apiMappingKey")?.Contains('/', StringComparison.Ordinal) == true) return NotForLevels;
            if (!takesHttp && mapping.TextOf("apiId") is { } id && book.Find(Scopes.Api(id), Kinds.Api, id) is not null) return NotForHttp;
        }

        return null;
    }

    /// <summary>Adds what follows from the type: the names by which DNS would lead to the domain, its status.</summary>
    public static void Complete(WireValue domain, Call call)
    {
        string type = DomainRecords.TypeOf(domain);
        if (type == "REGIONAL")
        {
            if (domain["regionalDomainName"] is null) domain.Set("regionalDomainName", $"d-{Ids.New(Ids.Long)}.execute-api.{call.Options.Region}.amazonaws.com");
            domain.Set("regionalHostedZoneId", RegionalZone);
        }
        else if (type == "EDGE")
        {
            if (domain["distributionDomainName"] is null) domain.Set("distributionDomainName", $"d{Ids.New(13)}.cloudfront.net");
            domain.Set("distributionHostedZoneId", DistributionZone);
        }

        domain.Set("domainNameStatus", "AVAILABLE");
        if (domain["mutualTlsAuthentication"] is { IsObject: true } mutual)
        {
            // The domain trusts nobody then, rather than everybody.
            bool isInBucket = mutual.TextOf("truststoreUri") is { } store && store.StartsWith("s3://", StringComparison.Ordinal);
            mutual["truststoreWarnings"] = isInBucket ? WireValue.Of(["This node reads no buckets, so that no client certificate is trusted. Give the trust store as a file: URI."]) : null;
        }

        // Clients wait for AVAILABLE, and over http the domain is served without a certificate; so the status is that, and the message says what is missing.
        string? arn = domain.TextOf("regionalCertificateArn") ?? domain.TextOf("certificateArn");
        bool isMissing = arn is not null && call.Services.HasCertificate is { } known && !known(arn);
        domain.Set("domainNameStatusMessage", isMissing ? $"No certificate of this node has the ARN {arn}: name one in tls.certificates." : null);
    }

    /// <summary>Forgets what belonged to the type that a domain had before.</summary>
    public static void ForgetNames(WireValue domain)
    {
        foreach (string name in (ReadOnlySpan<string>)["regionalDomainName", "regionalHostedZoneId", "distributionDomainName", "distributionHostedZoneId"]) domain[name] = null;
    }

    /// <summary>Puts a certificate given as text in its hidden record.</summary>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public static Reply? TakeCertificate(Call call, string scope, string name)
    {
        string? certificate = call.Body.TextOf("certificateBody");
        string? key = call.Body.TextOf("certificatePrivateKey");
        if (certificate is null && key is null) return null;
        if (certificate is null || key is null) return Reply.BadRequest("certificateBody and certificatePrivateKey go together.");
        if (!certificate.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)) return Reply.BadRequest("Invalid certificate body specified: it is not a PEM certificate.");
        if (!key.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return Reply.BadRequest("Invalid certificate private key specified: it is not a PEM private key.");
        string? chain = call.Body.TextOf("certificateChain");
        if ((long)certificate.Length + key.Length + (chain?.Length ?? 0) > call.Options.Limits.CertificateBytes)
        {
            return Reply.TooLarge(LimitNames.Certificate, $"Invalid certificate specified: with its chain and key it must be at most {call.Options.Limits.CertificateBytes} bytes.");
        }

        // Else it would be found out at the first handshake, long after whoever gave it was told that all is well.
        string whole = chain is null ? certificate : $"{certificate}\n{chain}";
        if (call.Services.CheckCertificate?.Invoke(whole, key, name) is { } wrong) return Reply.BadRequest("Invalid certificate specified: " + wrong);
        call.Book.Put(scope, Kinds.DomainCertificate, name, WireValue.NewObject().Take(call.Body, "certificateBody", "certificatePrivateKey", "certificateChain"));
        return null;
    }
}
