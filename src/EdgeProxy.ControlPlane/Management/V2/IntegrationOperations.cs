using EdgeProxy.ControlPlane.Management.V2.Expressions;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Integrations of HTTP and WebSocket APIs (control-plane.md 2.4, http-api.md 3 to 8, websocket-api.md 6 and 7).</summary>
internal static class IntegrationOperations
{
    private const string Settings =
        "connectionId:str connectionType:enum<ConnectionType> contentHandlingStrategy:enum<ContentHandlingStrategy> credentialsArn:str description:str integrationMethod:str " +
        "integrationSubtype:str integrationUri:str passthroughBehavior:enum<PassthroughBehavior> payloadFormatVersion:str requestParameters:map<str> requestTemplates:map<str> " +
        "responseParameters:map<map<str>> templateSelectionExpression:str timeoutInMillis:int tlsConfig:TlsConfigInput";

    private static readonly Members s_members = new(
        "connectionId:1024 connectionType contentHandlingStrategy credentialsArn description:1024 integrationMethod integrationSubtype:128 integrationType integrationUri:2048 " +
        "passthroughBehavior payloadFormatVersion requestParameters+ requestTemplates:300000 responseParameters++ templateSelectionExpression timeoutInMillis tlsConfig");

    public static readonly ChildKind Kind = new(Kinds.Integration, "Integration", "integrationId");

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Kind.Rows("/v2/apis/{apiId}/integrations", Delete),
        new("CreateIntegration", "POST /v2/apis/{apiId}/integrations", 201, Settings + " integrationType*:enum<IntegrationType>", Create),
        new("UpdateIntegration", "PATCH /v2/apis/{apiId}/integrations/{integrationId}", 200, Settings + " integrationType:enum<IntegrationType>", Update),
    ];

    private static Reply Create(Call call)
    {
        if (!Kind.TryFindOwner(call, out ApiPlace? api, out _, out Reply? fault)) return fault;
        if (Kind.Of(call.Book, api).Count >= call.Options.Limits.ResourcesPerApi) return Reply.TooMany(LimitNames.Resources, "Maximum number of Integrations for this API has been reached.", "IntegrationsPerApi");
        WireValue value = WireValue.NewObject();
        return s_members.Merge(value, call.Body, call.Options.Limits) ?? Complete(call.Book, api, value) ?? Kind.Add(call, api, "", value);
    }

    private static Reply Update(Call call)
    {
        if (!Kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        if (call.Body.TextOf("connectionType") == "INTERNET")
        {
            // Goes with the link that it belongs to.
            found.Value["connectionId"] = null;
            found.Value["tlsConfig"] = null;
        }

        return s_members.Merge(found.Value, call.Body, call.Options.Limits) ?? Complete(call.Book, found.Api, found.Value) ?? Kind.Put(call, found.Api, found.Key, found.Value);
    }

    private static Reply Delete(Call call, ChildRecord found)
    {
        if (found.Value.IsTrueOf("apiGatewayManaged")) return Reply.BadRequest("Cannot delete Integration because it is managed by API Gateway");
        var users = new List<string>();
        foreach (Record route in RouteOperations.Kind.Of(call.Book, found.Api))
        {
            if (route.Open().TextOf("target") == RouteOperations.TargetOf(found.Key)) users.Add(route.Key);
        }

        return users.Count > 0
            ? Reply.Conflict($"Cannot delete Integration because it is referenced by the following Routes with Ids: [{string.Join(", ", users)}]")
            : Kind.Remove(call, found, Kinds.IntegrationResponse);
    }

    /// <summary>Checks an integration whole, and completes what follows from its type; null when nothing is wrong.</summary>
    public static Reply? Complete(BookEdit book, ApiPlace api, WireValue value)
    {
        string type = value.TextOf("integrationType") ?? "";
        if (type.Length == 0) return Reply.BadRequest("Integration type must be non-empty");
        return api.IsHttp ? CompleteHttp(book, value, type) : CompleteWebSocket(book, value, type);
    }

    private static Reply? CompleteHttp(BookEdit book, WireValue value, string type)
    {
        if (type is not ("HTTP_PROXY" or "AWS_PROXY"))
        {
            return Reply.BadRequest("Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)");
        }

        // What tools send for both protocols: the behaviour that there is anyway.
        if (value.TextOf("passthroughBehavior") == "WHEN_NO_MATCH") value["passthroughBehavior"] = null;
        foreach (string member in (ReadOnlySpan<string>)["contentHandlingStrategy", "passthroughBehavior", "requestTemplates", "templateSelectionExpression"])
        {
            if (value[member] is not null) return ApiOperations.OnlyFor(member, "WEBSOCKET");
        }

        if (CheckTimeout(value, 30_000) is { } late) return late;
        if (CheckConnection(book, value, Kinds.VpcLinkV2) is { } unconnected) return unconnected;
        if (value.TextOf("integrationSubtype") is { } subtype) return CompleteSubtype(value, type, subtype);
        bool isPrivate = value.TextOf("connectionType") == "VPC_LINK";
        string version = value.TextOf("payloadFormatVersion") ?? "1.0";
        if (version is not ("1.0" or "2.0") || (version == "2.0" && type == "HTTP_PROXY"))
        {
            return Reply.BadRequest($"Invalid payloadFormatVersion specified for {type} integration: {version}");
        }

        value.Set("payloadFormatVersion", version);
        if (value["tlsConfig"] is { } tls)
        {
            if (!isPrivate) return Reply.BadRequest("tlsConfig is supported only for private integrations");
            if (tls.TextOf("serverNameToVerify") is { } name && !IsHostName(name)) return Reply.BadRequest("Invalid serverNameToVerify specified");
        }

        string uri = value.TextOf("integrationUri") ?? "";
        if (type == "AWS_PROXY")
        {
            if (isPrivate) return Reply.BadRequest("VPC_LINK is supported only for HTTP_PROXY integrations");
            if (!IntegrationUris.IsFunction(uri)) return Reply.BadRequest("Invalid ARN specified in the request");
            if (value.TextOf("integrationMethod") is null) value.Set("integrationMethod", "POST");
        }
        else if (isPrivate)
        {
            if (!IntegrationUris.IsPrivate(uri)) return Reply.BadRequest("For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.");
        }
        else if (!IntegrationUris.IsUrl(uri))
        {
            return Reply.BadRequest("Invalid HTTP endpoint specified for URI");
        }

        return CheckMethod(value) ?? CheckCredentials(value)
            ?? MappingFault.Of(value["requestParameters"] is { } request ? HttpMappings.FaultOfRequest(request) : null)
            ?? MappingFault.Of(value["responseParameters"] is { } response ? HttpMappings.FaultOfResponse(response) : null);
    }

    // http-api.md 7
    private static Reply? CompleteSubtype(WireValue value, string type, string subtype)
    {
        if (type != "AWS_PROXY") return Reply.BadRequest("integrationSubtype is supported only for AWS_PROXY integrations");
        if (!ServiceSubtypes.TryFind(subtype, out string[] required, out string[] optional)) return Reply.BadRequest($"Invalid integrationSubtype specified: {subtype}");
        foreach (string member in (ReadOnlySpan<string>)["integrationUri", "integrationMethod", "tlsConfig"])
        {
            if (value[member] is not null) return Reply.BadRequest($"{member} cannot be specified with integrationSubtype");
        }

        if (value.TextOf("connectionType") == "VPC_LINK") return Reply.BadRequest("VPC_LINK cannot be specified with integrationSubtype");
        if ((value.TextOf("payloadFormatVersion") ?? "1.0") != "1.0") return Reply.BadRequest("payloadFormatVersion must be 1.0 with integrationSubtype");
        value.Set("payloadFormatVersion", "1.0");
        if (value.TextOf("credentialsArn") is null) return Reply.BadRequest("credentialsArn is required with integrationSubtype");
        foreach (string name in required)
        {
            if (value["requestParameters"]?[name] is null) return Reply.BadRequest($"Missing required request parameter for {subtype}: {name}");
        }

        foreach ((string name, WireValue argument) in value.MembersOf("requestParameters"))
        {
            if (name != "Region" && Array.IndexOf(required, name) < 0 && Array.IndexOf(optional, name) < 0)
            {
                return Reply.BadRequest($"Unknown request parameter for {subtype}: {name}");
            }

            if (!HttpMappings.IsArgument(argument.Text)) return MappingFault.Of(MappingFault.Invalid(argument.Text));
        }

        return CheckCredentials(value) ?? MappingFault.Of(value["responseParameters"] is { } response ? HttpMappings.FaultOfResponse(response) : null);
    }

    private static Reply? CompleteWebSocket(BookEdit book, WireValue value, string type)
    {
        foreach (string member in (ReadOnlySpan<string>)["integrationSubtype", "responseParameters"])
        {
            if (value[member] is not null) return ApiOperations.OnlyFor(member, "HTTP");
        }

        if (CheckTimeout(value, 29_000) is { } late) return late;
        if (CheckConnection(book, value, Kinds.VpcLink) is { } unconnected) return unconnected;
        bool isPrivate = value.TextOf("connectionType") == "VPC_LINK";
        if (isPrivate && type is not ("HTTP" or "HTTP_PROXY")) return Reply.BadRequest("VPC_LINK is supported only for HTTP and HTTP_PROXY integrations");
        if (value["tlsConfig"] is not null) return ApiOperations.OnlyFor("tlsConfig", "HTTP");
        if ((value.TextOf("payloadFormatVersion") ?? "1.0") != "1.0") return Reply.BadRequest("payloadFormatVersion must be 1.0 for APIs with a protocol type of WEBSOCKET");
        value.Set("payloadFormatVersion", "1.0");
        string uri = value.TextOf("integrationUri") ?? "";
        switch (type)
        {
            case "AWS":
                if (IntegrationUris.FaultOfService(uri) is { } fault) return Reply.BadRequest(fault);
                break;
            case "AWS_PROXY":
                if (IntegrationUris.FaultOfService(uri) is { } wrong) return Reply.BadRequest(wrong);
                if (!IntegrationUris.IsFunction(uri)) return Reply.BadRequest("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.");
                break;
            case "HTTP" or "HTTP_PROXY":
                if (!IntegrationUris.IsUrl(uri)) return Reply.BadRequest("Invalid HTTP endpoint specified for URI");
                break;
        }

        if (type is "AWS" or "AWS_PROXY" && value.TextOf("integrationMethod") is null) value.Set("integrationMethod", "POST");
        if (value.TextOf("passthroughBehavior") is null && type is "AWS" or "HTTP" or "MOCK") value.Set("passthroughBehavior", "WHEN_NO_MATCH");

        // websocket-api.md 7.4: fixed by the type.
        value.Set("integrationResponseSelectionExpression", type switch
        {
            "HTTP" or "MOCK" => "${integration.response.statuscode}",
            "AWS" => "${integration.response.body.errorMessage}",
            _ => null,
        });
        if (value.TextOf("templateSelectionExpression") is { } selection && !SelectionExpression.Fits(selection, SelectionSources.Route))
        {
            return Reply.BadRequest($"Invalid template selection expression specified: {selection}");
        }

        return (type == "MOCK" ? null : CheckMethod(value)) ?? CheckCredentials(value)
            ?? MappingFault.Of(value["requestParameters"] is { } request ? WebSocketMappings.FaultOfRequest(request) : null);
    }

    private static Reply? CheckTimeout(WireValue value, int most)
    {
        if (value["timeoutInMillis"] is null) value.Set("timeoutInMillis", most);
        return value.NumberOf("timeoutInMillis") is { } given && given >= 50 && given <= most ? null
            : Reply.BadRequest(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Timeout should be between 50 ms and {most} ms"));
    }

    private static Reply? CheckConnection(BookEdit book, WireValue value, string linkKind)
    {
        if (value.TextOf("connectionType") is null) value.Set("connectionType", "INTERNET");
        string? link = value.TextOf("connectionId");
        if (value.TextOf("connectionType") != "VPC_LINK")
        {
            return link is null ? null : Reply.BadRequest("connectionId is supported only for a connection type of VPC_LINK");
        }

        if (link is null) return Reply.BadRequest("connectionId is required for a connection type of VPC_LINK");
        return IntegrationUris.HasStageVariable(link) || book.Find(Scopes.Account, linkKind, link) is not null ? null
            : Reply.NotFound($"Invalid VpcLink identifier specified {link}", "VpcLink");
    }

    private static Reply? CheckMethod(WireValue value) => value.TextOf("integrationMethod") switch
    {
        null => Reply.BadRequest("Enumeration value for HttpMethod must be non-empty"),
        "GET" or "PUT" or "POST" or "DELETE" or "PATCH" or "OPTIONS" or "HEAD" or "ANY" => null,
        _ => Reply.BadRequest("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"),
    };

    private static Reply? CheckCredentials(WireValue value) =>
        value.TextOf("credentialsArn") is { } arn && !IntegrationUris.IsRole(arn) ? Reply.BadRequest("Invalid ARN specified in the request") : null;

    private static bool IsHostName(string name) => Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
