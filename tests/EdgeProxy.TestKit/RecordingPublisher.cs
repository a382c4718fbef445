using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.TestKit;

/// <summary>Serves nothing and remembers what it was asked to.</summary>
public sealed class RecordingPublisher : IPublisher
{
    /// <summary>The changes of each publication, in their order.</summary>
    public List<IReadOnlyList<RecordChange>> Published { get; } = [];

    /// <summary>What the next change is refused for; null for nothing.</summary>
    public string? Problem { get; set; }

    /// <summary>Which changes it refuses besides.</summary>
    public Predicate<BookEdit>? Refuses { get; set; }

    public bool TryPrepare(BookEdit edit, ProblemList problems, out IPublication? publication)
    {
        publication = null;
        if ((Problem ?? (Refuses?.Invoke(edit) == true ? "It cannot be served." : null)) is { } problem)
        {
            problems.Error(ProblemCode.NotAllowed, null, problem);
            return false;
        }

        publication = new Publication(this, [.. edit.Changes]);
        return true;
    }

    private sealed class Publication(RecordingPublisher publisher, IReadOnlyList<RecordChange> changes) : IPublication
    {
        public void Publish() => publisher.Published.Add(changes);
    }
}
