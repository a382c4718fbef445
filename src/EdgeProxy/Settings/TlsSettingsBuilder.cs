using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Settings;

/// <summary>Makes the records of TLS, and checks what only shows when its settings stand side by side. No file is opened here.</summary>
internal static class TlsSettingsBuilder
{
    /// <summary>TLS of the listeners.</summary>
    public static TlsSettings Server(SettingValues values, SettingSources sources, ProblemList problems)
    {
        var certificates = new List<CertificateSettings>();
        foreach (string at in values.ItemsOf("tls.certificates"))
        {
            if (ReadPair(values, at, problems) is not var (certificate, key)) continue;
            string? arn = values.TextOrNull(at + ".arn");
            if (arn is not null && certificates.Exists(other => other.Arn == arn))
            {
                problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".arn"), $"\"{at}.arn\": another certificate has this ARN. Give each its own.");
            }

            certificates.Add(new CertificateSettings(certificate, key, values.TextOrNull(at + ".ocsp"), arn, values.OriginOf(at + ".certificate")));
        }

        return new TlsSettings
        {
            Certificates = certificates,
            CertificatesFolder = values.TextOrNull("tls.certificatesFolder"),
            FolderOrigin = values.OriginOf("tls.certificatesFolder"),
            DefaultCertificate = values.TextOrNull("tls.defaultCertificate")?.ToLowerInvariant().TrimEnd('.'),
            DefaultOrigin = values.OriginOf("tls.defaultCertificate"),
            SecurityPolicy = values.Text("tls.securityPolicy"),
            PolicyOrigin = values.OriginOf("tls.securityPolicy"),
            RequirePq = values.Boolean("tls.requirePq"),
            TicketRotation = values.Number("tls.ticketRotation"),
            MaxHandshakes = values.Count("tls.maxHandshakes"),
            SelfSigned = sources.TlsSelfSigned,
        };
    }

    /// <summary>What is said of custom domains.</summary>
    public static IReadOnlyList<DomainSettings> Domains(SettingValues values, ProblemList problems)
    {
        var domains = new List<DomainSettings>();
        foreach (string at in values.ItemsOf("domains"))
        {
            if (values.RequiredOrNull(at, "name", values.OriginOf(at + ".mutualTls.onFailure"), problems) is not { } written) continue;
            string name = written.ToLowerInvariant().TrimEnd('.');
            if (!IsDomain(name))
            {
                problems.Error(ProblemCode.BadFormat, values.OriginOf(at + ".name"), $"\"{at}.name\" is \"{written}\": write a host name, or *. and a host name.");
            }
            else if (domains.Exists(other => other.Definition.Name == name))
            {
                problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".name"), $"\"{at}.name\": the domain {name} is described twice. Put all of it in one place.");
                continue;
            }

            string? policy = values.TextOrNull(at + ".securityPolicy");
            string? mode = values.TextOrNull(at + ".endpointAccessMode");
            var definition = new DomainDefinition
            {
                Name = name,
                SecurityPolicy = policy,
                IsStrict = mode == "STRICT",
                MutualTls = MutualTls(values, at + ".mutualTls", problems),
                Origin = values.OriginOf(at + ".name"),
            };
            CheckPolicy(definition, mode, values.OriginOf(at + ".securityPolicy"), problems);
            domains.Add(new DomainSettings(definition, CertificateOf(values, at, problems)));
        }

        return domains;
    }

    /// <summary>TLS to upstreams.</summary>
    public static UpstreamTlsSettings Upstream(SettingValues values, ProblemList problems)
    {
        var certificates = new List<ClientCertificateSettings>();
        foreach (string at in values.ItemsOf("upstream.tls.clientCertificates"))
        {
            if (ReadPair(values, at, problems) is not var (certificate, key)) continue;
            if (values.RequiredOrNull(at, "id", values.OriginOf(at + ".certificate"), problems) is not { } id) continue;
            if (certificates.Exists(other => other.Id == id))
            {
                problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".id"), $"\"{at}.id\": another certificate has the id \"{id}\". Give each its own.");
            }

            certificates.Add(new ClientCertificateSettings(id, certificate, key, values.OriginOf(at + ".certificate")));
        }

        return new UpstreamTlsSettings(values.TextOrNull("upstream.tls.caFile"), values.OriginOf("upstream.tls.caFile"), certificates);
    }

    // 11: enhanced policies need an access mode and exclude mutual TLS.
    private static void CheckPolicy(DomainDefinition domain, string? mode, Origin? origin, ProblemList problems)
    {
        if (domain.SecurityPolicy is not { } policy || TlsPolicy.FindOrNull(policy) is not { IsEnhanced: true }) return;
        if (domain.MutualTls is not null)
        {
            problems.Error(ProblemCode.NotAllowed, origin, $"The domain {domain.Name} has mutualTls, which API Gateway does not allow with {policy}. Use TLS_1_2 there.");
        }

        if (mode is null) problems.Error(ProblemCode.Missing, origin, $"The domain {domain.Name} has the policy {policy}, which needs endpointAccessMode. Add BASIC or STRICT.");
    }

    private static MutualTlsDefinition? MutualTls(SettingValues values, string at, ProblemList problems)
    {
        string? crl = values.TextOrNull(at + ".crl");
        if (values.TextOrNull(at + ".truststore") is { } truststore) return new MutualTlsDefinition(truststore, crl, values.Text(at + ".onFailure") == "abort");
        if (crl is not null || values.OriginOf(at + ".onFailure") is not null)
        {
            problems.Error(ProblemCode.Missing, values.OriginOf(at + ".crl") ?? values.OriginOf(at + ".onFailure"), $"\"{at}\" has no \"truststore\", so no certificate would be asked for. Add it.");
        }

        return null;
    }

    private static CertificateSettings? CertificateOf(SettingValues values, string at, ProblemList problems)
    {
        string? arn = values.TextOrNull(at + ".certificateArn");
        bool named = values.Has(at + ".certificate") || values.Has(at + ".key");
        if (arn is null) return named && ReadPair(values, at, problems) is var (certificate, key) ? new CertificateSettings(certificate, key, null, null, values.OriginOf(at + ".certificate")) : null;
        if (named) problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".certificateArn"), $"\"{at}\" has both certificate and certificateArn. Keep one of them.");
        string[] items = [.. values.ItemsOf("tls.certificates")];
        string? item = Array.Find(items, item => values.TextOrNull(item + ".arn") == arn);
        if (item is not null && values.TextOrNull(item + ".certificate") is { } file && values.TextOrNull(item + ".key") is { } keyFile)
        {
            return new CertificateSettings(file, keyFile, values.TextOrNull(item + ".ocsp"), arn, values.OriginOf(at + ".certificateArn"));
        }

        if (item is null)
        {
            string suggestion = Suggest.DidYouMean(arn, items.Select(other => values.TextOrNull(other + ".arn")).OfType<string>());
            problems.Error(ProblemCode.UnknownName, values.OriginOf(at + ".certificateArn"), $"\"{at}.certificateArn\" is \"{arn}\", which no item of tls.certificates has as its arn.{suggestion} Add it there, with the files.");
        }

        return null;
    }

    // A part alone can be there when the environment names one, or for a domain, where both may be missing.
    private static (string Certificate, string Key)? ReadPair(SettingValues values, string at, ProblemList problems)
    {
        string? certificate = values.TextOrNull(at + ".certificate");
        string? key = values.TextOrNull(at + ".key");
        if (certificate is not null && key is not null) return (certificate, key);
        string missing = certificate is null ? "certificate" : "key";
        problems.Error(ProblemCode.Missing, values.OriginOf(at + ".certificate") ?? values.OriginOf(at + ".key"), $"\"{at}\" has no \"{missing}\". Add it.");
        return null;
    }

    private static bool IsDomain(string name)
    {
        string bare = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        return name.Length <= 253 && bare.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'));
    }
}
