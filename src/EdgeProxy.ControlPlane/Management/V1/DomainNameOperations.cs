using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Custom domain names (control-plane.md 1.5, 3.5).</summary>
internal static class DomainNameOperations
{
    private static readonly PatchRule[] s_rules =
    [
        new("/certificateName", "ARD"),
        new("/certificateArn", "ARD"),
        new("/regionalCertificateName", "ARD"),
        new("/regionalCertificateArn", "ARD"),
        new("/endpointConfiguration/types", "AD", PatchType.List),
        new("/endpointConfiguration/types/{type}", "R", PatchType.ListItem),
        new("/endpointConfiguration/ipAddressType", "R"),
        new("/endpointAccessMode", "R"),
        new("/managementPolicy", "R"),
        new("/policy", "R"),
        new("/mutualTlsAuthentication/truststoreUri", "ARD"),
        new("/mutualTlsAuthentication/truststoreVersion", "ARD"),
        new("/routingMode", "R"),
        new("/securityPolicy", "R"),
        new("/ownershipVerificationCertificateArn", "ARD"),
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetDomainNames", "GET /domainnames", 200, "", List),
        new("CreateDomainName", "POST /domainnames", 201,
            "domainName*:str certificateName:str certificateBody:str certificatePrivateKey:str certificateChain:str certificateArn:str regionalCertificateName:str regionalCertificateArn:str endpointConfiguration:EndpointConfiguration tags:map<str> securityPolicy:enum<SecurityPolicy> endpointAccessMode:enum<EndpointAccessMode> mutualTlsAuthentication:MutualTlsAuthenticationInput ownershipVerificationCertificateArn:str policy:str routingMode:enum<RoutingMode>",
            Create),
        new("GetDomainName", "GET /domainnames/{domain_name}", 200, "", Get),
        new("UpdateDomainName", "PATCH /domainnames/{domain_name}", 200, PatchDocument.Members, Update),
        new("DeleteDomainName", "DELETE /domainnames/{domain_name}", 202, "", Delete),
    ];

    private static Reply List(Call call) => ResourceOwners.Elsewhere(call) ?? Paging.List(call, DomainRecords.All(call.Book), static entry => entry.Scope, static entry => Shown(entry.Record).ToBytes());

    private static Reply Get(Call call) => DomainRecords.Find(call, "domain_name", out _) is { } found ? Reply.Of(Shown(found)) : DomainRecords.NotFound;

    private static Reply Create(Call call)
    {
        string name = DomainRecords.Normalised(call.Body.TextOf("domainName")!);
        if (!DomainRecords.IsName(name)) return Reply.BadRequest("Invalid domain name specified");
        WireValue domain = WireValue.NewObject().Set("domainName", name);
        domain.Take(call.Body, "certificateName", "certificateArn", "regionalCertificateName", "regionalCertificateArn", "endpointConfiguration", "securityPolicy", "endpointAccessMode", "ownershipVerificationCertificateArn", "policy", "routingMode");
        if (Tagging.Take(call, domain, call.Body) is { } wrongTags) return wrongTags;
        WireValue endpoint = domain.ObjectAt("endpointConfiguration");
        if (endpoint.TextsOf("types").Count == 0) endpoint.Set("types", WireValue.Of(["EDGE"]));
        bool isPrivate = DomainRecords.TypeOf(domain) == "PRIVATE";
        if (endpoint["ipAddressType"] is null) endpoint.Set("ipAddressType", isPrivate ? "dualstack" : "ipv4");
        if (domain["securityPolicy"] is null) domain.Set("securityPolicy", "TLS_1_2");
        if (domain["routingMode"] is null) domain.Set("routingMode", "BASE_PATH_MAPPING_ONLY");
        if (call.Body["mutualTlsAuthentication"] is { Members.Count: > 0 } mutual) domain.Set("mutualTlsAuthentication", mutual);
        string? id = null;
        if (isPrivate)
        {
            id = Ids.New(Ids.Long);
            domain.Set("domainNameId", id).Set("domainNameArn", $"arn:aws:apigateway:{call.Options.Region}:{call.Options.AccountId}:/domainnames/{name}+{id}");
        }

        string scope = DomainRecords.ScopeOf(name, id);
        if (call.Book.Find(scope, Kinds.DomainName, name) is not null) return Reply.Conflict("The domain name you provided already exists.");
        if (DomainRecords.All(call.Book).Count >= call.Options.Limits.DomainNames) return Reply.LimitExceeded(LimitNames.DomainNames, "Maximum number of domain names for this account has been reached.");
        if ((DomainRules.Check(domain) ?? DomainRules.TakeCertificate(call, scope, name)) is { } wrong) return wrong;
        bool isRegional = DomainRecords.TypeOf(domain) == "REGIONAL";
        if (domain["certificateArn"] is not null || (!isRegional && call.Body["certificateBody"] is not null)) domain.Set("certificateUploadDate", call.NowSeconds);
        DomainRules.Complete(domain, call);
        call.Book.Put(scope, Kinds.DomainName, name, domain);
        return Reply.Of(domain);
    }

    private static Reply Update(Call call)
    {
        if (DomainRecords.Find(call, "domain_name", out string scope) is not { } found) return DomainRecords.NotFound;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        if (CheckCertificateSwitch(operations) is { } mixed) return mixed;
        WireValue domain = found.Open();
        string before = DomainRecords.TypeOf(domain);
        string? policy = domain.TextOf("securityPolicy");
        if (ApplyPatch.Run(domain, operations, s_rules, PatchDialect.Short) is { } wrong) return wrong;
        if (CheckValues(domain) is { } unknown) return unknown;

        // From a legacy policy to an enhanced one the mode comes along; back, it goes.
        if (domain.TextOf("securityPolicy") is { } now && now != policy && !SecurityPolicies.IsEnhanced(now)) domain["endpointAccessMode"] = null;
        if (domain["mutualTlsAuthentication"] is { } mutual && mutual["truststoreUri"] is null or { Text: "" }) domain["mutualTlsAuthentication"] = null;
        if ((DomainRules.Check(domain) ?? DomainRules.CheckMappings(call.Book, domain, scope)) is { } broken) return broken;
        if (DomainRecords.TypeOf(domain) != before) DomainRules.ForgetNames(domain);
        DomainRules.Complete(domain, call);
        call.Book.Put(scope, Kinds.DomainName, found.Key, domain);
        return Reply.Of(WithTags(domain));
    }

    private static Reply Delete(Call call)
    {
        if (DomainRecords.Find(call, "domain_name", out string scope) is null) return DomainRecords.NotFound;
        call.Book.RemoveScope(scope);
        return Reply.Empty;
    }

    // Adding one certificate and removing another are two steps of an exchange: not in one request (control-plane.md 1.7).
    private static Reply? CheckCertificateSwitch(IReadOnlyList<PatchOperation> operations)
    {
        bool adds = false;
        bool removes = false;
        foreach (PatchOperation operation in operations)
        {
            if (operation.Segments is not [string member] || !member.Contains("ertificate", StringComparison.Ordinal) || member.StartsWith("ownership", StringComparison.Ordinal)) continue;
            adds |= operation.Op == PatchOp.Add;
            removes |= operation.Op == PatchOp.Remove;
        }

        return adds && removes ? Reply.BadRequest("Cannot add and remove certificates in the same request.") : null;
    }

    private static Reply? CheckValues(WireValue domain)
    {
        foreach ((string member, string enumeration) in (ReadOnlySpan<(string, string)>)[("securityPolicy", "SecurityPolicy"), ("endpointAccessMode", "EndpointAccessMode"), ("routingMode", "RoutingMode")])
        {
            if (domain.TextOf(member) is { } value && Array.IndexOf(Shapes.ShapeTable.Enumeration(enumeration), value) < 0) return Reply.BadRequest($"Invalid {member} specified. Valid options are {string.Join(",", Shapes.ShapeTable.Enumeration(enumeration))}");
        }

        foreach (string type in domain["endpointConfiguration"]?.TextsOf("types") ?? [])
        {
            if (type is not ("REGIONAL" or "EDGE" or "PRIVATE")) return Reply.BadRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE");
        }

        return domain["endpointConfiguration"]?.TextOf("ipAddressType") is null or "ipv4" or "dualstack" ? null : Reply.BadRequest("ipAddressType must be either ipv4 or dualstack.");
    }

    private static WireValue Shown(Record record) => WithTags(record.Open());

    private static WireValue WithTags(WireValue domain)
    {
        if (domain["tags"] is null) domain.Set("tags", WireValue.NewObject());
        return domain;
    }
}
