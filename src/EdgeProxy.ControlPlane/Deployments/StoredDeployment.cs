using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>What a deployment froze, to compile when a stage first points at it. One for each snapshot, so that stages with the same content share its plan.</summary>
/// <param name="id">The snapshot's id.</param>
/// <param name="api">The API's id.</param>
/// <param name="content">Gives the packed records; null when they are not there.</param>
/// <param name="fresh">The records themselves, when they were packed just now.</param>
internal sealed class StoredDeployment(string id, string api, Func<string, byte[]?> content, RecordScope? fresh) : IDefinitionSource
{
    // Until it is read: a deployment keeps no records in memory.
    private RecordScope? _fresh = fresh;

    public string Id { get; } = id;

    public ApiDefinition Read(ProblemList problems)
    {
        RecordScope? frozen = Interlocked.Exchange(ref _fresh, null);
        if (frozen is null && (content(Id) is not { } packed || !ScopeArchive.TryUnpack(packed, out frozen)))
        {
            problems.Error(ProblemCode.UnreadableFile, null, $"What the deployment froze of the API {api} is missing in the store, or damaged. Deploy it again.");
            return new ApiDefinition { Id = api, Name = api };
        }

        return ReadDefinition.Run(frozen, problems);
    }
}
