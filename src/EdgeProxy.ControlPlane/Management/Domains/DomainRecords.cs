using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.Domains;

/// <summary>Custom domain names as they are kept: one record for both versions of the service, in V1's form (control-plane.md 3.5).</summary>
internal static class DomainRecords
{
    /// <summary>The mapping path that stands for none, as V1 writes it.</summary>
    public const string NoPath = "(none)";

    public static Reply NotFound { get; } = Reply.NotFound("Invalid domain name identifier specified");

    /// <summary>The scope of a domain; private ones may share a name, and have their id in it.</summary>
    public static string ScopeOf(string name, string? id) => Scopes.DomainName(id is null ? name : $"{name}+{id}");

    /// <summary>The domain a call's path names, by <c>domainNameId</c> where it is private; null when there is none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="parameter">Its path's name for the domain.</param>
    /// <param name="scope">Gets where its records are.</param>
    public static Record? Find(Call call, string parameter, out string scope)
    {
        string name = Normalised(call.Path(parameter));
        scope = ScopeOf(name, call.Query("domainNameId") is { Length: > 0 } id ? id : null);
        return call.Book.Find(scope, Kinds.DomainName, name);
    }

    /// <summary>All domains in the order of their scopes.</summary>
    public static IReadOnlyList<DomainEntry> All(BookEdit book)
    {
        var all = new List<DomainEntry>();
        foreach (RecordScope scope in book.ScopesBelow(Scopes.DomainNames))
        {
            foreach (Record record in scope.All(Kinds.DomainName)) all.Add(new DomainEntry(scope.Id, record));
        }

        return all;
    }

    /// <summary>Host names are compared without case.</summary>
    public static string Normalised(string name) => name.ToLowerInvariant();

    /// <summary>Whether a text is a host name, the first label of which may be an asterisk.</summary>
    public static bool IsName(string name)
    {
        if (name.Length is 0 or > 253 || !name.Contains('.', StringComparison.Ordinal)) return false;
        string[] labels = (name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name).Split('.');
        foreach (string label in labels)
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-') return false;
            foreach (char letter in label)
            {
                if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')) return false;
            }
        }

        return labels.Length > 1 || name[0] == '*';
    }

    /// <summary>The endpoint type of a domain.</summary>
    public static string TypeOf(WireValue domain) => domain["endpointConfiguration"]?.TextsOf("types") is [string type, ..] ? type : "EDGE";

    /// <summary>Whether a mapping path is one: letters, digits and a few signs, at most 300; several levels only where asked for.</summary>
    public static bool IsPath(string path, bool severalLevels)
    {
        if (path.Length > 300) return false;
        foreach (char letter in path)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"$-_.+!*'()".Contains(letter, StringComparison.Ordinal) && (letter != '/' || !severalLevels)) return false;
        }

        return !path.StartsWith('/') && !path.EndsWith('/') && !path.Contains("//", StringComparison.Ordinal);
    }

    /// <summary>The mapping with a path; null when there is none.</summary>
    public static Record? MappingOrNull(BookEdit book, string scope, string path)
    {
        foreach (Record record in book.All(scope, Kinds.ApiMapping))
        {
            if (record.Open().TextOf("apiMappingKey") == path) return record;
        }

        return null;
    }

    /// <summary>Whether a mapping or a routing rule of any domain leads to an API.</summary>
    /// <param name="book">The records.</param>
    /// <param name="apiId">The API.</param>
    /// <param name="stage">The stage of it that is meant; null for any.</param>
    public static bool LeadTo(BookEdit book, string apiId, string? stage)
    {
        foreach (RecordScope domain in book.ScopesBelow(Scopes.DomainNames))
        {
            foreach (Record record in domain.All(Kinds.ApiMapping))
            {
                if (Is(record.Open())) return true;
            }

            foreach (Record record in domain.All(Kinds.RoutingRule))
            {
                if (record.Open()["actions"]?.Items is [{ } action, ..] && action["invokeApi"] is { } invoke && Is(invoke)) return true;
            }
        }

        return false;

        bool Is(WireValue target) => target.TextOf("apiId") == apiId && (stage is null || target.TextOf("stage") == stage);
    }

    /// <summary>What is wrong with the API and the stage of a mapping; null for nothing.</summary>
    public static Reply? CheckTarget(Call call, WireValue domain, string scope, string apiId, string? stage, string self)
    {
        bool isNew = call.Book.Find(scope, Kinds.ApiMapping, self) is null;
        if (isNew && call.Book.All(scope, Kinds.ApiMapping).Count >= call.Options.Limits.ApiMappingsPerDomain)
        {
            const string Reached = "Maximum number of API mappings for this domain name has been reached.";
            return call.Operation.Version == ServiceVersion.V2 ? Reply.TooMany(LimitNames.ApiMappings, Reached, "ApiMappingsPerDomainName") : Reply.LimitExceeded(LimitNames.ApiMappings, Reached);
        }

        bool isRest = call.Book.Find(Scopes.RestApi(apiId), Kinds.RestApi, apiId) is not null;
        Record? other = isRest ? null : call.Book.Find(Scopes.Api(apiId), Kinds.Api, apiId);
        if (!isRest && other is null)
        {
            return call.Operation.Version == ServiceVersion.V2 ? Reply.NotFound($"Invalid API identifier specified {apiId}", "Api") : Reply.BadRequest("Invalid REST API identifier specified");
        }

        string home = isRest ? Scopes.RestApi(apiId) : Scopes.Api(apiId);
        if (stage is not null && call.Book.Find(home, Kinds.Stage, stage) is null) return Reply.BadRequest("Invalid stage identifier specified");
        if (!isRest && !DomainRules.TakesHttp(domain)) return DomainRules.NotForHttp;
        bool isWebSocket = other?.Open().TextOf("protocolType") == "WEBSOCKET";
        foreach (Record record in call.Book.All(scope, Kinds.ApiMapping))
        {
            if (record.Key == self || record.Open().TextOf("apiId") is not { } id) continue;
            bool othersAre = call.Book.Find(Scopes.Api(id), Kinds.Api, id)?.Open().TextOf("protocolType") == "WEBSOCKET";
            if (othersAre != isWebSocket) return Reply.BadRequest("WebSocket APIs cannot share a domain name with REST or HTTP APIs.");
        }

        return null;
    }
}
