using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Access associations of private domain names: kept and told, without effect, because there is no VPC here (control-plane.md 1.5, 10).</summary>
internal static class AccessAssociationOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetDomainNameAccessAssociations", "GET /domainnameaccessassociations", 200, "", static call => ResourceOwners.Elsewhere(call) ?? Paging.List(call, call.Book.All(Scopes.Account, Kinds.DomainNameAccessAssociation))),
        new("CreateDomainNameAccessAssociation", "POST /domainnameaccessassociations", 201, "domainNameArn*:str accessAssociationSourceType*:enum<AccessAssociationSourceType> accessAssociationSource*:str tags:map<str>", Create),
        new("DeleteDomainNameAccessAssociation", "DELETE /domainnameaccessassociations/{domain_name_access_association_arn+}", 202, "", Delete),
        new("RejectDomainNameAccessAssociation", "POST /rejectdomainnameaccessassociations", 202, "", Reject),
    ];

    private static Reply Unknown { get; } = Reply.NotFound("Invalid domain name access association identifier specified");

    private static Reply Create(Call call)
    {
        string domainArn = call.Body.TextOf("domainNameArn")!;
        if (!IsPrivateDomain(call, domainArn)) return Reply.NotFound("Invalid domain name identifier specified");
        string source = call.Body.TextOf("accessAssociationSource")!;
        if (!source.StartsWith("vpce-", StringComparison.Ordinal)) return Reply.BadRequest("Invalid VPC endpoint specified");
        foreach (Record record in call.Book.All(Scopes.Account, Kinds.DomainNameAccessAssociation))
        {
            WireValue other = record.Open();
            if (other.TextOf("domainNameArn") == domainArn && other.TextOf("accessAssociationSource") == source) return Reply.Conflict("The access association already exists.");
        }

        string arn = $"arn:aws:apigateway:{call.Options.Region}:{call.Options.AccountId}:/domainnameaccessassociations{Arns.PathOrNull(domainArn)!["/domainnames".Length..].Replace('+', '/')}/vpcesource/{source}";
        WireValue association = WireValue.NewObject().Set("domainNameAccessAssociationArn", arn).Take(call.Body, "domainNameArn", "accessAssociationSourceType", "accessAssociationSource", "tags");
        call.Book.Put(Scopes.Account, Kinds.DomainNameAccessAssociation, arn, association);
        return Reply.Of(association);
    }

    private static Reply Delete(Call call) =>
        call.Book.Remove(Scopes.Account, Kinds.DomainNameAccessAssociation, call.Path("domain_name_access_association_arn")) ? Reply.Empty : Unknown;

    private static Reply Reject(Call call)
    {
        if (call.Query("domainNameAccessAssociationArn") is not { } arn || call.Query("domainNameArn") is not { } domain) return Reply.BadRequest("domainNameAccessAssociationArn and domainNameArn are required.");
        if (call.Book.Find(Scopes.Account, Kinds.DomainNameAccessAssociation, arn)?.Open().TextOf("domainNameArn") != domain) return Unknown;
        call.Book.Remove(Scopes.Account, Kinds.DomainNameAccessAssociation, arn);
        return Reply.Empty;
    }

    private static bool IsPrivateDomain(Call call, string arn)
    {
        const string Before = "/domainnames/";
        return Arns.PathOrNull(arn) is { } path && path.StartsWith(Before, StringComparison.Ordinal) && path.Contains('+', StringComparison.Ordinal)
            && call.Book.Find(Scopes.DomainName(path[Before.Length..]), Kinds.DomainName, path[Before.Length..].Split('+')[0]) is not null;
    }
}
