using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.Files;

/// <summary>Files that serve what a store serves (<c>edgeproxy export</c>, decision 0050): a document for each deployment that a stage points to, and settings over them.</summary>
public sealed class FileExport
{
    /// <summary>The name of the settings' file.</summary>
    public const string SettingsFile = "edgeproxy.yaml";

    /// <summary>The name of the file with API keys, which holds secrets.</summary>
    public const string KeysFile = "keys.csv";

    private const string Head = """
        # The APIs of a store, written by `edgeproxy export`: `edgeproxy run -c edgeproxy.yaml` serves the same, by the same host names ({id}.execute-api.*) and stages.
        # Where it is mounted besides (basePath) is made up of names, but for base path mappings of custom domains.

        """;

    private readonly RecordBook _book;
    private readonly List<ExportedDocument> _documents = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _missing = [];
    private readonly HashSet<string> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Api, string Deployment), string> _fileOf = [];
    private readonly HashSet<string> _places = new(StringComparer.Ordinal);

    private FileExport(RecordBook book) => _book = book;

    /// <summary>The documents that the settings name.</summary>
    public IReadOnlyList<ExportedDocument> Documents => _documents;

    /// <summary>What is in the store and cannot be said by settings.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>APIs that no file can hold, so that the export is not whole.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary><c>edgeproxy.yaml</c>, in UTF-8.</summary>
    public byte[] Settings { get; private set; } = [];

    /// <summary>The API keys as a table, in UTF-8; null when they were not asked for, or there are none.</summary>
    public byte[]? Keys { get; private set; }

    /// <summary>Works out what there is to write; the documents themselves are made one by one (<see cref="DocumentOrNull"/>).</summary>
    /// <param name="book">The records.</param>
    /// <param name="withSecrets">Whether API keys are written, values and all.</param>
    public static FileExport Of(RecordBook book, bool withSecrets)
    {
        var export = new FileExport(book);
        export.Run(withSecrets);
        return export;
    }

    /// <summary>The document of a deployment, as YAML; null when there is no such deployment, or what it froze is lost.</summary>
    /// <param name="book">The records.</param>
    /// <param name="findSnapshot">Gives what the store has of a snapshot.</param>
    /// <param name="api">The API's id.</param>
    /// <param name="deployment">The deployment's id.</param>
    public static byte[]? DocumentOrNull(RecordBook book, Func<string, byte[]?> findSnapshot, string api, string deployment)
    {
        bool isHttp = book.ScopeOrNull(Scopes.RestApi(api)) is null;
        if (book.Find(isHttp ? Scopes.Api(api) : Scopes.RestApi(api), Kinds.DeploymentSnapshot, deployment)?.Open().TextOf("snapshot") is not { } id) return null;
        if (findSnapshot(id) is not { } content || !ScopeArchive.TryUnpack(content, out RecordScope? frozen)) return null;
        ApiDefinition definition = isHttp ? ReadHttpDefinition.Run(frozen, new ProblemList()) : ReadDefinition.Run(frozen, new ProblemList());
        return OpenApiWriter.Write(definition, new OpenApiExportOptions { Extensions = OpenApiExtensions.All }).ToYaml();
    }

    private void Run(bool withSecrets)
    {
        WireValue settings = WireValue.NewObject();
        Dictionary<(string Api, string Stage), List<(string Domain, string Path)>> mappings = Mappings();
        var stages = new HashSet<(string, string)>();
        WireValue apis = WireValue.NewList();
        foreach (RecordScope scope in _book.Below(Scopes.RestApis))
        {
            string id = scope.Id[Scopes.RestApis.Length..];
            string name = scope.Find(Kinds.RestApi, id)?.Open().TextOf("name") ?? id;
            foreach (Record record in scope.All(Kinds.Stage))
            {
                if (Entry(id, name, record, isHttp: false, mappings) is not { } entry) continue;
                apis.Items.Add(entry);
                stages.Add((id, record.Key));
            }
        }

        AddHttpApis(apis, mappings);
        if (apis.Items.Count > 0) settings["apis"] = apis;
        new PlansWriter(_book, Note).Write(settings, stages);
        IReadOnlyList<Record> keys = _book.All(Scopes.Account, Kinds.ApiKey);
        if (withSecrets && keys.Count > 0)
        {
            Keys = KeysTable.Write(_book, keys, out int customers);
            if (customers > 0) Note($"The customer ids of {customers} API keys.");
            settings.ObjectAt("apiKeys").Set("file", KeysFile);
        }
        else if (keys.Count > 0)
        {
            Note($"{keys.Count} API keys, which are secrets: export again with --with-secrets to have them in a file of their own.");
        }

        foreach (Record link in _book.All(Scopes.Account, Kinds.VpcLink)) Note($"The VPC link {link.Key}: say under upstream.vpcLinks where it leads.");
        foreach (Record certificate in _book.All(Scopes.Account, Kinds.ClientCertificate)) Note($"The client certificate {certificate.Key}: its key stays in the store. Name another under upstream.tls.clientCertificates.");
        var text = new StringBuilder(Head);
        foreach (string note in (string[])[.. _missing, .. _notes]) text.Append("# Not in here: ").Append(note.ReplaceLineEndings(" ")).Append('\n');
        byte[] body = settings.Members.Count == 0 ? [] : settings.ToYaml();
        Settings = [.. Encoding.UTF8.GetBytes(text.Append('\n').ToString()), .. body];
    }

    private void AddHttpApis(WireValue apis, Dictionary<(string Api, string Stage), List<(string Domain, string Path)>> mappings)
    {
        foreach (RecordScope scope in _book.Below(Scopes.Apis))
        {
            string id = scope.Id[Scopes.Apis.Length..];
            WireValue? api = scope.Find(Kinds.Api, id)?.Open();
            string name = api?.TextOf("name") ?? id;
            if (api?.TextOf("protocolType") == "WEBSOCKET")
            {
                // Documents have no form for it (openapi-and-templates.md 4.9).
                _missing.Add($"the WebSocket API {id} ({name}), for which documents have no form. It is in the store alone.");
                continue;
            }

            foreach (Record record in scope.All(Kinds.Stage))
            {
                if (Entry(id, name, record, isHttp: true, mappings) is { } entry) apis.Items.Add(entry);
            }
        }
    }

    private void Note(string text) => _notes.Add(text);

    private Dictionary<(string Api, string Stage), List<(string Domain, string Path)>> Mappings()
    {
        var all = new Dictionary<(string Api, string Stage), List<(string Domain, string Path)>>();
        foreach (RecordScope scope in _book.Below(Scopes.DomainNames))
        {
            if (ReadDomain.Run(scope) is not { } domain) continue;
            Note($"The certificate of the domain {domain.Name}, and its TLS policy and trust store if it has them: say under tls and domains.");
            if (domain.RoutingRules.Count > 0) Note($"The {domain.RoutingRules.Count} routing rules of the domain {domain.Name}.");
            if (!domain.UsesMappings) continue;
            foreach (ApiMappingDefinition mapping in domain.ApiMappings)
            {
                // Without a stage the caller names it in the path.
                IReadOnlyList<string> stages = mapping.Stage.Length > 0 ? [mapping.Stage] : StagesOf(mapping.ApiId);
                foreach (string stage in stages)
                {
                    string path = "/" + (mapping.Stage.Length > 0 ? mapping.BasePath : $"{mapping.BasePath}/{stage}").Trim('/');
                    if (!all.TryGetValue((mapping.ApiId, stage), out List<(string, string)>? list)) all.Add((mapping.ApiId, stage), list = []);
                    list.Add((domain.Name, path));
                }
            }
        }

        return all;
    }

    private List<string> StagesOf(string api)
    {
        var names = new List<string>();
        foreach (Record stage in _book.All(Scopes.RestApi(api), Kinds.Stage)) names.Add(stage.Key);
        return names;
    }

    private WireValue? Entry(string api, string name, Record record, bool isHttp, Dictionary<(string Api, string Stage), List<(string Domain, string Path)>> mappings)
    {
        WireValue stage = record.Open();
        if (stage.TextOf("deploymentId") is not { } deployment)
        {
            Note($"The stage {record.Key} of the API {api}, which serves no deployment.");
            return null;
        }

        bool isDefault = isHttp && record.Key == "$default";
        if ((!IsName(record.Key) && !isDefault) || !IsName(api) || api != api.ToLowerInvariant())
        {
            Note($"The stage {record.Key} of the API {api}: names in settings have 1 to 64 letters, digits, - and _, and ids no capitals.");
            return null;
        }

        string file = FileOf(api, name, deployment, isDefault ? "default" : record.Key);
        WireValue entry = WireValue.NewObject().Set("id", api).Set("file", file);
        if (isHttp) entry.Set("type", "http");
        List<(string Domain, string Path)> places = mappings.GetValueOrDefault((api, record.Key)) ?? [];
        if (places.Count > 0)
        {
            List<(string Domain, string Path)> told = places.FindAll(place => place.Path == places[0].Path);
            entry["domains"] = WireValue.Of(told.ConvertAll(static place => place.Domain));
            foreach ((string domain, string path) in places)
            {
                if (path != places[0].Path) Note($"The base path {path} of the domain {domain} for the API {api}, stage {record.Key}: in files a stage is mounted at one.");
            }
        }

        entry.Set("basePath", places.Count > 0 ? places[0].Path : PlaceOf(Stem(name, api), api, isDefault ? "" : record.Key));
        entry.Set("stage", record.Key);
        if (isHttp)
        {
            HttpStageWriter.Write(entry, stage, text => Note($"{text} of the API {api}, stage {record.Key}."));
            return entry;
        }

        StageWriter.Write(entry, ReadStage.Run(stage), text => Note($"{text} of the API {api}, stage {record.Key}."));
        if (stage["canarySettings"]?.TextOf("deploymentId") is { } canary && canary != deployment && entry["canary"] is { } written) written.Set("file", FileOf(api, name, canary, record.Key + "-canary"));
        return entry;
    }

    // Where no domain says: by names, which several APIs may share.
    private string PlaceOf(string stem, string api, string stage)
    {
        string place = $"/{stem}/{stage}".TrimEnd('/');
        if (!_places.Add(place)) _places.Add(place = $"/{stem}/{api}/{stage}".TrimEnd('/'));
        return place;
    }

    // Stages that serve the same deployment share its document.
    private string FileOf(string api, string name, string deployment, string stage)
    {
        if (_fileOf.TryGetValue((api, deployment), out string? known)) return known;
        string stem = Stem(name, api) + "-" + stage;
        string file = stem + ".openapi.yaml";
        if (!_files.Add(file)) _files.Add(file = $"{stem}-{api}.openapi.yaml");
        _documents.Add(new ExportedDocument(file, api, deployment));
        _fileOf.Add((api, deployment), file);
        return file;
    }

    private static string Stem(string name, string api)
    {
        var stem = new StringBuilder();
        foreach (char character in name)
        {
            if (char.IsAsciiLetterOrDigit(character)) stem.Append(char.ToLowerInvariant(character));
            else if (stem.Length > 0 && stem[^1] != '-') stem.Append('-');
        }

        string text = stem.ToString().Trim('-');
        return text.Length == 0 ? api : text.Length > 60 ? text[..60] : text;
    }

    private static bool IsName(string text)
    {
        if (text.Length is 0 or > 64) return false;
        foreach (char character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')) return false;
        }

        return true;
    }
}
