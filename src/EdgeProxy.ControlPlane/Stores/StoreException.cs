namespace EdgeProxy.ControlPlane.Stores;

/// <summary>What a node remembers cannot be read or kept; the message says where, why and what to do.</summary>
public sealed class StoreException : IOException
{
    public StoreException(string message)
        : base(message)
    {
    }
}
