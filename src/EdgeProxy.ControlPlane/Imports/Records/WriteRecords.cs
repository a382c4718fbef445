using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Makes records of a REST API's definition, in an API that is there already or in a new one (openapi-and-templates.md 4.1).</summary>
/// <remarks>
/// What is there keeps its id where its path, name or place is the same, so that clients that remember ids, and whatever is live, go on. A record that would become what
/// it is stays as it is, so putting the same document again changes nothing. Methods are written straight as bytes: an API has thousands.
/// </remarks>
public sealed class WriteRecords
{
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ApiDefinition _api;
    private readonly string _id;
    private readonly string _scope;
    private readonly BookEdit _book;
    private readonly bool _overwrites;
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly Dictionary<string, string> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _authorizers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _validators = new(StringComparer.Ordinal);
    private readonly List<string> _kept = [];

    private WriteRecords(ApiDefinition api, string id, BookEdit book, bool overwrites)
    {
        _api = api;
        _id = id;
        _scope = Scopes.RestApi(id);
        _book = book;
        _overwrites = overwrites;
        _json = new Utf8JsonWriter(_text, s_writing);
    }

    /// <summary>Writes all but the API's own record and its documentation.</summary>
    /// <param name="api">What to write.</param>
    /// <param name="id">The id of the API.</param>
    /// <param name="book">Gets the records.</param>
    /// <param name="overwrites">Whether what is there but not in the definition goes.</param>
    /// <returns>The id of the root resource.</returns>
    public static string Run(ApiDefinition api, string id, BookEdit book, bool overwrites)
    {
        var write = new WriteRecords(api, id, book, overwrites);
        write.WriteAuthorizers();
        write.WriteValidators();
        write.WriteModels();
        write.WriteGatewayResponses();
        write.WriteResources();
        write.WriteMethods();
        write._json.Dispose();
        return write._resources["/"];
    }

    /// <summary>The authorizer type that the service fills in for documents to show; null for none.</summary>
    internal static string? StandardAuthTypeOf(AuthorizerKind kind) => kind switch
    {
        AuthorizerKind.CognitoUserPools => "cognito_user_pools",
        AuthorizerKind.Jwt => null,
        _ => "custom",
    };

    /// <summary>How long a verdict is kept where nothing is said; null for kinds that make none.</summary>
    internal static int? StandardTtlOf(AuthorizerKind kind) => kind is AuthorizerKind.Token or AuthorizerKind.Request ? AuthorizerRules.DefaultTtl : null;

    private static string KindOf(AuthorizerKind kind) => kind switch
    {
        AuthorizerKind.Token => "TOKEN",
        AuthorizerKind.CognitoUserPools => "COGNITO_USER_POOLS",
        AuthorizerKind.Jwt => "JWT",
        _ => "REQUEST",
    };

    private void WriteAuthorizers()
    {
        Dictionary<string, string> there = IdsByName(Kinds.Authorizer, "name");
        foreach (AuthorizerDefinition authorizer in _api.Authorizers)
        {
            string id = _authorizers[authorizer.Name] = IdFor(Kinds.Authorizer, Ids.Short, there, authorizer.Name);
            WireValue value = WireValue.NewObject()
                .Set("id", id)
                .Set("name", authorizer.Name)
                .Set("type", KindOf(authorizer.Kind));
            if (authorizer.ProviderArns.Count > 0) value.Set("providerARNs", WireValue.Of(authorizer.ProviderArns));
            value.Set("authType", authorizer.AuthType ?? StandardAuthTypeOf(authorizer.Kind))
                .Set("authorizerUri", authorizer.Uri)
                .Set("authorizerCredentials", authorizer.Credentials)
                .Set("identitySource", authorizer.IdentitySources.Count == 0 ? null : string.Join(',', authorizer.IdentitySources))
                .Set("identityValidationExpression", authorizer.IdentityValidationExpression);
            if ((authorizer.ResultTtlInSeconds ?? StandardTtlOf(authorizer.Kind)) is { } seconds) value.Set("authorizerResultTtlInSeconds", seconds);
            if (authorizer.Issuers.Count > 0) value.Set("jwtConfiguration", JwtOf(authorizer));
            Put(Kinds.Authorizer, id, value);
        }

        RemoveOthers(Kinds.Authorizer);
    }

    private static WireValue JwtOf(AuthorizerDefinition authorizer)
    {
        WireValue issuers = WireValue.NewList();
        foreach (JwtIssuerDefinition issuer in authorizer.Issuers)
        {
            WireValue value = WireValue.NewObject().Set("issuer", issuer.Issuer).Set("audiences", WireValue.Of(issuer.Audiences));
            if (issuer.AdditionalClaims is { } claims && WireValue.TryParse(Encoding.UTF8.GetBytes(claims), out WireValue? list)) value.Set("additionalClaims", list);
            issuers.Items.Add(value);
        }

        return WireValue.NewObject().Set("defaultAlgorithms", WireValue.Of(authorizer.DefaultAlgorithms)).Set("issuers", issuers);
    }

    private void WriteValidators()
    {
        Dictionary<string, string> there = IdsByName(Kinds.RequestValidator, "name");
        foreach (RequestValidatorDefinition validator in _api.RequestValidators)
        {
            string id = _validators[validator.Name] = IdFor(Kinds.RequestValidator, Ids.Short, there, validator.Name);
            Put(Kinds.RequestValidator, id, WireValue.NewObject()
                .Set("id", id)
                .Set("name", validator.Name)
                .Set("validateRequestBody", validator.ValidateRequestBody)
                .Set("validateRequestParameters", validator.ValidateRequestParameters));
        }

        RemoveOthers(Kinds.RequestValidator);
    }

    private void WriteModels()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ModelDefinition model in _api.Models) names.Add(model.Name);
        foreach (ModelDefinition model in _api.Models)
        {
            string id = _book.Find(_scope, Kinds.Model, model.Name)?.Open().TextOf("id") ?? Ids.New(Ids.Short);
            Put(Kinds.Model, model.Name, WireValue.NewObject()
                .Set("id", id)
                .Set("name", model.Name)
                .Set("description", model.Description)
                .Set("schema", ReferencesToModels.ToRecord(model.Schema, _id, names))
                .Set("contentType", model.ContentType));
        }

        RemoveOthers(Kinds.Model);
    }

    private void WriteGatewayResponses()
    {
        foreach (GatewayResponseDefinition response in _api.GatewayResponses)
        {
            WireValue parameters = WireValue.NewObject();
            foreach (ParameterMappingDefinition mapping in response.ResponseParameters) parameters.Set(mapping.Target, mapping.Source);
            WireValue templates = WireValue.NewObject();
            foreach (TemplateDefinition template in response.ResponseTemplates) templates.Set(template.MediaType, template.Text);
            WireValue value = GatewayResponseDefaults.Of(response.ResponseType).Set("responseParameters", parameters).Set("defaultResponse", false);
            if (response.ResponseTemplates.Count > 0) value.Set("responseTemplates", templates);
            if (response.StatusCode is { } status) value.Set("statusCode", status.ToString(CultureInfo.InvariantCulture));
            Put(Kinds.GatewayResponse, response.ResponseType, value);
        }

        RemoveOthers(Kinds.GatewayResponse);
    }

    private void WriteResources()
    {
        var there = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Record record in _book.All(_scope, Kinds.Resource)) there[record.Open().TextOf("path") ?? ""] = record.Key;
        WriteResource("/", there);

        // A parent stands before its children in a definition (PathsReader), but definitions have other authors.
        foreach (ResourceDefinition resource in _api.Resources) WriteResource(resource.Path, there);
        foreach (MethodDefinition method in _api.Methods) WriteResource(method.Path, there);
        RemoveOthers(Kinds.Resource);
    }

    private string WriteResource(string path, Dictionary<string, string> there)
    {
        if (_resources.TryGetValue(path, out string? known)) return known;
        string? parent = null;
        int slash = path.LastIndexOf('/');
        if (path.Length > 1 && slash >= 0) parent = WriteResource(slash == 0 ? "/" : path[..slash], there);
        string id = IdFor(Kinds.Resource, Ids.Long, there, path);
        _resources.Add(path, id);
        Begin();
        _json.WriteString("id"u8, id);
        if (parent is not null)
        {
            _json.WriteString("parentId"u8, parent);
            _json.WriteString("pathPart"u8, path.AsSpan(slash + 1));
        }

        _json.WriteString("path"u8, path);
        End(Kinds.Resource, id);
        return id;
    }

    private void WriteMethods()
    {
        var write = new WriteMethod(_json, _authorizers, _validators);
        foreach (MethodDefinition method in _api.Methods)
        {
            string resource = _resources[method.Path];
            Begin();
            write.Run(method, resource);
            End(Kinds.Method, $"{resource}/{method.Verb}");
        }

        RemoveOthers(Kinds.Method);
    }

    private Dictionary<string, string> IdsByName(string kind, string member)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Record record in _book.All(_scope, kind)) ids.TryAdd(record.Open().TextOf(member) ?? "", record.Key);
        return ids;
    }

    private string IdFor(string kind, int length, Dictionary<string, string> there, string name) =>
        there.TryGetValue(name, out string? id) ? id : Ids.New(length, taken => _book.Find(_scope, kind, taken) is not null);

    private void Begin()
    {
        _text.ResetWrittenCount();
        _json.Reset(_text);
        _json.WriteStartObject();
    }

    private void End(string kind, string key)
    {
        _json.WriteEndObject();
        _json.Flush();
        Put(kind, key, _text.WrittenSpan);
    }

    private void Put(string kind, string key, WireValue value) => Put(kind, key, value.ToBytes());

    private void Put(string kind, string key, ReadOnlySpan<byte> json)
    {
        if (_overwrites) _kept.Add(key);
        if (_book.Find(_scope, kind, key) is { } there && there.Json.Span.SequenceEqual(json)) return;
        _book.Put(_scope, kind, new Record(key, json.ToArray()));
    }

    // What was written since the last call stays; of the others of the kind nothing does.
    private void RemoveOthers(string kind)
    {
        if (!_overwrites) return;
        var kept = new HashSet<string>(_kept, StringComparer.Ordinal);
        _kept.Clear();
        foreach (Record record in _book.All(_scope, kind))
        {
            if (!kept.Contains(record.Key)) _book.Remove(_scope, kind, record.Key);
        }
    }
}
