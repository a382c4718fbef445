using System.Globalization;
using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.V2;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Makes records of an HTTP API's definition in the place of those that are there (openapi-and-templates.md 4.7; control-plane.md 2.3).</summary>
/// <remarks>
/// Routes keep their ids by their keys, and the integrations behind them as well; authorizers keep theirs by name. An integration that several operations refer to is one. Each record
/// is held to the rules of the operations that make such records one at a time, and nothing is kept of a document that breaks one.
/// </remarks>
internal sealed class WriteHttpRecords
{
    private const int MostErrors = 20;

    private readonly BookEdit _book;
    private readonly ApiPlace _place;
    private readonly ManagementLimits _limits;
    private readonly List<string> _warnings;
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, string> _authorizers = new(StringComparer.Ordinal);
    private readonly Dictionary<IntegrationDefinition, string?> _integrations = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, (string Id, string? Integration)> _there = new(StringComparer.Ordinal);
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    private WriteHttpRecords(BookEdit book, ApiPlace place, ManagementLimits limits, List<string> warnings)
    {
        _limits = limits;
        _book = book;
        _place = place;
        _warnings = warnings;
    }

    /// <summary>Writes routes, integrations and authorizers.</summary>
    /// <param name="api">The definition.</param>
    /// <param name="book">Gets the records.</param>
    /// <param name="place">The API, whose own record says what it is.</param>
    /// <param name="limits">How many of what there may be.</param>
    /// <param name="warnings">Gets what was left out.</param>
    /// <returns>What breaks a rule; empty when all was written.</returns>
    public static List<string> Run(ApiDefinition api, BookEdit book, ApiPlace place, ManagementLimits limits, List<string> warnings)
    {
        var write = new WriteHttpRecords(book, place, limits, warnings);
        foreach (Record record in book.All(place.Scope, Kinds.Route))
        {
            WireValue route = record.Open();
            write._there[route.TextOf("routeKey") ?? ""] = (record.Key, route.TextOf("target")?[RouteOperations.TargetOf("").Length..]);
        }

        write.WriteAuthorizers(api);
        foreach (MethodDefinition method in api.Methods) write.WriteRoute(method);
        write.RemoveOthers(Kinds.Route);
        write.RemoveOthers(Kinds.RouteResponse);
        write.RemoveOthers(Kinds.Integration);
        write.RemoveOthers(Kinds.IntegrationResponse);
        write.RemoveOthers(Kinds.Authorizer);
        return write._errors;
    }

    private void WriteAuthorizers(ApiDefinition api)
    {
        var there = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Record record in _book.All(_place.Scope, Kinds.Authorizer)) there[record.Open().TextOf("name") ?? ""] = record.Key;
        foreach (AuthorizerDefinition authorizer in api.Authorizers)
        {
            string id = there.TryGetValue(authorizer.Name, out string? known) ? known : NewId(Kinds.Authorizer);
            _authorizers[authorizer.Name] = id;
            bool isJwt = authorizer.Kind == AuthorizerKind.Jwt;
            WireValue value = WireValue.NewObject()
                .Set("authorizerCredentialsArn", authorizer.Credentials)
                .Set("authorizerId", id)
                .Set("authorizerPayloadFormatVersion", authorizer.PayloadFormatVersion)
                .Set("authorizerType", isJwt ? "JWT" : "REQUEST")
                .Set("authorizerUri", authorizer.Uri);
            if (authorizer.ResultTtlInSeconds is { } seconds) value.Set("authorizerResultTtlInSeconds", seconds);
            if (authorizer.EnableSimpleResponses) value.Set("enableSimpleResponses", true);
            IReadOnlyList<string> sources = authorizer.IdentitySources.Count == 0 && isJwt ? ["$request.header.Authorization"] : authorizer.IdentitySources;
            value.Set("identitySource", WireValue.Of(sources)).Set("identityValidationExpression", authorizer.IdentityValidationExpression);
            if (authorizer.Issuers is [var issuer, ..]) value.Set("jwtConfiguration", WireValue.NewObject().Set("audience", WireValue.Of(issuer.Audiences)).Set("issuer", issuer.Issuer));
            value.Set("name", authorizer.Name);
            if (AuthorizerOperations.Complete(_book, _place, value, id, _limits) is { } fault) Report(authorizer.Origin, $"The authorizer {authorizer.Name} cannot be made: {fault.Message}");
            else Put(Kinds.Authorizer, id, value);
        }
    }

    private void WriteRoute(MethodDefinition method)
    {
        string key = method.IsDefaultRoute ? "$default" : $"{method.Verb} {method.Path}";
        (string Id, string? Integration) there = _there.GetValueOrDefault(key);
        string id = there.Id ?? NewId(Kinds.Route);
        string? integration = method.Integration is { } written ? WriteIntegration(written, key, there.Integration) : null;
        AuthorizationDefinition authorization = method.Authorization;
        WireValue route = WireValue.NewObject().Set("apiKeyRequired", false);
        if (authorization.Scopes.Count > 0) route.Set("authorizationScopes", WireValue.Of(authorization.Scopes));
        route.Set("authorizationType", authorization.Kind switch
        {
            AuthorizationKind.None => "NONE",
            AuthorizationKind.AwsIam => "AWS_IAM",
            AuthorizationKind.Jwt => "JWT",
            _ => "CUSTOM",
        });
        if (authorization.Authorizer is { } name) route.Set("authorizerId", _authorizers.GetValueOrDefault(name, name));
        route.Set("operationName", method.OperationName is { Length: > 0 } operation ? operation : null)
            .Set("routeId", id)
            .Set("routeKey", key)
            .Set("target", integration is null ? null : RouteOperations.TargetOf(integration))
            .Set(OpenApi.CachePolicyReader.Name, method.CachePolicy is { } cache ? PathsWriter.CachePolicy(cache) : null);
        if (RouteOperations.Complete(_book, _place, route, id, isKeyFree: true) is { } fault) Report(method.Origin, $"The route {key} cannot be made: {fault.Message}");
        else if (_kept.Contains(Kinds.Route + id)) Report(method.Origin, $"The route {key} is there twice.");
        else Put(Kinds.Route, id, route);
    }

    private string? WriteIntegration(IntegrationDefinition integration, string routeKey, string? idThere)
    {
        if (_integrations.TryGetValue(integration, out string? written)) return written;
        if (integration.Kind is not (IntegrationKind.HttpProxy or IntegrationKind.AwsProxy))
        {
            _warnings.Add(PlaceOf(integration.Origin) + $"The integration of {routeKey} has a type that HTTP APIs do not have, and was left out.");
            return _integrations[integration] = null;
        }

        // Two routes that shared an integration may each have one of their own now.
        string id = idThere is not null && !_kept.Contains(Kinds.Integration + idThere) && _book.Find(_place.Scope, Kinds.Integration, idThere) is not null ? idThere : NewId(Kinds.Integration);
        bool isAction = integration.Subtype is not null;
        WireValue value = WireValue.NewObject()
            .Set("connectionId", integration.ConnectionId)
            .Set("connectionType", integration.Connection == ConnectionKind.VpcLink ? "VPC_LINK" : "INTERNET")
            .Set("credentialsArn", integration.Credentials)
            .Set("integrationId", id)
            .Set("integrationMethod", isAction ? null : integration.HttpMethod)
            .Set("integrationSubtype", integration.Subtype)
            .Set("integrationType", integration.Kind == IntegrationKind.AwsProxy ? "AWS_PROXY" : "HTTP_PROXY")
            .Set("integrationUri", isAction ? null : integration.Uri)
            .Set("payloadFormatVersion", integration.PayloadFormatVersion);
        if (integration.RequestParameters.Count > 0) value.Set("requestParameters", Mappings(integration.RequestParameters));
        if (integration.ResponseParameters.Count > 0)
        {
            WireValue statuses = WireValue.NewObject();
            foreach (StatusMappingsDefinition status in integration.ResponseParameters) statuses.Set(status.StatusCode.ToString(CultureInfo.InvariantCulture), Mappings(status.Mappings));
            value.Set("responseParameters", statuses);
        }

        if (integration.TimeoutInMillis is { } timeout) value.Set("timeoutInMillis", timeout);
        if (integration.Tls?.ServerNameToVerify is { } server) value.Set("tlsConfig", WireValue.NewObject().Set("serverNameToVerify", server));
        if (integration.Upstream is { } upstream) value.Set(OpenApi.UpstreamReader.Name, UpstreamWriter.Write(upstream));
        if (IntegrationOperations.Complete(_book, _place, value) is { } fault)
        {
            Report(integration.Origin, $"The integration of {routeKey} cannot be made: {fault.Message}");
            return _integrations[integration] = null;
        }

        Put(Kinds.Integration, id, value);
        return _integrations[integration] = id;
    }

    private static WireValue Mappings(IReadOnlyList<ParameterMappingDefinition> mappings)
    {
        WireValue value = WireValue.NewObject();
        foreach (ParameterMappingDefinition mapping in mappings) value.Set(mapping.Target, mapping.Source);
        return value;
    }

    private static string PlaceOf(Origin? origin) => origin is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{origin.Line}:{origin.Column}: ");

    private string NewId(string kind) => Ids.New(Ids.Short, taken => _book.Find(_place.Scope, kind, taken) is not null);

    private void Report(Origin? origin, string message)
    {
        if (_errors.Count < MostErrors) _errors.Add(PlaceOf(origin) + message);
    }

    private void Put(string kind, string key, WireValue value)
    {
        _kept.Add(kind + key);
        byte[] json = value.ToBytes();
        if (_book.Find(_place.Scope, kind, key) is { } there && there.Json.Span.SequenceEqual(json)) return;
        _book.Put(_place.Scope, kind, new Record(key, json));
    }

    private void RemoveOthers(string kind)
    {
        foreach (Record record in _book.All(_place.Scope, kind))
        {
            if (!_kept.Contains(kind + record.Key)) _book.Remove(_place.Scope, kind, record.Key);
        }
    }
}
