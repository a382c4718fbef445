using System.Buffers;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>What a deployment froze, to compile when a stage first points at it. One for each snapshot, so that stages with the same content share its plan.</summary>
/// <param name="id">The snapshot's id.</param>
/// <param name="api">The API's id.</param>
/// <param name="content">Gives the packed records from the store; null when they are not there.</param>
/// <param name="fresh">What was packed just now and is in no store yet; null for what is.</param>
internal sealed class StoredDeployment(string id, string api, Func<string, byte[]?> content, StoredSnapshot? fresh) : IDefinitionSource
{
    // Until it is read, which is before it serves: a deployment keeps no records in memory.
    private StoredSnapshot? _fresh = fresh;

    public string Id { get; } = id;

    public ApiDefinition Read(ProblemList problems)
    {
        StoredSnapshot? packedNow = Interlocked.Exchange(ref _fresh, null);
        if (packedNow?.Scope is { } frozen) return ReadDefinition.Deployed(frozen, problems);
        if ((packedNow?.Content ?? content(Id)) is not { } packed || !ScopeArchive.TryMeasure(packed, out int length)) return Missing(problems);

        // Nothing of a definition lies in the records that it was read from.
        byte[] plain = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return ScopeArchive.TryUnpack(packed, plain.AsMemory(0, length), out RecordScope? scope) ? ReadDefinition.Deployed(scope, problems) : Missing(problems);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private ApiDefinition Missing(ProblemList problems)
    {
        problems.Error(ProblemCode.UnreadableFile, null, $"What the deployment froze of the API {api} is missing in the store, or damaged. Deploy it again.");
        return new ApiDefinition { Id = api, Name = api };
    }
}
