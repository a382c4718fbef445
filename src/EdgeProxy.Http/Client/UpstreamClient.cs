namespace EdgeProxy.Http.Client;

/// <summary>The pools of one loop.</summary>
public abstract class UpstreamClient
{
    /// <summary>A call to this upstream, ready to be filled: of the kind that its protocol needs.</summary>
    /// <param name="upstream">Where it will be sent.</param>
    public abstract UpstreamCall Rent(UpstreamName upstream);
}
