namespace EdgeProxy.Transport.Loops;

/// <summary>Something registered with an <see cref="EpollLoop"/>.</summary>
internal interface IPollTarget
{
    void OnPoll(uint events);
}
