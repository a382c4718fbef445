using EdgeProxy.ControlPlane.Management;
using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Settings;

/// <summary>Makes the records from collected values, and checks what only shows when they stand side by side.</summary>
internal static class NodeSettingsBuilder
{
    public static NodeSettings Build(SettingValues values, SettingSources sources, ProblemList problems)
    {
        UpstreamTlsSettings upstreamTls = TlsSettingsBuilder.Upstream(values, problems);
        NodeSettings settings = new()
        {
            Listeners = Listeners(values, sources, problems),
            Admin = new AdminSettings(values.UrlOrNull("admin.url"), values.Cidrs("admin.metricsAllow"), values.Number("admin.signatureSkew"), values.ThrottleOrNull("admin.rate"), values.Count("admin.replays")),
            AdminHosts = values.Texts("admin.hosts"),
            AdminCredentials = AdminCredentialsBuilder.Build(values, problems),
            Loops = OrNull(values.Count("loops")),
            LoopBackend = values.Text("loopBackend") switch
            {
                "epoll" => LoopBackend.Epoll,
                "io_uring" => LoopBackend.IoUring,
                _ => LoopBackend.Automatic,
            },
            Data = values.TextOrNull("data"),
            Limits = new LimitSettings
            {
                RequestLine = values.Count("limits.requestLine"),
                HeaderBytes = values.Count("limits.headerBytes"),
                HeaderCount = values.Count("limits.headerCount"),
                ChunkExtension = values.Count("limits.chunkExtension"),
                Trailers = values.Count("limits.trailers"),
                TrailerCount = values.Count("limits.trailerCount"),
                Body = values.Number("limits.body"),
                ResponseBody = values.Number("limits.responseBody"),
                HeldBody = values.Number("limits.heldBody"),
                FunctionHeaderBytes = values.Count("limits.functionHeaderBytes"),
                FunctionHeaderCount = values.Count("limits.functionHeaderCount"),
                FunctionPayload = values.Count("limits.functionPayload"),
                DecodedBody = values.Number("limits.decodedBody"),
                DecodedRatio = values.Count("limits.decodedRatio"),
                ContentCodings = values.Count("limits.contentCodings"),
                RequestsPerConnection = values.Count("limits.requestsPerConnection"),
                AccountThrottle = values.ThrottleOrNull("limits.accountThrottle"),
            },
            Timeouts = new TimeoutSettings
            {
                Handshake = values.Number("timeouts.handshake"),
                Headers = values.Number("timeouts.headers"),
                Body = values.Number("timeouts.body"),
                BodyMinRate = values.Number("timeouts.bodyMinRate"),
                BodyMinRateGrace = values.Number("timeouts.bodyMinRateGrace"),
                Idle = values.Number("timeouts.idle"),
                Write = values.Number("timeouts.write"),
                Connect = values.Number("timeouts.connect"),
                Stream = values.Number("timeouts.stream"),
                StreamedAnswer = values.Number("timeouts.streamedAnswer"),
                Integration = values.Number("timeouts.integration"),
            },
            Connections = new ConnectionSettings(OrNull(values.Count("connections.total")), values.Count("connections.perIp")),
            Http2 = new Http2Options
            {
                MaxConcurrentStreams = values.Count("h2.maxConcurrentStreams"),
                StreamWindow = values.Count("h2.streamWindow"),
                ConnectionWindow = values.Count("h2.connectionWindow"),
                MaxHeaderList = values.Count("h2.maxHeaderList"),
                HeaderBlock = values.Count("h2.headerBlock"),
                ContinuationFrames = values.Count("h2.continuationFrames"),
                ResetBudget = values.Count("h2.resetBudget"),
                ResetRefill = values.Count("h2.resetRefill"),
                ControlFramesPer10s = values.Count("h2.controlFramesPer10s"),
                EmptyFrames = values.Count("h2.emptyFrames"),
                OutputFrames = values.Count("h2.outputFrames"),
                StreamStall = values.Number("h2.streamStall"),
                ConnectionAge = values.Number("h2.connectionAge"),
            },
            Upstream = new UpstreamSettings
            {
                Protocol = ProtocolOf(values),
                MaxConnections = values.Count("upstream.maxConnections"),
                MaxIdle = values.Count("upstream.maxIdle"),
                IdleTimeout = values.Number("upstream.idleTimeout"),
                MaxStreams = values.Count("upstream.maxStreams"),
                StreamWindow = values.Count("upstream.streamWindow"),
                Queue = values.Count("upstream.queue"),
                DnsTtl = values.Number("upstream.dnsTtl"),
                Policy = UpstreamPolicyBuilder.Build(values, problems),
            },
            VpcLinks = VpcLinks(values, problems),
            UpstreamTls = upstreamTls,
            Tls = TlsSettingsBuilder.Server(values, sources, problems),
            Domains = TlsSettingsBuilder.Domains(values, problems),
            Lambda = LambdaSettingsBuilder.Build(values, ProtocolOf(values), upstreamTls, problems),
            Desync = values.Text("desync.mode") switch
            {
                "defensive" => DesyncMode.Defensive,
                "monitor" => DesyncMode.Monitor,
                _ => DesyncMode.Strict,
            },
            DotSegments = values.Text("paths.dotSegments") switch
            {
                "resolve" => DotSegments.Resolve,
                "keep" => DotSegments.Keep,
                _ => DotSegments.Reject,
            },
            RejectUnderscore = values.Boolean("headers.rejectUnderscore"),
            TrustedProxies = values.Cidrs("trustedProxies"),
            Compression = new CompressionSettings(Codings(values, "compression.decode", problems), Codings(values, "compression.codings", problems), values.Count("compression.level")),
            Templates = new TemplateSettings(
                values.Count("templates.output"), values.Count("templates.text"), values.Count("templates.items"), values.Count("templates.steps"),
                values.Count("templates.iterations"), values.Count("templates.calls"), values.Count("templates.nesting"), values.Boolean("templates.emptyTextIsFalse")),
            Validation = new ValidationSettings(values.Count("validation.depth"), values.Count("validation.steps")),
            Cache = new NodeCacheSettings(values.Number("cache.maxBytes"), values.Count("cache.maxEntry"), values.Count("cache.maxKey"))
            {
                CoalesceWaiters = values.Count("cache.coalesceWaiters"),
                CoalesceWait = values.Number("cache.coalesceWait"),
                Refreshes = values.Count("cache.refreshes"),
            },
            Overload = new OverloadSettings(values.Number("overload.delay") is > 0 and var delay ? delay : null, values.Number("overload.interval")),
            Explain = new ExplainSettings(values.Count("explain.body"), values.Count("explain.steps"), values.Count("explain.output")),
            Management = ManagementOf(values, problems),
            Logs = new LogSettings(values.Text("logs.level"), LogPath("logs.access.path", values, sources), values.Count("logs.access.queue")),
            Audit = new AuditSettings(LogPath("audit.path", values, sources), values.Count("audit.maxRecords"), values.Count("audit.buffer")),
            Metrics = new MetricsSettings(values.Boolean("metrics.detailed"), values.Count("metrics.maxSeries")),
            Drain = new DrainSettings(values.Number("drain.grace"), values.Number("drain.timeout")),
            ApiKeys = UsagePlanSettingsBuilder.Keys(values, problems),
            ApiKeyFile = values.TextOrNull("apiKeys.file"),
            ApiKeyFileOrigin = values.OriginOf("apiKeys.file"),
            UsagePlans = UsagePlanSettingsBuilder.Plans(values, problems),
            Apis = Apis(values, sources, problems),
        };

        CheckPorts(settings, values, problems);
        CheckTls(settings, values, problems);
        return settings;
    }

    private static List<VpcLinkSettings> VpcLinks(SettingValues values, ProblemList problems)
    {
        var links = new List<VpcLinkSettings>();
        foreach (string at in values.ItemsOf("upstream.vpcLinks"))
        {
            if (values.TextOrNull(at + ".id") is not { } id || values.TextOrNull(at + ".address") is not { } address)
            {
                // What the file lacks was reported; the environment may still name a part of a link.
                continue;
            }

            if (!HostPort.TryParse(address, out string host, out int? port, out _))
            {
                problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".address"), $"\"{at}.address\" is \"{address}\". Write it as HOST or HOST:PORT, for example 10.0.0.7:8080.");
                continue;
            }

            if (links.Exists(other => other.Id == id))
            {
                problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".id"), $"\"{at}.id\": the link \"{id}\" is described twice. Put all of it in one place.");
                continue;
            }

            links.Add(new VpcLinkSettings(id, host, port));
        }

        return links;
    }

    private static UpstreamProtocol ProtocolOf(SettingValues values) => values.Text("upstream.protocol") switch
    {
        "h2" => UpstreamProtocol.Http2,
        "auto" => UpstreamProtocol.Auto,
        _ => UpstreamProtocol.Http1,
    };

    private static List<ListenerSettings> Listeners(SettingValues values, SettingSources sources, ProblemList problems)
    {
        var listeners = new List<ListenerSettings>();
        foreach (string at in values.ItemsOf("listeners"))
        {
            if (values.UrlOrNull(at + ".url") is not { } url)
            {
                SettingValues.TellMissing(at, "url", values.OriginOf(at + ".name"), problems);
                continue;
            }

            string name = values.TextOrNull(at + ".name") ?? DefaultName(listeners.Count);
            if (listeners.Exists(other => other.Name == name) || name == "admin")
            {
                problems.Error(ProblemCode.NotAllowed, values.OriginOf(at + ".name"), $"\"{at}.name\": the name \"{name}\" is taken by another listener. Give each its own.");
            }

            listeners.Add(new ListenerSettings(url, name, values.Boolean(at + ".http2"), values.Boolean(at + ".proxyProtocol")));
        }

        if (problems.HasErrors) return listeners;
        if (listeners.Count == 0) listeners.Add(StandardListener("http://0.0.0.0:8080", DefaultName(0)));

        // For trying out nobody should have to know of listeners.
        if (sources is { TlsSelfSigned: true, Listen.Count: 0 } && !listeners.Exists(listener => listener.Url.IsTls)) listeners.Add(StandardListener("https://127.0.0.1:8443", "tls"));
        return listeners;
    }

    private static ListenerSettings StandardListener(string text, string name)
    {
        ListenUrl.TryParse(text, out ListenUrl? url, out _);
        return new ListenerSettings(url!, name, Http2: true, ProxyProtocol: false);
    }

    private static string DefaultName(int ordinal) => ordinal == 0 ? "data" : string.Create(CultureInfo.InvariantCulture, $"data-{ordinal + 1}");

    private static List<ApiSettings> Apis(SettingValues values, SettingSources sources, ProblemList problems)
    {
        var apis = new List<ApiSettings>();
        foreach (string at in values.ItemsOf("apis"))
        {
            if (values.RequiredOrNull(at, "file", values.OriginOf(at + ".stage"), problems) is not { } file) continue;
            string? basePath = values.TextOrNull(at + ".basePath");
            if (basePath is not null && !basePath.StartsWith('/'))
            {
                problems.Error(ProblemCode.BadFormat, values.OriginOf(at + ".basePath"), $"\"{at}.basePath\" is \"{basePath}\": it must start with /.");
            }

            apis.Add(new ApiSettings
            {
                File = file,
                DisplayFile = Display(file, sources.WorkingDirectory),
                Id = values.TextOrNull(at + ".id"),
                Name = values.TextOrNull(at + ".name"),
                Type = values.TextOrNull(at + ".type"),
                Domains = values.Texts(at + ".domains"),
                BasePath = basePath,
                Stage = values.Text(at + ".stage"),
                StageVariables = values.Map(at + ".stageVariables"),
                Throttle = values.ThrottleOrNull(at + ".throttle"),
                Concurrency = values.ConcurrencyOrNull(at + ".concurrency"),
                Cache = Cache(values, at + ".cache"),
                CacheHeader = values.TextOrNull(at + ".cache.header"),
                Methods = values.Methods(at + ".methods"),
                Canary = Canary(values, at + ".canary", sources),
                ClientCertificateId = ClientCertificateId(values, at + ".clientCertificateId", problems),
                Origin = values.OriginOf(at + ".file"),
            });
        }

        string stage = SettingsReference.Find("apis[].stage")!.Default!;
        foreach (string file in sources.ApiFiles)
        {
            // A file that the settings describe as well is served as they describe it.
            string full = Path.GetFullPath(file, sources.WorkingDirectory);
            if (!apis.Exists(api => api.File == full)) apis.Add(new ApiSettings { File = full, DisplayFile = file, Stage = stage });
        }

        return apis;
    }

    private static CacheSettings Cache(SettingValues values, string at)
    {
        var cache = new CacheSettings { Enabled = values.Boolean(at + ".enabled"), Ttl = values.Number(at + ".ttl"), RequireAuthorization = values.Boolean(at + ".requireAuthorizationForCacheControl") };
        return cache.With("unauthorizedCacheControlHeaderStrategy", values.Text(at + ".unauthorizedCacheControlHeaderStrategy"));
    }

    private static CanarySettings? Canary(SettingValues values, string at, SettingSources sources)
    {
        if (!values.Has(at + ".percent") && !values.Has(at + ".file") && !values.Has(at + ".stageVariables")) return null;
        string? file = values.TextOrNull(at + ".file");
        return new CanarySettings
        {
            File = file,
            DisplayFile = file is null ? null : Display(file, sources.WorkingDirectory),
            UseStageCache = values.Boolean(at + ".useStageCache"),
            Percent = values.PercentOrNull(at + ".percent") ?? 0,
            StageVariables = values.Map(at + ".stageVariables"),
            Origin = values.OriginOf(at + ".file") ?? values.OriginOf(at + ".percent") ?? values.OriginOf(at + ".stageVariables"),
        };
    }

    private static ManagementSettings ManagementOf(SettingValues values, ProblemList problems)
    {
        string account = values.Text("management.account");
        if (account.Length != 12 || !account.All(char.IsAsciiDigit))
        {
            problems.Error(ProblemCode.BadFormat, values.OriginOf("management.account"), $"\"management.account\" is \"{account}\": an account has twelve digits. In YAML, put them in quotes where they begin with a zero.");
        }

        return new ManagementSettings(values.Count("management.body"), new ManagementOptions
        {
            Region = values.Text("management.region"),
            AccountId = account,
            AutoDeploy = values.Boolean("management.autoDeploy"),
            Limits = new ManagementLimits
            {
                Apis = values.Count("management.limits.apis"),
                ResourcesPerApi = values.Count("management.limits.resources"),
                StagesPerApi = values.Count("management.limits.stages"),
                AutoDeploymentsKept = values.Count("management.limits.autoDeployments"),
                Entries = values.Count("management.limits.entries"),
                AuthorizersPerApi = values.Count("management.limits.authorizers"),
                StageVariables = values.Count("management.limits.stageVariables"),
                Tags = values.Count("management.limits.tags"),
                DocumentationParts = values.Count("management.limits.documentationParts"),
                DefinitionsPerApi = values.Count("management.limits.definitions"),
                ModelSchemaBytes = values.Count("management.limits.modelSchema"),
                DocumentationPartBytes = values.Count("management.limits.documentationPart"),
                DocumentationVersions = values.Count("management.limits.documentationVersions"),
                PolicyCharacters = values.Count("management.limits.policy"),
                PathCharacters = values.Count("management.limits.path"),
                IntegrationTimeoutMilliseconds = (int)(values.Number("timeouts.integration") / 1_000_000),
                ApiKeys = values.Count("management.limits.apiKeys"),
                UsagePlans = values.Count("management.limits.usagePlans"),
                UsagePlansPerKey = values.Count("management.limits.usagePlansPerKey"),
                MethodThrottlesPerStage = values.Count("management.limits.methodThrottles"),
                VpcLinks = values.Count("management.limits.vpcLinks"),
                ClientCertificates = values.Count("management.limits.clientCertificates"),
                ApiMappingsPerDomain = values.Count("management.limits.apiMappings"),
                DomainNames = values.Count("management.limits.domainNames"),
                RoutingRules = values.Count("management.limits.routingRules"),
                JwtAudiences = values.Count("management.limits.jwtAudiences"),
                Members = values.Count("management.limits.members"),
                PatchOperations = values.Count("management.limits.patchOperations"),
                ListEntries = values.Count("management.limits.listEntries"),
                DocumentBytes = values.Count("management.limits.document"),
                FlattenedModel = values.Count("management.limits.flattenedModel"),
                TestAnswerBytes = values.Count("management.limits.testAnswer"),
                AuthorizerReplyBytes = values.Count("management.limits.authorizerReply"),
                CertificateBytes = values.Count("management.limits.certificate"),
            },
        });
    }

    // Two listeners at one address: the second bind would fail at start, with less to go by.
    private static void CheckPorts(NodeSettings settings, SettingValues values, ProblemList problems)
    {
        var taken = new Dictionary<(Core.Text.IpAddress, int), string>();
        foreach (ListenerSettings listener in settings.Listeners)
        {
            if (listener.Url.Port != 0 && !taken.TryAdd((listener.Url.Address, listener.Url.Port), listener.Name))
            {
                problems.Error(ProblemCode.NotAllowed, null, $"The listener \"{listener.Name}\" is at {listener.Url}, where \"{taken[(listener.Url.Address, listener.Url.Port)]}\" is already. Give it another port.");
            }
        }

        if (settings.Admin.Url is not { } admin) return;
        if (admin.Port != 0 && taken.TryGetValue((admin.Address, admin.Port), out string? name))
        {
            problems.Error(ProblemCode.NotAllowed, values.OriginOf("admin.url"), $"\"admin.url\" is {admin}, where the listener \"{name}\" is already. Give it another port.");
        }
    }

    // What the files hold is looked at later, when they are loaded; that there are none at all shows here.
    private static void CheckTls(NodeSettings settings, SettingValues values, ProblemList problems)
    {
        bool any = settings.Tls.SelfSigned || settings.Tls.Certificates.Count > 0 || settings.Tls.CertificatesFolder is not null
            || settings.Domains.Any(domain => domain.Certificate is not null);
        if (any) return;
        foreach (string at in values.ItemsOf("listeners"))
        {
            if (values.UrlOrNull(at + ".url") is { IsTls: true } url) Refuse(at + ".url", url);
        }

        if (settings.Admin.Url is { IsTls: true } admin) Refuse("admin.url", admin);

        void Refuse(string at, ListenUrl url) =>
            problems.Error(ProblemCode.Missing, values.OriginOf(at), $"\"{at}\" is {url}, and there is no certificate. Name one in tls.certificates or tls.certificatesFolder, or try --tls-self-signed.");
    }

    private static string? ClientCertificateId(SettingValues values, string at, ProblemList problems)
    {
        if (values.TextOrNull(at) is not { } id) return null;
        string[] known = [.. values.ItemsOf("upstream.tls.clientCertificates").Select(item => values.TextOrNull(item + ".id")).OfType<string>()];
        if (!known.Contains(id, StringComparer.Ordinal))
        {
            problems.Error(ProblemCode.UnknownName, values.OriginOf(at), $"\"{at}\" is \"{id}\", which no item of upstream.tls.clientCertificates has as its id.{Suggest.DidYouMean(id, known)} Correct it, or add the certificate.");
        }

        return id;
    }

    private static List<ContentCoding> Codings(SettingValues values, string at, ProblemList problems)
    {
        var codings = new List<ContentCoding>();
        foreach (string name in values.Texts(at))
        {
            string[] known = Array.ConvertAll(Array.FindAll(Enum.GetValues<ContentCoding>(), static coding => coding != ContentCoding.Identity), ContentCodings.LabelOf);
            int index = Array.IndexOf(known, name);
            if (index >= 0) codings.Add((ContentCoding)(index + 1));
            else problems.Error(ProblemCode.NotAllowed, values.OriginOf(at), $"\"{at}\" has \"{name}\": it may hold {string.Join(", ", known)}.{Suggest.DidYouMean(name, known)}");
        }

        return codings;
    }

    private static string LogPath(string setting, SettingValues values, SettingSources sources)
    {
        string path = values.Text(setting);
        if (path is "stdout" or "off") return path;
        string directory = sources.File is not null && values.OriginOf(setting) is not null
            ? Path.GetDirectoryName(Path.GetFullPath(sources.File, sources.WorkingDirectory))!
            : sources.WorkingDirectory;
        return Path.GetFullPath(path, directory);
    }

    private static string Display(string file, string workingDirectory)
    {
        string relative = Path.GetRelativePath(workingDirectory, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static int? OrNull(int value) => value < 0 ? null : value;
}
