using System.Globalization;
using System.Text.Json;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Reads the record of a REST API's method, with its responses and its integration within (control-plane.md 1.6: Method).</summary>
/// <param name="authorizers">Names of authorizers by their ids.</param>
/// <param name="validators">Names of request validators by their ids.</param>
/// <param name="problems">Gets what makes no sense.</param>
internal sealed class ReadMethod(Dictionary<string, string> authorizers, Dictionary<string, string> validators, ProblemList problems)
{
    /// <summary>Members of ours beside those of API Gateway, as documents spell them.</summary>
    public const string ResponseValidationName = "x-edgeproxy-response-validation";

    private const string RequestPrefix = "method.request.";
    private const string HeaderPrefix = "method.response.header.";

    private readonly ReadExtensions _extensions = new(problems);
    private readonly ReadIntegration _integrations = new(problems);

    /// <summary>The method.</summary>
    /// <param name="path">The path of its resource.</param>
    /// <param name="verb">Upper case.</param>
    /// <param name="resourceId">The id of its resource, which is its own cache namespace.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public MethodDefinition Run(string path, string verb, string resourceId, ReadOnlySpan<byte> record)
    {
        string? kind = null, authorizer = null, validator = null, operation = null;
        bool needsKey = false;
        IReadOnlyList<string> scopes = [];
        IReadOnlyList<ParameterDefinition> parameters = [];
        IReadOnlyList<ModelUseDefinition> models = [];
        IReadOnlyList<MethodResponseDefinition> responses = [];
        IntegrationDefinition? integration = null;
        CachePolicyDefinition? cache = null;
        ResponseValidation validation = ResponseValidation.Off;

        var json = new Utf8JsonReader(record);
        if (!WireFields.Open(ref json)) throw new JsonException();
        while (WireFields.Next(ref json))
        {
            if (json.ValueTextEquals("authorizationType"u8)) kind = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("authorizerId"u8)) authorizer = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("apiKeyRequired"u8)) needsKey = WireFields.IsTrue(ref json);
            else if (json.ValueTextEquals("requestValidatorId"u8)) validator = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("operationName"u8)) operation = WireFields.TextOrNull(ref json);
            else if (json.ValueTextEquals("requestParameters"u8)) parameters = ReadParameters(ref json);
            else if (json.ValueTextEquals("requestModels"u8)) models = ReadModels(ref json);
            else if (json.ValueTextEquals("methodResponses"u8)) responses = ReadResponses(ref json);
            else if (json.ValueTextEquals("methodIntegration"u8)) integration = _integrations.Run(ref json, record, resourceId);
            else if (json.ValueTextEquals("authorizationScopes"u8)) scopes = WireFields.Texts(ref json);
            else if (json.ValueTextEquals("x-edgeproxy-cache"u8)) cache = _extensions.CachePolicy(WireFields.Raw(ref json, record));
            else if (json.ValueTextEquals("x-edgeproxy-response-validation"u8)) validation = ValidationOf(WireFields.TextOrNull(ref json));
            else WireFields.Pass(ref json);
        }

        return new MethodDefinition
        {
            Path = path,
            Verb = verb,
            OperationName = operation,
            Parameters = parameters,
            RequestModels = models,
            Authorization = AuthorizationOf(kind, authorizer, scopes),
            ApiKeyRequired = needsKey,
            RequestValidator = validator is null or "" ? null : validators.GetValueOrDefault(validator, validator),
            ResponseValidation = validation,
            CachePolicy = cache,
            Responses = responses,
            Integration = integration,
        };
    }

    private static ResponseValidation ValidationOf(string? text) => text switch
    {
        "report" => ResponseValidation.Report,
        "enforce" => ResponseValidation.Enforce,
        _ => ResponseValidation.Off,
    };

    // An id that leads nowhere stays as a name that leads nowhere: the compiler says so, and nothing is served without its control.
    private AuthorizationDefinition AuthorizationOf(string? type, string? authorizer, IReadOnlyList<string> scopes)
    {
        AuthorizationKind kind = type switch
        {
            null or "" or "NONE" => AuthorizationKind.None,
            "AWS_IAM" => AuthorizationKind.AwsIam,
            "COGNITO_USER_POOLS" => AuthorizationKind.CognitoUserPools,
            "JWT" => AuthorizationKind.Jwt,
            _ => AuthorizationKind.Custom,
        };
        if (kind == AuthorizationKind.None) return AuthorizationDefinition.None;
        return new AuthorizationDefinition(kind, authorizer is null || kind == AuthorizationKind.AwsIam ? null : authorizers.GetValueOrDefault(authorizer, authorizer), scopes, null);
    }

    private IReadOnlyList<ParameterDefinition> ReadParameters(ref Utf8JsonReader json)
    {
        List<ParameterDefinition>? parameters = null;
        if (!WireFields.Open(ref json)) return [];
        while (WireFields.Next(ref json))
        {
            string target = WireWords.Of(ref json);
            bool isRequired = WireFields.IsTrue(ref json);
            ReadOnlySpan<char> rest = target.StartsWith(RequestPrefix, StringComparison.Ordinal) ? target.AsSpan(RequestPrefix.Length) : default;
            if (rest.StartsWith("path.")) (parameters ??= new(1)).Add(new ParameterDefinition(ParameterLocation.Path, rest[5..].ToString(), isRequired, null));
            else if (rest.StartsWith("querystring.")) (parameters ??= new(1)).Add(new ParameterDefinition(ParameterLocation.QueryString, rest[12..].ToString(), isRequired, null));
            else if (rest.StartsWith("header.")) (parameters ??= new(1)).Add(new ParameterDefinition(ParameterLocation.Header, rest[7..].ToString(), isRequired, null));
            else problems.Error(ProblemCode.BadMapping, null, $"The request parameter \"{target}\" must be method.request.path.NAME, method.request.querystring.NAME or method.request.header.NAME.");
        }

        return parameters is null ? [] : parameters;
    }

    private static IReadOnlyList<ModelUseDefinition> ReadModels(ref Utf8JsonReader json)
    {
        List<ModelUseDefinition>? models = null;
        if (!WireFields.Open(ref json)) return [];
        while (WireFields.Next(ref json))
        {
            string mediaType = WireWords.Of(ref json);
            if (WireFields.TextOrNull(ref json) is { } model) (models ??= new(1)).Add(new ModelUseDefinition(mediaType, model, null));
        }

        return models is null ? [] : models;
    }

    private IReadOnlyList<MethodResponseDefinition> ReadResponses(ref Utf8JsonReader json)
    {
        List<MethodResponseDefinition>? responses = null;
        if (!WireFields.Open(ref json)) return [];
        while (WireFields.Next(ref json))
        {
            string key = WireWords.Of(ref json);
            IReadOnlyList<string> headers = [];
            IReadOnlyList<ModelUseDefinition> models = [];
            if (!WireFields.Open(ref json)) continue;
            while (WireFields.Next(ref json))
            {
                if (json.ValueTextEquals("responseParameters"u8)) headers = ReadHeaders(ref json);
                else if (json.ValueTextEquals("responseModels"u8)) models = ReadModels(ref json);
                else WireFields.Pass(ref json);
            }

            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int status)) (responses ??= new(1)).Add(new MethodResponseDefinition(status, headers, models, null));
            else problems.Error(ProblemCode.OutOfRange, null, $"A method response has the status \"{key}\"; it must be from 200 to 599.");
        }

        return responses is null ? [] : responses;
    }

    private static IReadOnlyList<string> ReadHeaders(ref Utf8JsonReader json)
    {
        List<string>? headers = null;
        if (!WireFields.Open(ref json)) return [];
        while (WireFields.Next(ref json))
        {
            string target = WireWords.Of(ref json);
            if (target.StartsWith(HeaderPrefix, StringComparison.Ordinal)) (headers ??= []).Add(target[HeaderPrefix.Length..]);
            WireFields.Pass(ref json);
        }

        return headers is null ? [] : headers;
    }
}
