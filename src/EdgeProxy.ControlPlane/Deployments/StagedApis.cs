using EdgeProxy.Compiler;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>The stages of stored REST APIs as the compiler wants them. A stage that did not change stays the same object, which is how the compiler knows.</summary>
/// <remarks>Under the management API's lock.</remarks>
/// <param name="store">Where snapshots are.</param>
public sealed class StagedApis(IRecordStore store)
{
    private readonly Lock _gate = new();
    private Dictionary<string, MountedApi[]> _served = new(StringComparer.Ordinal);

    /// <summary>What is served, in no order.</summary>
    public IReadOnlyList<MountedApi> All => Flat(_served);

    /// <summary>How many stages are served.</summary>
    public int Stages { get; private set; }

    /// <summary>How many APIs have one.</summary>
    public int Apis => _served.Count;

    /// <summary>All stages of a book, when a node starts with it.</summary>
    public StagedChange Load(RecordBook book)
    {
        var known = new Dictionary<string, StoredDeployment>(StringComparer.Ordinal);
        var served = new Dictionary<string, MountedApi[]>(StringComparer.Ordinal);
        var edit = new BookEdit(book);
        foreach (RecordScope scope in book.Below(Scopes.RestApis))
        {
            var stages = new List<MountedApi>();
            foreach (Record stage in scope.All(Kinds.Stage))
            {
                if (MountedOrNull(edit, scope.Id, stage, known) is { } mounted) stages.Add(mounted);
            }

            if (stages.Count > 0) served.Add(ApiOf(scope.Id), [.. stages]);
        }

        return new StagedChange(served, Flat(served), []);
    }

    /// <summary>What a change means for stages; null when it touches none. Only deployments that stages point at count: what happens to an API otherwise is nothing that is served.</summary>
    /// <param name="edit">The change.</param>
    public StagedChange? ChangeOrNull(BookEdit edit)
    {
        Dictionary<string, MountedApi[]>? served = null;
        Dictionary<string, StoredDeployment>? known = null;
        var touched = new List<ServedStage>();
        foreach (RecordChange change in edit.Changes)
        {
            if (change.Kind != Kinds.Stage || !change.Scope.StartsWith(Scopes.RestApis, StringComparison.Ordinal)) continue;
            served ??= new Dictionary<string, MountedApi[]>(_served, StringComparer.Ordinal);
            known ??= Known();
            string api = ApiOf(change.Scope);
            MountedApi[] before = served.GetValueOrDefault(api) ?? [];
            MountedApi? mounted = change.Record is { } stage ? MountedOrNull(edit, change.Scope, stage, known) : null;
            MountedApi[] others = Array.FindAll(before, other => other.Stage.Name != change.Key);
            if (mounted is null && others.Length == before.Length) continue;
            if (mounted is not null) served[api] = [.. others, mounted];
            else if (others.Length > 0) served[api] = others;
            else served.Remove(api);
            touched.Add(new ServedStage(api, change.Key, mounted?.DeploymentId, mounted?.Canary?.DeploymentId));
        }

        return touched.Count == 0 ? null : new StagedChange(served!, Flat(served!), touched);
    }

    /// <summary>Goes on from a change, once it serves.</summary>
    /// <param name="change">The change.</param>
    /// <param name="leftOut">Stages of it that could not be served.</param>
    public void Keep(StagedChange change, IReadOnlyCollection<MountedApi> leftOut)
    {
        _served = change.Served;
        foreach (MountedApi gone in leftOut)
        {
            MountedApi[] rest = Array.FindAll(_served[gone.Api.Id], other => !ReferenceEquals(other, gone));
            if (rest.Length > 0) _served[gone.Api.Id] = rest;
            else _served.Remove(gone.Api.Id);
        }

        Stages = change.All.Count - leftOut.Count;
    }

    // Null for a stage whose deployment is gone: the operations see to it that there is none.
    private MountedApi? MountedOrNull(BookEdit edit, string scope, Record record, Dictionary<string, StoredDeployment> known)
    {
        if (!WireValue.TryParse(record.Json.Span, out WireValue? stage) || stage.TextOf("deploymentId") is not { } deployment) return null;
        string api = ApiOf(scope);
        if (ContentOrNull(edit, scope, deployment, known) is not { } content) return null;
        StageDefinition definition = ReadStage.Run(stage);
        MountedCanary? canary = null;
        if (definition.Canary is not null && stage["canarySettings"]?.TextOf("deploymentId") is { } other && other != deployment && ContentOrNull(edit, scope, other, known) is { } otherContent)
        {
            canary = new MountedCanary(new ApiDefinition { Id = api, Name = api }, otherContent) { DeploymentId = other };
        }

        return new MountedApi(new ApiDefinition { Id = api, Name = api }, definition, "", [], content) { IsById = true, DeploymentId = deployment, Canary = canary };
    }

    private StoredDeployment? ContentOrNull(BookEdit edit, string scope, string deployment, Dictionary<string, StoredDeployment> known)
    {
        if (edit.Find(scope, Kinds.DeploymentSnapshot, deployment) is not { } record || !WireValue.TryParse(record.Json.Span, out WireValue? named) || named.TextOf("snapshot") is not { } id) return null;
        if (known.TryGetValue(id, out StoredDeployment? found)) return found;
        StoredSnapshot? fresh = null;
        foreach (StoredSnapshot snapshot in edit.Snapshots)
        {
            if (snapshot.Id == id) fresh = snapshot;
        }

        // Not stored yet while it is compiled.
        found = new StoredDeployment(id, ApiOf(scope), ContentOf, fresh);
        known.Add(id, found);
        return found;
    }

    // Deployments are compiled side by side, and a store is for one thread at a time.
    private byte[]? ContentOf(string snapshot)
    {
        lock (_gate) return store.FindSnapshot(snapshot);
    }

    private Dictionary<string, StoredDeployment> Known()
    {
        var known = new Dictionary<string, StoredDeployment>(StringComparer.Ordinal);
        foreach (MountedApi[] stages in _served.Values)
        {
            foreach (MountedApi stage in stages)
            {
                if (stage.Content is StoredDeployment main) known[main.Id] = main;
                if (stage.Canary?.Content is StoredDeployment canary) known[canary.Id] = canary;
            }
        }

        return known;
    }

    private static List<MountedApi> Flat(Dictionary<string, MountedApi[]> served)
    {
        var all = new List<MountedApi>(served.Count);
        foreach (MountedApi[] stages in served.Values) all.AddRange(stages);
        return all;
    }

    private static string ApiOf(string scope) => scope[Scopes.RestApis.Length..];
}
