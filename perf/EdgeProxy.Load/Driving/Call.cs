using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>A request that waits for a connection or its answer.</summary>
internal sealed class Call(LoadRequest request, long deadline) : TaskCompletionSource<Response<object>>
{
    public LoadRequest Request { get; } = request;

    /// <summary>When it is given up.</summary>
    public long Deadline { get; } = deadline;
}
