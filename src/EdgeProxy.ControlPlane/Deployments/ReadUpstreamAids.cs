using System.Text;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>What stored stages and integrations reach back ends with: client certificates and VPC links (control-plane.md 3.6).</summary>
public static class ReadUpstreamAids
{
    /// <summary>Client certificates and their keys in PEM, by id.</summary>
    public static Dictionary<string, (byte[] Certificate, byte[] Key)> Certificates(RecordBook book)
    {
        var found = new Dictionary<string, (byte[] Certificate, byte[] Key)>(StringComparer.Ordinal);
        if (book.ScopeOrNull(Scopes.Account) is not { } account) return found;
        foreach (Record record in account.All(Kinds.ClientCertificate))
        {
            if (WireValue.TryParse(record.Json.Span, out WireValue? certificate) && certificate.TextOf("pemEncodedCertificate") is { } pem
                && account.Find(Kinds.ClientCertificateKey, record.Key) is { } secret && WireValue.TryParse(secret.Json.Span, out WireValue? key) && key.TextOf("key") is { } keyPem)
            {
                found[record.Key] = (Encoding.UTF8.GetBytes(pem), Encoding.UTF8.GetBytes(keyPem));
            }
        }

        return found;
    }

    /// <summary>The ids of VPC links, each with the names by which settings may say what it stands for: its id, its name and what it targets.</summary>
    public static List<(string Id, List<string> Names)> VpcLinks(RecordBook book)
    {
        var found = new List<(string Id, List<string> Names)>();
        if (book.ScopeOrNull(Scopes.Account) is not { } account) return found;
        foreach (string kind in (ReadOnlySpan<string>)[Kinds.VpcLink, Kinds.VpcLinkV2])
        {
            foreach (Record record in account.All(kind))
            {
                if (!WireValue.TryParse(record.Json.Span, out WireValue? link)) continue;
                List<string> names = [record.Key];
                if (link.TextOf("name") is { Length: > 0 } name) names.Add(name);
                names.AddRange(link.TextsOf("targetArns"));
                found.Add((record.Key, names));
            }
        }

        return found;
    }

    /// <summary>Whether a change touches any of these.</summary>
    public static bool Touches(BookEdit edit)
    {
        foreach (RecordChange change in edit.Changes)
        {
            if (change.Kind is Kinds.ClientCertificate or Kinds.ClientCertificateKey or Kinds.VpcLink or Kinds.VpcLinkV2) return true;
        }

        return false;
    }
}
