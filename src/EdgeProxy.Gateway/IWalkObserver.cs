namespace EdgeProxy.Gateway;

/// <summary>Watches a walk: explanations, test invocations, execution logs and traces. On the loop; must not keep what it is given.</summary>
internal interface IWalkObserver
{
    /// <summary>A phase has run.</summary>
    /// <param name="request">The request as the phase left it.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="verdict">What it decided.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    void OnPhase(RequestContext request, WalkPhase phase, Verdict verdict, long now);

    /// <summary>A mapped header was left out because its value has a byte that no field value may have (security.md 15.3).</summary>
    void OnHeaderDropped(RequestContext request, ReadOnlySpan<byte> name);
}
