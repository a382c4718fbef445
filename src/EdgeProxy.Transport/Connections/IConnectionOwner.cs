namespace EdgeProxy.Transport.Connections;

/// <summary>Whoever an otherwise idle connection belongs to. Called on the loop's thread when no wait is open for what happened.</summary>
public interface IConnectionOwner
{
    /// <summary>Bytes, or the end, can be read and nobody waits for them.</summary>
    void OnReadable();

    /// <summary>There is room to send again and nobody waits for it. For whoever holds back bytes of its own.</summary>
    void OnWritable()
    {
    }

    /// <summary>The connection broke while nobody waited on it.</summary>
    void OnReset();

    /// <summary>The read deadline passed and nobody waits.</summary>
    void OnDeadline();
}
