using System.Globalization;
using System.Text.Json;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Reads the integration within the record of a REST API's method (control-plane.md 1.6: Integration).</summary>
/// <param name="problems">Gets what makes no sense.</param>
internal sealed class ReadIntegration(ProblemList problems)
{
    /// <summary>What integrations get that ask for no time-out (control-plane.md 1.6).</summary>
    public const int DefaultTimeout = 29_000;

    /// <summary>
    /// A list beside <c>integrationResponses</c>, which has one response for each status: the others that a document has for a status that another response leads to already.
    /// </summary>
    public const string FurtherResponses = "x-edgeproxy-further-responses";

    private readonly ReadExtensions _extensions = new(problems);

    /// <summary>The integration; null when the member is none.</summary>
    /// <param name="json">At the name of the member, then at the end of its value.</param>
    /// <param name="record">What is read.</param>
    /// <param name="resourceId">The id of its resource, which is its own cache namespace.</param>
    public IntegrationDefinition? Run(ref Utf8JsonReader json, ReadOnlySpan<byte> record, string? resourceId)
    {
        string? type = null, uri = null, verb = null, credentials = null, connection = null, connectionId = null, target = null, passthrough = null, conversion = null, name = null, mode = null;
        int? timeout = null;
        IReadOnlyList<string> keys = [];
        IReadOnlyList<ParameterMappingDefinition> parameters = [];
        IReadOnlyList<TemplateDefinition> templates = [];
        List<IntegrationResponseDefinition>? responses = null;
        TlsDefinition? tls = null;
        UpstreamDefinition? upstream = null;

        if (!WireFields.Open(ref json)) return null;
        while (WireFields.Next(ref json))
        {
            if (json.ValueTextEquals("type"u8)) type = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("uri"u8)) uri = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("httpMethod"u8)) verb = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("credentials"u8)) credentials = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("connectionType"u8)) connection = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("connectionId"u8)) connectionId = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("integrationTarget"u8)) target = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("passthroughBehavior"u8)) passthrough = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("contentHandling"u8)) conversion = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("timeoutInMillis"u8)) timeout = WireFields.NumberOrNull(ref json);
            else if (json.ValueTextEquals("cacheNamespace"u8)) name = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("cacheKeyParameters"u8)) keys = WireFields.Texts(ref json);
            else if (json.ValueTextEquals("requestParameters"u8)) parameters = ReadMappings(ref json);
            else if (json.ValueTextEquals("requestTemplates"u8)) templates = ReadTemplates(ref json);
            else if (json.ValueTextEquals("integrationResponses"u8)) ReadResponses(ref json, ref responses);
            else if (json.ValueTextEquals("responseTransferMode"u8)) mode = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("tlsConfig"u8)) tls = ReadTls(ref json);
            else if (json.ValueTextEquals("x-edgeproxy-further-responses"u8)) ReadFurther(ref json, ref responses);
            else if (json.ValueTextEquals("x-edgeproxy-upstream"u8)) upstream = _extensions.Upstream(WireFields.Raw(ref json, record));
            else WireFields.Pass(ref json);
        }

        return new IntegrationDefinition
        {
            Kind = KindOf(type),
            Uri = uri,
            HttpMethod = verb,

            // What streams is not held to the node's patience, so that it needs what it says in full.
            TimeoutInMillis = timeout == DefaultTimeout && mode != "STREAM" ? null : timeout,
            Credentials = credentials,
            Connection = connection == "VPC_LINK" ? ConnectionKind.VpcLink : ConnectionKind.Internet,
            ConnectionId = connectionId,
            Target = target,
            PassthroughBehavior = PassthroughOf(passthrough),
            ContentHandling = ConversionOf(conversion),
            RequestParameters = parameters,
            RequestTemplates = templates,
            Responses = responses is null ? [] : responses,
            Tls = tls,
            Upstream = upstream,
            ResponseTransferMode = mode == "STREAM" ? ResponseTransferMode.Stream : ResponseTransferMode.Buffered,
            CacheNamespace = name is null or "" || string.Equals(name, resourceId, StringComparison.Ordinal) ? null : name,
            CacheKeyParameters = keys,
        };
    }

    public static PassthroughBehavior PassthroughOf(string? text) => text switch
    {
        "WHEN_NO_TEMPLATES" => PassthroughBehavior.WhenNoTemplates,
        "NEVER" => PassthroughBehavior.Never,
        _ => PassthroughBehavior.WhenNoMatch,
    };

    public static ContentHandling ConversionOf(string? text) => text switch
    {
        "CONVERT_TO_TEXT" => ContentHandling.ConvertToText,
        "CONVERT_TO_BINARY" => ContentHandling.ConvertToBinary,
        _ => ContentHandling.Passthrough,
    };

    private IntegrationKind KindOf(string? type)
    {
        switch (type)
        {
            case "MOCK": return IntegrationKind.Mock;
            case "HTTP": return IntegrationKind.Http;
            case "HTTP_PROXY": return IntegrationKind.HttpProxy;
            case "AWS": return IntegrationKind.Aws;
            case "AWS_PROXY": return IntegrationKind.AwsProxy;
            default:
                problems.Error(ProblemCode.NotAllowed, null, $"The type of an integration is \"{type}\"; it must be HTTP, AWS, MOCK, HTTP_PROXY or AWS_PROXY.");
                return IntegrationKind.Mock;
        }
    }

    private static IReadOnlyList<ParameterMappingDefinition> ReadMappings(ref Utf8JsonReader json)
    {
        List<ParameterMappingDefinition>? mappings = null;
        if (!WireFields.Open(ref json)) return [];
        while (WireFields.Next(ref json))
        {
            string target = WireWords.Of(ref json);
            if (WireFields.TextOrNull(ref json) is { } source) (mappings ??= new(1)).Add(new ParameterMappingDefinition(target, source, null));
        }

        return mappings is null ? [] : mappings;
    }

    private static IReadOnlyList<TemplateDefinition> ReadTemplates(ref Utf8JsonReader json)
    {
        List<TemplateDefinition>? templates = null;
        if (!WireFields.Open(ref json)) return [];
        while (WireFields.Next(ref json))
        {
            string mediaType = WireWords.Of(ref json);

            // Clients clear a template by null, which passes bodies through as an empty one does.
            (templates ??= new(1)).Add(new TemplateDefinition(mediaType, WireFields.TextOrNull(ref json) ?? "", null));
        }

        return templates is null ? [] : templates;
    }

    private static TlsDefinition? ReadTls(ref Utf8JsonReader json)
    {
        if (!WireFields.Open(ref json)) return null;
        bool skips = false;
        string? name = null;
        while (WireFields.Next(ref json))
        {
            if (json.ValueTextEquals("insecureSkipVerification"u8)) skips = WireFields.IsTrue(ref json);
            else if (json.ValueTextEquals("serverNameToVerify"u8)) name = WireFields.TextOrNull(ref json);
            else WireFields.Pass(ref json);
        }

        return new TlsDefinition(skips, name, null);
    }

    private void ReadResponses(ref Utf8JsonReader json, ref List<IntegrationResponseDefinition>? responses)
    {
        if (!WireFields.Open(ref json)) return;
        while (WireFields.Next(ref json))
        {
            string status = WireWords.Of(ref json);
            if (WireFields.Open(ref json)) ReadResponse(ref json, status, ref responses);
        }
    }

    private void ReadFurther(ref Utf8JsonReader json, ref List<IntegrationResponseDefinition>? responses)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject) ReadResponse(ref json, "", ref responses);
            else json.Skip();
        }
    }

    // Within the object already.
    private void ReadResponse(ref Utf8JsonReader json, string status, ref List<IntegrationResponseDefinition>? responses)
    {
        string? pattern = null, conversion = null;
        IReadOnlyList<ParameterMappingDefinition> parameters = [];
        IReadOnlyList<TemplateDefinition> templates = [];
        while (WireFields.Next(ref json))
        {
            if (json.ValueTextEquals("statusCode"u8)) status = WireFields.TextOrNull(ref json) ?? status;
            else if (json.ValueTextEquals("selectionPattern"u8)) pattern = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("responseParameters"u8)) parameters = ReadMappings(ref json);
            else if (json.ValueTextEquals("responseTemplates"u8)) templates = ReadTemplates(ref json);
            else if (json.ValueTextEquals("contentHandling"u8)) conversion = WireFields.TextOrNull(ref json);
            else WireFields.Pass(ref json);
        }

        if (!int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            problems.Error(ProblemCode.OutOfRange, null, $"An integration response has the status \"{status}\"; it must be from 200 to 599.");
            return;
        }

        (responses ??= new(1)).Add(new IntegrationResponseDefinition
        {
            SelectionPattern = pattern is null or "" ? null : pattern,
            StatusCode = code,
            ResponseParameters = parameters,
            ResponseTemplates = templates,
            ContentHandling = ConversionOf(conversion),
        });
    }
}
