using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads an <c>x-amazon-apigateway-integration</c> object (openapi-and-templates.md 4.6).</summary>
internal sealed class IntegrationReader(ImportContext context)
{
    private static readonly string[] Members =
    [
        "type", "uri", "httpMethod", "credentials", "connectionType", "connectionId", "passthroughBehavior", "contentHandling", "timeoutInMillis",
        "cacheNamespace", "cacheKeyParameters", "requestParameters", "requestTemplates", "responses", "responseParameters", "payloadFormatVersion",
        "integrationSubtype", "responseTransferMode", "integrationTarget", "tlsConfig", "description",
    ];

    private static readonly string[] Verbs = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "ANY"];

    private readonly UpstreamReader _upstreams = new(context);
    private UpstreamDefinition? _apiUpstream;
    private bool _apiUpstreamRead;

    /// <summary>Reads a mapping; null when its type is neither known nor to be guessed.</summary>
    public IntegrationDefinition? Read(DocumentNode node)
    {
        Extensions.Check(node, DocumentPlace.Integration, "An integration", Members, context.Problems);

        // After a wrong type the guess is for the later checks alone, so that one run finds what else is wrong; nothing is served by it.
        IntegrationKind? kind = ReadKind(node) ?? Guess(node);
        var definition = new IntegrationDefinition
        {
            Kind = kind ?? IntegrationKind.Mock,
            Origin = node.Origin,
            Uri = context.TextOf(node, "uri", "uri"),
            HttpMethod = Word(node, "httpMethod", Verbs),
            TimeoutInMillis = ReadTimeout(node),
            Credentials = context.TextOf(node, "credentials", "credentials"),
            Connection = Word(node, "connectionType", ["INTERNET", "VPC_LINK"]) == "VPC_LINK" ? ConnectionKind.VpcLink : ConnectionKind.Internet,
            ConnectionId = context.TextOf(node, "connectionId", "connectionId"),
            Target = context.TextOf(node, "integrationTarget", "integrationTarget"),
            PassthroughBehavior = Word(node, "passthroughBehavior", ["when_no_match", "when_no_templates", "never"]) switch
            {
                "when_no_templates" => PassthroughBehavior.WhenNoTemplates,
                "never" => PassthroughBehavior.Never,
                _ => PassthroughBehavior.WhenNoMatch,
            },
            ContentHandling = ReadContentHandling(node),
            RequestParameters = node.Find("requestParameters") is { IsNull: false } parameters ? ReadMappings(parameters, "requestParameters", tolerant: true) : [],
            RequestTemplates = node.Find("requestTemplates") is { IsNull: false } templates ? ReadTemplates(templates, "requestTemplates") : [],
            Responses = node.Find("responses") is { IsNull: false } responses ? ReadResponses(responses) : [],
            ResponseParameters = node.Find("responseParameters") is { IsNull: false } byStatus ? ReadStatusMappings(byStatus) : [],
            Tls = node.Find("tlsConfig") is { IsNull: false } tls ? ReadTls(tls) : null,
            Upstream = ReadUpstream(node),
            ResponseTransferMode = Word(node, "responseTransferMode", ["BUFFERED", "STREAM"]) == "STREAM" ? ResponseTransferMode.Stream : ResponseTransferMode.Buffered,
            CacheNamespace = context.TextOf(node, "cacheNamespace", "cacheNamespace"),
            CacheKeyParameters = node.Find("cacheKeyParameters") is { IsNull: false } keys ? keys.ExpectStrings("cacheKeyParameters", context.Problems) : [],
            PayloadFormatVersion = ReadPayloadVersion(node),
            Subtype = context.TextOf(node, "integrationSubtype", "integrationSubtype"),
            MemberOrigins = node.Entries.ToDictionary(entry => entry.Name, entry => entry.Value.Origin, StringComparer.Ordinal),
        };
        return kind is null ? null : definition;
    }

    /// <summary>Reads <c>contentHandling</c> of an integration or of one of its responses.</summary>
    private ContentHandling ReadContentHandling(DocumentNode node) => Word(node, "contentHandling", ["CONVERT_TO_TEXT", "CONVERT_TO_BINARY"]) switch
    {
        "CONVERT_TO_TEXT" => ContentHandling.ConvertToText,
        "CONVERT_TO_BINARY" => ContentHandling.ConvertToBinary,
        _ => ContentHandling.Passthrough,
    };

    private UpstreamDefinition? ReadUpstream(DocumentNode node)
    {
        if (!_apiUpstreamRead)
        {
            _apiUpstream = _upstreams.ReadOrNull(context.Root);
            _apiUpstreamRead = true;
        }

        return _upstreams.ReadOrNull(node)?.Over(_apiUpstream) ?? _apiUpstream;
    }

    private IntegrationKind? ReadKind(DocumentNode node)
    {
        if (node.Find("type") is not { } type)
        {
            context.Problems.Error(ProblemCode.Missing, node.Origin, "type of the integration is missing. Say http_proxy, http, mock, aws_proxy or aws.");
            return null;
        }

        return type.ExpectOneOf("type of the integration", ["http_proxy", "http", "mock", "aws_proxy", "aws"], StringComparison.OrdinalIgnoreCase, context.Problems) switch
        {
            "http_proxy" => IntegrationKind.HttpProxy,
            "http" => IntegrationKind.Http,
            "mock" => IntegrationKind.Mock,
            "aws_proxy" => IntegrationKind.AwsProxy,
            "aws" => IntegrationKind.Aws,
            _ => null,
        };
    }

    private static IntegrationKind? Guess(DocumentNode node) =>
        node.Find("uri") is not { } uri || !uri.TryGetString(out string text) ? null
        : text.StartsWith("arn:", StringComparison.Ordinal) ? IntegrationKind.AwsProxy
        : IntegrationKind.HttpProxy;

    private int? ReadTimeout(DocumentNode node) =>
        node.Find("timeoutInMillis") is { IsNull: false } timeout ? (int?)timeout.ExpectInteger("timeoutInMillis", int.MinValue, int.MaxValue, context.Problems) : null;

    private string? ReadPayloadVersion(DocumentNode node)
    {
        if (node.Find("payloadFormatVersion") is not { IsNull: false } version || context.AnyText(version, "payloadFormatVersion") is not { } text) return null;
        switch (text)
        {
            case "1.0" or "1": return "1.0";
            case "2.0" or "2": return "2.0";
            default:
                context.Problems.Error(ProblemCode.NotAllowed, version.Origin, $"payloadFormatVersion is \"{text}\"; it must be \"1.0\" or \"2.0\".");
                return null;
        }
    }

    private TlsDefinition? ReadTls(DocumentNode node)
    {
        if (!node.ExpectMapping("tlsConfig", context.Problems)) return null;
        node.ExpectKeys("tlsConfig", ["insecureSkipVerification", "serverNameToVerify"], context.Problems);
        bool skip = node.Find("insecureSkipVerification") is { } flag && flag.ExpectBoolean("insecureSkipVerification", context.Problems) == true;
        return new TlsDefinition(skip, context.TextOf(node, "serverNameToVerify", "serverNameToVerify"), node.Origin);
    }

    private List<IntegrationResponseDefinition> ReadResponses(DocumentNode node)
    {
        var responses = new List<IntegrationResponseDefinition>();
        if (!node.ExpectMapping("responses of the integration", context.Problems)) return responses;
        foreach (DocumentEntry entry in node.Entries)
        {
            if (!entry.Value.ExpectMapping($"The integration response \"{entry.Name}\"", context.Problems)) continue;
            Extensions.Check(entry.Value, DocumentPlace.Other, "An integration response",
                ["statusCode", "responseParameters", "responseTemplates", "contentHandling", "description"], context.Problems);
            if (ReadStatus(entry) is not { } status) continue;
            responses.Add(new IntegrationResponseDefinition
            {
                SelectionPattern = entry.Name is "default" or "" ? null : entry.Name,
                PatternOrigin = entry.Key.Origin,
                StatusCode = status,
                Origin = entry.Value.Origin,
                ResponseParameters = entry.Value.Find("responseParameters") is { IsNull: false } parameters ? ReadMappings(parameters, "responseParameters", tolerant: false) : [],
                ResponseTemplates = entry.Value.Find("responseTemplates") is { IsNull: false } templates ? ReadTemplates(templates, "responseTemplates") : [],
                ContentHandling = ReadContentHandling(entry.Value),
            });
        }

        return responses;
    }

    private int? ReadStatus(DocumentEntry entry)
    {
        if (entry.Value.Find("statusCode") is not { } code)
        {
            context.Problems.Error(ProblemCode.Missing, entry.Value.Origin, $"statusCode of the integration response \"{entry.Name}\" is missing. Name the method response it leads to, for example statusCode: \"200\".");
            return null;
        }

        if (context.AnyText(code, "statusCode") is not { } text) return null;
        if (StatusCode.TryParse(text, out int status)) return status;
        context.Problems.Error(ProblemCode.OutOfRange, code.Origin, $"statusCode is \"{text}\"; it must be from 200 to 599.");
        return null;
    }

    private List<StatusMappingsDefinition> ReadStatusMappings(DocumentNode node)
    {
        var mappings = new List<StatusMappingsDefinition>();
        if (!node.ExpectMapping("responseParameters of the integration", context.Problems)) return mappings;
        if (context.Kind == ApiKind.Rest)
        {
            context.Problems.Error(ProblemCode.Ignored, (node.Entries.Count > 0 ? node.Entries[0].Key : node).Origin,
                "responseParameters of the integration itself is for HTTP APIs. In a REST API it stands in an entry of the integration's responses; move it there.");
            return mappings;
        }

        foreach (DocumentEntry entry in node.Entries)
        {
            if (!StatusCode.TryParse(entry.Name, out int status))
            {
                context.Problems.Error(ProblemCode.OutOfRange, entry.Key.Origin, $"responseParameters is for the status \"{entry.Name}\"; it must be from 200 to 599.");
                continue;
            }

            mappings.Add(new StatusMappingsDefinition(status, ReadMappings(entry.Value, "responseParameters", tolerant: false), entry.Value.Origin));
        }

        return mappings;
    }

    /// <summary>Reads target to source. API Gateway warns of a source that is not text and leaves it out (recorded), at the places that are tolerant.</summary>
    private List<ParameterMappingDefinition> ReadMappings(DocumentNode node, string what, bool tolerant)
    {
        var mappings = new List<ParameterMappingDefinition>();
        if (!node.ExpectMapping(what, context.Problems)) return mappings;
        foreach (DocumentEntry entry in node.Entries)
        {
            if (tolerant && !entry.Value.TryGetString(out _))
            {
                context.Problems.Warning(ProblemCode.WrongType, entry.Value.Origin,
                    $"{what} maps {entry.Name} from {entry.Value.Described}; API Gateway takes text only and ignores the entry. Put static values in two pairs of quotes: \"'{entry.Value.Text}'\".");
                continue;
            }

            if (context.Text(entry.Value, $"The source of {entry.Name}") is { } source) mappings.Add(new ParameterMappingDefinition(entry.Name, source, entry.Value.Origin));
        }

        return mappings;
    }

    private List<TemplateDefinition> ReadTemplates(DocumentNode node, string what)
    {
        var templates = new List<TemplateDefinition>();
        if (!node.ExpectMapping(what, context.Problems)) return templates;
        foreach (DocumentEntry entry in node.Entries)
        {
            // Exports of API Gateway hold null for "pass through", which is what an empty template does.
            string? text = entry.Value.IsNull ? "" : context.Text(entry.Value, $"The template of {entry.Name} in {what}");
            if (text is not null) templates.Add(new TemplateDefinition(entry.Name, text, entry.Value.Origin, entry.Value.Start));
        }

        return templates;
    }

    private string? Word(DocumentNode node, string member, IReadOnlyList<string> allowed) =>
        node.Find(member) is { IsNull: false } value ? value.ExpectOneOf(member, allowed, StringComparison.OrdinalIgnoreCase, context.Problems) : null;
}
