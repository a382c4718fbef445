namespace EdgeProxy.Lambda.Runtime;

/// <summary>Who gets what becomes of an event. Called once for an event, on the loop of its worker.</summary>
internal interface IInvocationSink
{
    /// <summary>The result, or the error document, is here whole.</summary>
    /// <param name="failed">Whether it is an error document.</param>
    /// <param name="body">The sink's from now on.</param>
    /// <param name="contentType">As the runtime gave it; borrowed.</param>
    void OnResult(bool failed, PooledBytes body, ReadOnlySpan<byte> contentType);

    /// <summary>A result begins that comes piece by piece.</summary>
    /// <param name="stream">To be read to its end, or dropped.</param>
    /// <param name="contentType">As the runtime gave it; borrowed.</param>
    void OnStream(IResultStream stream, ReadOnlySpan<byte> contentType);
}
