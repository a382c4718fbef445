namespace EdgeProxy.Gateway.Snapshots;

/// <summary>An API that can be reached by its id.</summary>
internal sealed class ApiEntry
{
    /// <param name="id">The API id, lower case.</param>
    /// <param name="stages">Its stages by name, compared with case.</param>
    /// <param name="isDefaultEndpointDisabled"><c>disableExecuteApiEndpoint</c>: requests by id are refused.</param>
    public ApiEntry(Utf8Text id, IReadOnlyList<StagePlan> stages, bool isDefaultEndpointDisabled = false)
    {
        Id = id;
        IsDefaultEndpointDisabled = isDefaultEndpointDisabled;
        var entries = new (Utf8Text, StagePlan)[stages.Count];
        for (int i = 0; i < stages.Count; i++) entries[i] = (stages[i].Name, stages[i]);
        Stages = new Utf8Table<StagePlan>(entries);
    }

    public Utf8Text Id { get; }

    public Utf8Table<StagePlan> Stages { get; }

    public bool IsDefaultEndpointDisabled { get; }
}
