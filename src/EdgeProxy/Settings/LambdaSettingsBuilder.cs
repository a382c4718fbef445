using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Transport.Tls;
using UpstreamProtocol = EdgeProxy.Http.Client.UpstreamProtocol;

namespace EdgeProxy.Settings;

/// <summary>Makes the records of functions, and checks what only shows when their settings stand side by side. No file is opened here.</summary>
internal static class LambdaSettingsBuilder
{
    private const string List = "lambda.functions";

    private static readonly string[] s_ways = ["runtime", "url", "endpoint"];

    // What only makes sense with one of the ways, so that a member which nothing reads is told of.
    private static readonly (string Member, string[] Ways)[] s_members =
    [
        ("handler", ["runtime"]), ("code", ["runtime"]), ("command", ["runtime"]), ("timeout", ["runtime"]), ("initTimeout", ["runtime"]), ("memory", ["runtime"]),
        ("workers.min", ["runtime"]), ("workers.max", ["runtime"]), ("workers.ahead", ["runtime"]), ("workers.idle", ["runtime"]), ("queue.length", ["runtime"]), ("queue.wait", ["runtime"]), ("environment", ["runtime"]),
        ("region", ["endpoint"]), ("credentials.source", ["endpoint"]), ("credentials.file", ["endpoint"]), ("credentials.profile", ["endpoint"]),
        ("credentials.accessKeyId", ["endpoint"]), ("credentials.secretAccessKey", ["endpoint"]), ("credentials.sessionToken", ["endpoint"]),
        ("tls.insecureSkipVerification", ["url", "endpoint"]), ("tls.caFile", ["url", "endpoint"]), ("tls.serverName", ["url", "endpoint"]), ("tls.clientCertificateId", ["url", "endpoint"]),
    ];

    public static LambdaSettings Build(SettingValues values, UpstreamProtocol protocol, UpstreamTlsSettings upstreamTls, ProblemList problems)
    {
        string account = values.Text("lambda.account");
        if (account.Length != 12 || !account.All(char.IsAsciiDigit))
        {
            problems.Error(ProblemCode.BadFormat, values.OriginOf("lambda.account"), $"\"lambda.account\" is \"{account}\": an account has twelve digits. In YAML, put them in quotes where they begin with a zero.");
        }

        var functions = new List<FunctionSettings>();
        foreach (string at in values.ItemsOf(List))
        {
            if (FunctionOrNull(values, at, protocol, upstreamTls, problems) is { } function) functions.Add(function);
        }

        return new LambdaSettings
        {
            Region = values.Text("lambda.region"),
            Account = account,
            Limits = new FunctionLimits
            {
                MaxEvent = values.Count("limits.functionPayload"),
                MaxResult = values.Count("limits.functionPayload"),
                MaxStream = values.Number("lambda.maxStream"),
                EventQueue = values.Number("lambda.eventQueue"),
            },
            NodeCommand = values.Text("lambda.nodeCommand"),
            PythonCommand = values.Text("lambda.pythonCommand"),
            Functions = functions,
        };
    }

    private static FunctionSettings? FunctionOrNull(SettingValues values, string at, UpstreamProtocol protocol, UpstreamTlsSettings upstreamTls, ProblemList problems)
    {
        if (values.RequiredOrNull(at, "name", OriginOf(values, at), problems) is not { } written) return null;
        Origin? origin = values.OriginOf(at + ".name");
        if (!FunctionPattern.TryParse(written, out FunctionPattern? pattern))
        {
            problems.Error(ProblemCode.BadFormat, origin, $"\"{at}.name\" is \"{written}\": write the function's name (1 to 64 letters, digits, - and _), its ARN, or * for all.");
        }

        string[] ways = [.. s_ways.Where(way => values.Has($"{at}.{way}"))];
        if (ways.Length != 1)
        {
            string meant = Array.Find(s_members, member => values.OriginOf($"{at}.{member.Member}") is not null && member.Ways.Length == 1).Ways?[0] ?? "";
            problems.Error(
                ways.Length == 0 ? ProblemCode.Missing : ProblemCode.NotAllowed,
                origin,
                ways.Length == 0
                    ? $"\"{at}\" does not say where {written} runs. Add one of runtime (with code), url and endpoint.{(meant.Length == 0 ? "" : $" Did you forget \"{meant}\"?")}"
                    : $"\"{at}\" has {string.Join(" and ", ways)}: a function runs in one place. Keep one of them, and give the other an item of its own.");
            return null;
        }

        foreach ((string member, string[] of) in s_members)
        {
            if (of.Contains(ways[0]) || values.OriginOf($"{at}.{member}") is not { } place) continue;
            problems.Error(ProblemCode.NotAllowed, place, $"\"{at}.{member}\" means nothing for a function with {ways[0]}. Remove it.");
        }

        if (pattern is null) return null;
        var function = new FunctionSettings(pattern, origin);
        switch (ways[0])
        {
            case "runtime":
                return LocalOrNull(values, at, pattern, problems) is { } local ? function with { Local = local } : null;
            case "url":
                return UrlOrNull(values, at + ".url", protocol, Tls(values, at, upstreamTls, problems), problems) is { } url ? function with { Url = url } : null;
            default:
                return EndpointOrNull(values, at, protocol, Tls(values, at, upstreamTls, problems), problems) is { } endpoint ? function with { Endpoint = endpoint } : null;
        }
    }

    private static LocalFunctionSettings? LocalOrNull(SettingValues values, string at, FunctionPattern pattern, ProblemList problems)
    {
        string runtime = values.Text(at + ".runtime");
        string handler = values.TextOrNull(at + ".handler") ?? "";
        string? code = values.TextOrNull(at + ".code");
        IReadOnlyList<string> command = values.Texts(at + ".command");
        Origin? origin = values.OriginOf(at + ".runtime") ?? values.OriginOf(at + ".name");
        bool ok = true;
        if (pattern.Name is null)
        {
            Refuse(ProblemCode.NotAllowed, values.OriginOf(at + ".name"), $"\"{at}.name\" is *, and a process runs one function. Name it.");
        }

        if (FunctionRuntimes.FamilyOf(runtime) is not { } family)
        {
            string suggestion = Suggest.DidYouMean(runtime, FunctionRuntimes.All);
            Refuse(ProblemCode.NotAllowed, origin, $"\"{at}.runtime\" is \"{runtime}\", which this node cannot run.{suggestion} It runs {string.Join(", ", FunctionRuntimes.All)}; a version may follow, such as nodejs20.x.");
            return null;
        }

        if (code is null) Refuse(ProblemCode.Missing, origin, $"\"{at}\" has no \"code\". Add the directory that holds the function's code.");
        if (family is FunctionRuntimes.Node or FunctionRuntimes.Python && handler.Length == 0) Refuse(ProblemCode.Missing, origin, $"\"{at}\" has no \"handler\". Add it, such as index.handler.");
        if (family == FunctionRuntimes.Command && command.Count == 0) Refuse(ProblemCode.Missing, origin, $"\"{at}\" has no \"command\". Add the command line that speaks the Runtime API.");
        if (family != FunctionRuntimes.Command && command.Count > 0) Refuse(ProblemCode.NotAllowed, values.OriginOf(at + ".command"), $"\"{at}.command\" is for the runtime \"command\" only. Remove it, or change the runtime.");
        int least = values.Count(at + ".workers.min");
        int most = values.Count(at + ".workers.max");
        if (least > most) Refuse(ProblemCode.OutOfRange, values.OriginOf(at + ".workers.min") ?? origin, $"\"{at}.workers.min\" is {least}, more than workers.max, which is {most}. Change one of them.");
        return !ok
            ? null
            : new LocalFunctionSettings
            {
                Runtime = runtime,
                Handler = handler,
                Code = code!,
                CodeOrigin = values.OriginOf(at + ".code") ?? origin,
                Command = command,
                Timeout = values.Number(at + ".timeout"),
                InitTimeout = values.Number(at + ".initTimeout"),
                Memory = values.Count(at + ".memory"),
                MinimumWorkers = least,
                MaximumWorkers = most,
                Ahead = values.Count(at + ".workers.ahead"),
                Idle = values.Number(at + ".workers.idle"),
                QueueLength = values.Count(at + ".queue.length"),
                QueueWait = values.Number(at + ".queue.wait"),
                Environment = values.Map(at + ".environment"),
            };

        void Refuse(ProblemCode problem, Origin? place, string text)
        {
            problems.Error(problem, place, text);
            ok = false;
        }
    }

    private static FunctionUrl? UrlOrNull(SettingValues values, string at, UpstreamProtocol protocol, UpstreamTls tls, ProblemList problems)
    {
        if (FunctionUrl.TryParse(values.Text(at), protocol, tls, out FunctionUrl? url, out string wrong)) return url;
        problems.Error(ProblemCode.BadFormat, values.OriginOf(at), $"\"{at}\" cannot be called: {wrong}.");
        return null;
    }

    private static FunctionEndpointSettings? EndpointOrNull(SettingValues values, string at, UpstreamProtocol protocol, UpstreamTls tls, ProblemList problems)
    {
        string written = values.Text(at + ".endpoint");
        string? region = values.TextOrNull(at + ".region");
        if (Credentials(values, at, problems) is not { } credentials) return null;
        if (written == "aws") return new FunctionEndpointSettings(null, region, credentials, protocol, tls);
        if (UrlOrNull(values, at + ".endpoint", protocol, tls, problems) is not { } url) return null;
        if (!url.Target.Contains('?', StringComparison.Ordinal)) return new FunctionEndpointSettings(written, region, credentials, protocol, tls);
        problems.Error(ProblemCode.BadFormat, values.OriginOf(at + ".endpoint"), $"\"{at}.endpoint\" has a query, which an Invoke endpoint has not. Remove it, or use \"url\" for one that gets the event alone.");
        return null;
    }

    private static CredentialSettings? Credentials(SettingValues values, string at, ProblemList problems)
    {
        string section = at + ".credentials";
        string? file = values.TextOrNull(section + ".file");
        string? profile = values.TextOrNull(section + ".profile");
        string? keyId = values.TextOrNull(section + ".accessKeyId");
        string? secret = values.TextOrNull(section + ".secretAccessKey");
        string? token = values.TextOrNull(section + ".sessionToken");
        bool namesFile = file is not null || profile is not null;
        bool namesVariables = keyId is not null || secret is not null || token is not null;
        Origin? origin = (string[])[".source", ".file", ".profile", ".accessKeyId", ".secretAccessKey", ".sessionToken"] is var members
            ? members.Select(member => values.OriginOf(section + member)).FirstOrDefault(static place => place is not null)
            : null;
        CredentialSource source = values.Text(section + ".source") switch
        {
            "environment" => CredentialSource.Environment,
            "file" => CredentialSource.File,
            "variables" => CredentialSource.Variables,
            "none" => CredentialSource.None,
            _ when namesVariables => CredentialSource.Variables,
            _ when namesFile => CredentialSource.File,
            _ => CredentialSource.Automatic,
        };
        if ((namesFile && source != CredentialSource.File) || (namesVariables && source != CredentialSource.Variables))
        {
            problems.Error(ProblemCode.NotAllowed, origin, $"\"{section}\" names more than one place. Keep a file and profile, or variables, or the source alone.");
            return null;
        }

        if (source == CredentialSource.Variables && (keyId is null || secret is null))
        {
            problems.Error(ProblemCode.Missing, origin, $"\"{section}\" has no \"{(keyId is null ? "accessKeyId" : "secretAccessKey")}\". Add the name of the environment variable that holds it.");
            return null;
        }

        foreach ((string member, string? name) in (ReadOnlySpan<(string, string?)>)[("accessKeyId", keyId), ("secretAccessKey", secret), ("sessionToken", token)])
        {
            // What is no name of a variable may be the secret itself; then it must not be repeated.
            if (name is null || (name.Length is > 0 and <= 128 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(name[0]))) continue;
            problems.Error(ProblemCode.BadFormat, values.OriginOf($"{section}.{member}"), $"\"{section}.{member}\" is no name of an environment variable. Secrets do not belong into settings: put it into a variable and write the variable's name here.");
            return null;
        }

        return new CredentialSettings(source, file, profile, keyId, secret, token, origin);
    }

    private static UpstreamTls Tls(SettingValues values, string at, UpstreamTlsSettings upstream, ProblemList problems)
    {
        string section = at + ".tls";
        ClientCertificateSettings? certificate = null;
        if (values.TextOrNull(section + ".clientCertificateId") is { } id)
        {
            certificate = upstream.ClientCertificates.FirstOrDefault(known => known.Id == id);
            if (certificate is null)
            {
                problems.Error(ProblemCode.UnknownName, values.OriginOf(section + ".clientCertificateId"),
                    $"\"{section}.clientCertificateId\" is \"{id}\", which no item of upstream.tls.clientCertificates has as its id.{Suggest.DidYouMean(id, upstream.ClientCertificates.Select(static known => known.Id))} Correct it, or add the certificate.");
            }
        }

        return new UpstreamTls
        {
            InsecureSkipVerification = values.Boolean(section + ".insecureSkipVerification"),
            CaFile = values.TextOrNull(section + ".caFile"),
            ServerName = values.TextOrNull(section + ".serverName"),
            ClientCertificateFile = certificate?.Certificate,
            ClientKeyFile = certificate?.Key,
        };
    }

    private static Origin? OriginOf(SettingValues values, string at) =>
        s_ways.Concat(s_members.Select(static member => member.Member)).Select(member => values.OriginOf($"{at}.{member}")).FirstOrDefault(static place => place is not null);
}
