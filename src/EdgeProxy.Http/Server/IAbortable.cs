namespace EdgeProxy.Http.Server;

/// <summary>Something a handler waits for that should be given up when the client is gone.</summary>
public interface IAbortable
{
    /// <summary>Ends the one pending wait with Aborted.</summary>
    void Abort();
}
