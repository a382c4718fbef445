namespace EdgeProxy.Http.Client;

/// <summary>The pools of one loop.</summary>
public abstract class UpstreamClient
{
    /// <summary>A call to this upstream, ready to be filled: of the kind that its protocol needs.</summary>
    /// <param name="upstream">Where it will be sent.</param>
    public abstract UpstreamCall Rent(UpstreamName upstream);

    /// <summary>Whether a call that was rented for another upstream can be sent to this one: it is of the kind that this one's protocol needs.</summary>
    /// <param name="call">The call.</param>
    /// <param name="upstream">Where it is to be sent. Of the same <see cref="UpstreamName.Protocol"/>.</param>
    public virtual bool CanCarry(UpstreamCall call, UpstreamName upstream) => true;
}
