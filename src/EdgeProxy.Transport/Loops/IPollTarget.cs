namespace EdgeProxy.Transport.Loops;

/// <summary>Something registered with an <see cref="SocketLoop"/>.</summary>
internal interface IPollTarget
{
    void OnPoll(uint events);
}
