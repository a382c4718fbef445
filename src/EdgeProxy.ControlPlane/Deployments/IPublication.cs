namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Something compiled that waits to be served.</summary>
public interface IPublication
{
    /// <summary>Has new requests served by it. Cannot fail.</summary>
    void Publish();

    /// <summary>Gives it up: it was made and is not going to serve.</summary>
    void Abandon()
    {
    }
}
