namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Something compiled that waits to be served.</summary>
public interface IPublication
{
    /// <summary>Has new requests served by it. Cannot fail.</summary>
    void Publish();
}
