using System.Globalization;
using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Custom domain names as V2 shows them; the records are V1's (control-plane.md 2.4, 3.5).</summary>
internal static class DomainNameOperations
{
    private const string Members = "domainNameConfigurations:[DomainNameConfiguration] mutualTlsAuthentication:MutualTlsAuthenticationInput routingMode:enum<RoutingModeV2>";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetDomainNames", "GET /v2/domainnames", 200, "", List),
        new("CreateDomainName", "POST /v2/domainnames", 201, "domainName*:str tags:map<str> " + Members, Create),
        new("GetDomainName", "GET /v2/domainnames/{domainName}", 200, "", static call => DomainRecords.Find(call, "domainName", out _) is { } found ? Reply.Of(Shown(call, found.Open())) : Unknown),
        new("UpdateDomainName", "PATCH /v2/domainnames/{domainName}", 200, Members, Update),
        new("DeleteDomainName", "DELETE /v2/domainnames/{domainName}", 204, "", Delete),
    ];

    internal static Reply Unknown => Reply.NotFound("The domain name resource specified in the request was not found.", "DomainName");

    // Without private domains, which V2 has no endpoint type for, and nobody could ask for by their names alone.
    private static Reply List(Call call)
    {
        var shown = new List<DomainEntry>();
        foreach (DomainEntry entry in DomainRecords.All(call.Book))
        {
            if (DomainRecords.TypeOf(entry.Record.Open()) != "PRIVATE") shown.Add(entry);
        }

        return Paging.List(call, shown, static entry => entry.Scope, entry => Shown(call, entry.Record.Open()).ToBytes());
    }

    private static Reply Create(Call call)
    {
        string name = DomainRecords.Normalised(call.Body.TextOf("domainName")!);
        if (!DomainRecords.IsName(name)) return Reply.BadRequest("Invalid domain name specified");
        string scope = DomainRecords.ScopeOf(name, null);
        if (call.Book.Find(scope, Kinds.DomainName, name) is not null) return Reply.Conflict("The domain name resource already exists.");
        if (DomainRecords.All(call.Book).Count >= call.Options.Limits.DomainNames) return Reply.TooMany(LimitNames.DomainNames, "Maximum number of domain names for this account has been reached.", "DomainNames");
        WireValue domain = WireValue.NewObject().Set("domainName", name);
        domain.Set("endpointConfiguration", WireValue.NewObject().Set("types", WireValue.Of(["REGIONAL"])).Set("ipAddressType", "ipv4"));
        domain.Set("securityPolicy", "TLS_1_2").Set("routingMode", "BASE_PATH_MAPPING_ONLY");
        if (Tagging.Take(call, domain, call.Body) is { } wrongTags) return wrongTags;
        if (Apply(call, domain) is { } wrong) return wrong;
        domain.Set("certificateUploadDate", call.NowSeconds);
        DomainRules.Complete(domain, call);
        call.Book.Put(scope, Kinds.DomainName, name, domain);
        return Reply.Of(Shown(call, domain));
    }

    private static Reply Update(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is not { } found) return Unknown;
        WireValue domain = found.Open();
        string before = DomainRecords.TypeOf(domain);
        if ((Apply(call, domain) ?? DomainRules.CheckMappings(call.Book, domain, scope)) is { } wrong) return wrong;
        if (DomainRecords.TypeOf(domain) != before) DomainRules.ForgetNames(domain);
        DomainRules.Complete(domain, call);
        call.Book.Put(scope, Kinds.DomainName, found.Key, domain);
        return Reply.Of(Shown(call, domain));
    }

    private static Reply Delete(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is null) return Unknown;
        call.Book.RemoveScope(scope);
        return Reply.Empty;
    }

    private static Reply? Apply(Call call, WireValue domain)
    {
        if (call.Body["domainNameConfigurations"] is { } list)
        {
            if (list.Items.Count != 1) return Reply.BadRequest("Exactly one domain name configuration is required.");
            WireValue given = list.Items[0];
            string type = given.TextOf("endpointType") ?? DomainRecords.TypeOf(domain);
            WireValue endpoint = domain.ObjectAt("endpointConfiguration").Set("types", WireValue.Of([type]));
            endpoint.Take(given, "ipAddressType");
            string prefix = type == "REGIONAL" ? "regionalC" : "c";
            if (given.TextOf("certificateArn") is { } arn) domain.Set(prefix + "ertificateArn", arn);
            if (given.TextOf("certificateName") is { } name) domain.Set(prefix + "ertificateName", name);
            domain.Take(given, "securityPolicy", "ownershipVerificationCertificateArn");
        }

        if (call.Body["mutualTlsAuthentication"] is { } mutual)
        {
            // An empty address is how it is taken away.
            if (mutual.TextOf("truststoreUri") is "") domain["mutualTlsAuthentication"] = null;
            else domain.ObjectAt("mutualTlsAuthentication").Take(mutual, "truststoreUri", "truststoreVersion");
        }

        if (call.Body.TextOf("routingMode") is { } mode) domain.Set("routingMode", mode.Replace("API_MAPPING", "BASE_PATH_MAPPING", StringComparison.Ordinal));
        return DomainRules.Check(domain);
    }

    private static WireValue Shown(Call call, WireValue domain)
    {
        string type = DomainRecords.TypeOf(domain);
        bool isRegional = type != "EDGE";
        WireValue configuration = WireValue.NewObject()
            .Set("apiGatewayDomainName", domain.TextOf(isRegional ? "regionalDomainName" : "distributionDomainName"))
            .Set("certificateArn", domain.TextOf(isRegional ? "regionalCertificateArn" : "certificateArn"))
            .Set("certificateName", (isRegional ? domain.TextOf("regionalCertificateName") : null) ?? domain.TextOf("certificateName")); // V1 names one given as text so, whatever the type
        if (domain.NumberOf("certificateUploadDate") is { } seconds)
        {
            configuration.Set("certificateUploadDate", DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        configuration.Take(domain, "domainNameStatus", "domainNameStatusMessage").Set("endpointType", type)
            .Set("hostedZoneId", domain.TextOf(isRegional ? "regionalHostedZoneId" : "distributionHostedZoneId"))
            .Set("ipAddressType", domain["endpointConfiguration"]?.TextOf("ipAddressType"))
            .Take(domain, "securityPolicy", "ownershipVerificationCertificateArn");
        WireValue shown = WireValue.NewObject().Set("apiMappingSelectionExpression", "$request.basepath").Take(domain, "domainName");
        shown.Set("domainNameArn", domain.TextOf("domainNameArn") ?? Arns.Of(call.Options, "/domainnames/" + domain.TextOf("domainName")));
        WireValue configurations = WireValue.NewList();
        configurations.Items.Add(configuration);
        shown.Set("domainNameConfigurations", configurations).Take(domain, "mutualTlsAuthentication");
        shown.Set("routingMode", (domain.TextOf("routingMode") ?? "BASE_PATH_MAPPING_ONLY").Replace("BASE_PATH_MAPPING", "API_MAPPING", StringComparison.Ordinal));
        return shown.Set("tags", domain["tags"] ?? WireValue.NewObject());
    }
}
