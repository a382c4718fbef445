namespace EdgeProxy.Http.Client;

/// <summary>The pools of one loop.</summary>
public abstract class UpstreamClient
{
    /// <summary>A call ready to be filled.</summary>
    public abstract UpstreamCall Rent();
}
