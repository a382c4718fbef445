using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>The keys of session tickets, shared by all loops of a node: one that seals, and earlier ones that still open.</summary>
/// <remarks>Kept in memory only: a node that starts anew opens no old ticket, and whoever has its disk opens none either.</remarks>
public sealed class TicketKeys
{
    private const int Kept = 3;

    private TicketKey[] _keys;

    public TicketKeys()
    {
        OpenSsl.EnsureStarted();
        _keys = [TicketKey.Create()];
    }

    /// <summary>How often <see cref="Rotate"/> is to be called; tickets live no longer than this either (specification security.md 12).</summary>
    public static TimeSpan Period => TimeSpan.FromHours(12);

    /// <summary>The newest first.</summary>
    internal TicketKey[] Current => Volatile.Read(ref _keys);

    /// <summary>Seals with a new key from now on; the two before still open tickets. One thread at a time.</summary>
    public void Rotate()
    {
        TicketKey[] keys = _keys;
        Volatile.Write(ref _keys, [TicketKey.Create(), .. keys.Take(Kept - 1)]);
    }
}
