using System.Text;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>A custom domain of the management API, and where its certificate is.</summary>
/// <param name="Definition">The domain.</param>
/// <param name="File">The files of the ARN that it names; null where the node has none of that ARN.</param>
/// <param name="Text">The certificate it was given as text; null for none.</param>
internal sealed record StoredDomain(DomainDefinition Definition, CertificateSettings? File, (byte[] Certificate, byte[] Key)? Text)
{
    /// <summary>The domains of a book.</summary>
    /// <param name="settings">Where ARNs are given their files.</param>
    /// <param name="book">The records.</param>
    public static List<StoredDomain> AllOf(NodeSettings settings, RecordBook book)
    {
        var all = new List<StoredDomain>();
        foreach (RecordScope scope in book.Below(Scopes.DomainNames))
        {
            if (ReadDomain.Run(scope) is not { } domain) continue;
            WireValue record = scope.All(Kinds.DomainName)[0].Open();
            string? arn = record.TextOf("regionalCertificateArn") ?? record.TextOf("certificateArn");
            CertificateSettings? file = arn is null ? null : settings.Tls.Certificates.FirstOrDefault(certificate => certificate.Arn == arn);
            all.Add(new StoredDomain(domain, file, TextOf(scope)));
        }

        return all;
    }

    private static (byte[] Certificate, byte[] Key)? TextOf(RecordScope scope)
    {
        IReadOnlyList<Record> certificates = scope.All(Kinds.DomainCertificate);
        if (certificates.Count == 0) return null;
        WireValue given = certificates[0].Open();
        string chain = given.TextOf("certificateChain") is { } rest ? "\n" + rest : "";
        return (Encoding.UTF8.GetBytes(given.TextOf("certificateBody") + chain), Encoding.UTF8.GetBytes(given.TextOf("certificatePrivateKey") ?? ""));
    }
}
