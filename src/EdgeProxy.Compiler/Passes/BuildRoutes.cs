using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Tls;
using KeySource = EdgeProxy.Gateway.UsagePlans.ApiKeySource;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;
using PassthroughBehavior = EdgeProxy.Gateway.Snapshots.PassthroughBehavior;
using UpstreamProtocol = EdgeProxy.Http.Client.UpstreamProtocol;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Turns checked methods into routes: the border between what an operator wrote and what a request meets.</summary>
internal static class BuildRoutes
{
    private static readonly Utf8Text[] s_verbs = ["GET", "POST", "ANY", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"];

    /// <summary>Runs the pass.</summary>
    /// <param name="api">A definition without errors.</param>
    /// <param name="serving">How each method is served, from <see cref="CheckSupport"/>.</param>
    /// <param name="models">The models, from <see cref="CompileModels"/>.</param>
    /// <param name="templates">The mapping templates, from <see cref="CompileTemplates"/>.</param>
    /// <param name="options">How long the node waits for integrations.</param>
    /// <param name="problems">Gets what the router finds that no earlier pass did, and whose time-outs are cut.</param>
    public static DeploymentPlan Run(ApiDefinition api, IReadOnlyList<Serving> serving, CompileModels models, CompileTemplates templates, CheckOptions options, ProblemList problems)
    {
        var builder = new RouteTableBuilder<RestRules>(api.Methods.Count);
        var selections = new BuildSelections();
        var mappings = new BuildMappings();
        var routes = new RoutePlan[api.Methods.Count];
        for (int i = 0; i < routes.Length; i++)
        {
            MethodDefinition method = api.Methods[i];
            int ordinal = method.Verb == "ANY" ? builder.AddAny(method.Path) : builder.Add(HttpMethods.Find(VerbText(method.Verb).Span), method.Path);

            // Never served without the control that its author wrote.
            Serving served = serving[i] == Serving.Open && !models.CanValidate(method) ? Serving.ClosedForConfiguration : serving[i];
            routes[i] = Build(api, method, served, ordinal, selections, mappings, models, templates, options.LongestTimeoutInMillis);
        }

        WarnOfCut(api, options.LongestTimeoutInMillis, problems);
        RouteTable<RestRules> table = builder.Build(out IReadOnlyList<RouteProblem> found);
        foreach (RouteProblem problem in found)
        {
            // An HTTP API is served closed as a whole; what only its own rules allow is no mistake.
            if (api.Kind == Definitions.ApiKind.Rest) problems.Error(ProblemCode.BadPath, api.Methods[problem.Ordinal].Origin, problem.Message);
        }

        return new DeploymentPlan(api.Id, table, routes)
        {
            GatewayResponses = BuildGatewayResponses.Run(api),
            BinaryTypes = api.BinaryMediaTypes.Count == 0 ? BinaryMediaTypes.None : new BinaryMediaTypes(api.BinaryMediaTypes),
            MinimumCompressionSize = api.MinimumCompressionSize ?? -1,
        };
    }

    private static RoutePlan Build(ApiDefinition api, MethodDefinition method, Serving serving, int ordinal, BuildSelections selections, BuildMappings mappings, CompileModels models, CompileTemplates templates, int longestTimeout)
    {
        string[] names = PathSyntax.Names(method.Path);
        IntegrationPlan integration = serving == Serving.Open ? Build(method, method.Integration!, names, selections, mappings, templates, longestTimeout) : ClosedPlan.Instance;
        return new RoutePlan
        {
            Ordinal = ordinal,
            ResourcePath = method.Path,
            Method = VerbText(method.Verb),
            ParameterNames = names.Length == 0 ? [] : Array.ConvertAll(names, static name => new Utf8Text(name)),
            IsGreedy = method.Path.EndsWith("+}", StringComparison.Ordinal),
            ResourceId = ResourceId(method.Path),
            OperationName = method.OperationName is null ? Utf8Text.Empty : method.OperationName,
            ApiKeySource = !method.ApiKeyRequired ? KeySource.None : api.ApiKeySource == Definitions.ApiKeySource.Authorizer ? KeySource.Authorizer : KeySource.Header,
            RequestBody = RequestNeedOf(integration),
            ResponseBody = ResponseNeedOf(integration),
            Validation = serving == Serving.Open ? models.PlanOf(method, names) : ValidationPlan.None,
            CacheKey = method.Integration is { } written ? BuildCacheKeys.Run(written, names) : null,
            CachePolicy = method.CachePolicy is { } policy ? CachePolicyOf(policy) : null,
            Integration = integration,
            ClosedBy = serving switch
            {
                Serving.ClosedForAccessControl => GatewayResponseType.AuthorizerConfigurationError,
                Serving.ClosedForConfiguration => GatewayResponseType.ApiConfigurationError,
                _ => GatewayResponseType.None,
            },
        };
    }

    private static CachePolicy? CachePolicyOf(CachePolicyDefinition policy)
    {
        bool isJudged = policy.Rfc9111 == true;
        if (!isJudged && policy.Coalesce != true && policy.CompressedVariants != true) return null;
        return new CachePolicy
        {
            Rules = !isJudged ? null : new FreshnessRules
            {
                HeuristicPercent = policy.HeuristicPercent ?? FreshnessRules.Default.HeuristicPercent,
                StaleWhileRevalidate = policy.StaleWhileRevalidate ?? FreshnessRules.Default.StaleWhileRevalidate,
                StaleIfError = policy.StaleIfError ?? FreshnessRules.Default.StaleIfError,
                Keep = policy.KeepExpired ?? FreshnessRules.Default.Keep,
                HonorsRequests = policy.HonorRequests ?? FreshnessRules.Default.HonorsRequests,
            },
            Coalesces = policy.Coalesce == true,
            StoresVariants = policy.CompressedVariants == true,
        };
    }

    // What streams has a limit of its own, far above what anybody waits for an answer held whole (rest-api.md 5.12).
    private static bool IsCut(IntegrationDefinition integration, int longest) =>
        integration.ResponseTransferMode != ResponseTransferMode.Stream && (integration.TimeoutInMillis ?? CheckOptions.ServiceTimeoutInMillis) > longest;

    // Once for an API: an export of the service's names the same time-out at every method.
    private static void WarnOfCut(ApiDefinition api, int longest, ProblemList problems)
    {
        int count = 0;
        MethodDefinition? first = null;
        foreach (MethodDefinition method in api.Methods)
        {
            if (api.Kind != Definitions.ApiKind.Rest || method.Integration is not { TimeoutInMillis: not null } integration || !IsCut(integration, longest)) continue;
            first ??= method;
            count++;
        }

        if (first is null) return;
        string others = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", and {count - 1} more like it,");
        problems.Warning(ProblemCode.OutOfRange, first.Integration!.OriginOf("timeoutInMillis"), string.Create(CultureInfo.InvariantCulture,
            $"{first.Verb} {first.Path} waits {first.Integration.TimeoutInMillis} ms for its integration{others} and this node at most {longest}: it is served with that. Raise timeouts.integration to wait longer."));
    }

    // An event holds the body, and so may what a function is sent.
    private static BodyNeed RequestNeedOf(IntegrationPlan plan)
    {
        if (plan is LambdaIntegrationPlan) return BodyNeed.Whole;
        if (plan is HttpIntegrationPlan { MapsBody: true } || Array.Exists(plan.RequestTemplates.Templates, static template => template.ReadsBody)) return BodyNeed.Whole;

        // A mock looks into a request for its status, unless a template is sure to name one.
        if (plan is not MockPlan { RequestTemplates: var templates } || templates.Passthrough == PassthroughBehavior.Never) return BodyNeed.None;
        bool oneIsEmpty = Array.Exists(templates.Templates, static template => template.IsEmpty);
        bool oneTakesAll = Array.Exists(templates.Templates, static template => template.MediaType.Span.SequenceEqual("$default"u8));
        bool othersAreRefused = templates.Passthrough == PassthroughBehavior.WhenNoTemplates && templates.Templates.Length > 0;
        return !oneIsEmpty && (oneTakesAll || othersAreRefused) ? BodyNeed.None : BodyNeed.Whole;
    }

    // A mock has no body that could be waited for.
    private static BodyNeed ResponseNeedOf(IntegrationPlan plan) =>
        plan is HttpPlan http && http.Responses.All.Any(static response => response.MapsBody || Array.Exists(response.Templates, static template => template.ReadsBody)) ? BodyNeed.Whole : BodyNeed.None;

    private static IntegrationPlan Build(MethodDefinition method, IntegrationDefinition integration, string[] names, BuildSelections selections, BuildMappings mappings, CompileTemplates templates, int longestTimeout)
    {
        ParameterMapping[] parameters = mappings.Run(integration, names);
        int written = integration.TimeoutInMillis ?? CheckOptions.ServiceTimeoutInMillis;
        long timeout = (IsCut(integration, longestTimeout) ? longestTimeout : written) * 1_000_000L;
        switch (integration.Kind)
        {
            case IntegrationKind.HttpProxy:
                return new HttpProxyPlan
                {
                    StreamsAnswer = integration.ResponseTransferMode == ResponseTransferMode.Stream,
                    Method = VerbOf(integration),
                    KnownMethod = KnownVerbOf(integration),
                    Uri = UriTemplate.Parse(integration.Uri!),
                    RequestParameters = parameters,
                    TimeoutNanoseconds = timeout,
                    Upstream = UpstreamOf(integration),
                };
            case IntegrationKind.Http:
                return new HttpPlan
                {
                    Method = VerbOf(integration),
                    KnownMethod = KnownVerbOf(integration),
                    Uri = UriTemplate.Parse(integration.Uri!),
                    RequestParameters = parameters,
                    TimeoutNanoseconds = timeout,
                    Upstream = UpstreamOf(integration),
                    Conversion = ConversionOf(integration.ContentHandling),
                    RequestTemplates = Templates(integration, templates),
                    Responses = Responses(method, integration, selections, mappings, templates),
                };
            case IntegrationKind.AwsProxy:
                return new LambdaProxyPlan
                {
                    Uri = UriTemplate.Parse(integration.Uri!),
                    IsPost = integration.HttpMethod == "POST",
                    RequestParameters = parameters,
                    TimeoutNanoseconds = timeout,
                    StreamsAnswer = integration.ResponseTransferMode == Definitions.ResponseTransferMode.Stream,
                };
            case IntegrationKind.Aws:
                return new LambdaPlan
                {
                    Uri = UriTemplate.Parse(integration.Uri!),
                    IsPost = integration.HttpMethod == "POST",
                    RequestParameters = parameters,
                    TimeoutNanoseconds = timeout,
                    Conversion = ConversionOf(integration.ContentHandling),
                    RequestTemplates = Templates(integration, templates),
                    Responses = selections.Run(integration.Responses, Plans(method, integration, mappings, templates)),
                };
            case IntegrationKind.Mock:
                return new MockPlan
                {
                    RequestParameters = parameters,
                    TimeoutNanoseconds = timeout,
                    Conversion = ConversionOf(integration.ContentHandling),
                    RequestTemplates = Templates(integration, templates),
                    Responses = Responses(method, integration, selections, mappings, templates),
                };
            default:
                return ClosedPlan.Instance; // CheckSupport has closed it already
        }
    }

    private static ContentConversion ConversionOf(ContentHandling handling) => handling switch
    {
        ContentHandling.ConvertToBinary => ContentConversion.ToBinary,
        ContentHandling.ConvertToText => ContentConversion.ToText,
        _ => ContentConversion.None,
    };

    private static UpstreamPlan UpstreamOf(IntegrationDefinition integration)
    {
        if (integration.Upstream is null && integration.Tls is null && integration.Connection != ConnectionKind.VpcLink) return UpstreamPlan.Default;
        UpstreamDefinition upstream = integration.Upstream ?? new UpstreamDefinition();
        return new UpstreamPlan
        {
            Protocol = upstream.Protocol switch
            {
                Definitions.UpstreamProtocol.Http1 => UpstreamProtocol.Http1,
                Definitions.UpstreamProtocol.Http2 => UpstreamProtocol.Http2,
                Definitions.UpstreamProtocol.Auto => UpstreamProtocol.Auto,
                _ => null,
            },
            Trailers = upstream.Trailers switch
            {
                true => TrailerRule.Always,
                false => TrailerRule.Never,
                null => TrailerRule.WithHttp2,
            },
            Links = integration.Connection == ConnectionKind.VpcLink ? [.. new[] { integration.Target, integration.ConnectionId }.OfType<string>().Select(UriTemplate.Parse)] : [],
            Targets = [.. (upstream.Targets ?? []).Select(static target => new TargetPlan(UriTemplate.Parse(target.Address), target.Weight))],
            Adjust = BuildPolicy.AdjustmentOrNull(upstream),
            Tls = new UpstreamTls
            {
                InsecureSkipVerification = integration.Tls is { InsecureSkipVerification: true },
                CaFile = upstream.CaFile,
                ClientCertificateFile = upstream.ClientCertificateFile,
                ClientKeyFile = upstream.ClientKeyFile,
                ServerName = integration.Tls?.ServerNameToVerify ?? upstream.ServerName,
            },
        };
    }

    private static Utf8Text VerbOf(IntegrationDefinition integration) => integration.HttpMethod is null or "ANY" ? Utf8Text.Empty : VerbText(integration.HttpMethod);

    private static HttpMethod KnownVerbOf(IntegrationDefinition integration) =>
        integration.HttpMethod is null or "ANY" ? HttpMethod.Other : HttpMethods.Find(VerbText(integration.HttpMethod).Span);

    // Every route has one of a few.
    private static Utf8Text VerbText(string verb)
    {
        foreach (Utf8Text known in s_verbs)
        {
            if (known.ToString() == verb) return known;
        }

        return verb;
    }

    private static RequestTemplates Templates(IntegrationDefinition integration, CompileTemplates templates) => new(
        Plans(integration.RequestTemplates, templates),
        integration.PassthroughBehavior switch
        {
            Definitions.PassthroughBehavior.WhenNoTemplates => PassthroughBehavior.WhenNoTemplates,
            Definitions.PassthroughBehavior.Never => PassthroughBehavior.Never,
            _ => PassthroughBehavior.WhenNoMatch,
        });

    private static BodyTemplate[] Plans(IReadOnlyList<TemplateDefinition> definitions, CompileTemplates templates)
    {
        if (definitions.Count == 0) return [];
        var plans = new BodyTemplate[definitions.Count];
        for (int i = 0; i < plans.Length; i++) plans[i] = templates.PlanOf(definitions[i]);
        return plans;
    }

    private static ResponseSelection Responses(MethodDefinition method, IntegrationDefinition integration, BuildSelections selections, BuildMappings mappings, CompileTemplates templates)
    {
        var patterns = new string?[integration.Responses.Count];
        for (int i = 0; i < patterns.Length; i++) patterns[i] = integration.Responses[i].SelectionPattern;
        return selections.Run(patterns, Plans(method, integration, mappings, templates));
    }

    private static ResponsePlan[] Plans(MethodDefinition method, IntegrationDefinition integration, BuildMappings mappings, CompileTemplates templates)
    {
        var plans = new ResponsePlan[integration.Responses.Count];
        for (int i = 0; i < plans.Length; i++)
        {
            IntegrationResponseDefinition response = integration.Responses[i];
            plans[i] = new ResponsePlan
            {
                Status = response.StatusCode,
                Pattern = response.SelectionPattern ?? "",
                IsDeclared = Declares(method, response.StatusCode),
                Conversion = ConversionOf(response.ContentHandling),
                Parameters = mappings.Run(response),
                Templates = Plans(response.ResponseTemplates, templates),
            };
        }

        return plans;
    }

    private static bool Declares(MethodDefinition method, int status)
    {
        for (int i = 0; i < method.Responses.Count; i++)
        {
            if (method.Responses[i].StatusCode == status) return true;
        }

        return false;
    }

    // Six letters and digits that stay the same for the same path, as a console shows them.
    private static string ResourceId(string path)
    {
        const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
        ulong hash = 14695981039346656037;
        foreach (char c in path) hash = (hash ^ c) * 1099511628211;
        Span<char> id = stackalloc char[6];
        foreach (ref char c in id)
        {
            c = Alphabet[(int)(hash % 36)];
            hash /= 36;
        }

        return new string(id);
    }
}
