using EdgeProxy.Core.Text;

namespace EdgeProxy.Transport.Listeners;

/// <summary>Counts open client connections over all loops, in all and by address.</summary>
/// <remarks>
/// Touched once when a connection opens and once when it closes, never by a request; so a short lock on one of many stripes is
/// cheaper than it is dangerous.
/// </remarks>
public sealed class ConnectionLimits(int total, int perAddress)
{
    private const int StripeCount = 64;

    private readonly Dictionary<IpAddress, int>[] _stripes = CreateStripes();
    private int _open;

    /// <summary>Largest number of open connections.</summary>
    public int Total { get; } = total;

    /// <summary>Largest number of open connections from one address; 0 for no limit.</summary>
    public int PerAddress { get; } = perAddress;

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection in, unless that would pass a limit. Undone by <see cref="Leave(IpAddress)"/>.</summary>
    public ConnectionRefusal TryEnter(IpAddress address)
    {
        if (!TryEnter()) return ConnectionRefusal.Total;
        if (TryEnterAddress(address)) return ConnectionRefusal.None;
        Leave();
        return ConnectionRefusal.PerAddress;
    }

    /// <summary>Counts in a connection whose client is not known yet. Undone by <see cref="Leave()"/>, which leaves the addresses alone.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) <= Total) return true;
        Interlocked.Decrement(ref _open);
        return false;
    }

    /// <summary>Counts an address for a connection that was counted in without one. From then on it is undone by <see cref="Leave(IpAddress)"/>.</summary>
    public bool TryEnterAddress(IpAddress address)
    {
        if (PerAddress == 0) return true;
        Dictionary<IpAddress, int> stripe = StripeOf(address);
        lock (stripe)
        {
            ref int count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(stripe, address, out _);
            if (count >= PerAddress) return false;
            count++;
            return true;
        }
    }

    /// <summary>Counts out a connection that no address was counted for.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>Counts a connection and its address out.</summary>
    public void Leave(IpAddress address)
    {
        Leave();
        if (PerAddress == 0) return;
        Dictionary<IpAddress, int> stripe = StripeOf(address);
        lock (stripe)
        {
            ref int count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(stripe, address);
            if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref count)) return;
            if (--count == 0) stripe.Remove(address);
        }
    }

    private static Dictionary<IpAddress, int>[] CreateStripes()
    {
        var stripes = new Dictionary<IpAddress, int>[StripeCount];
        for (int i = 0; i < StripeCount; i++) stripes[i] = [];
        return stripes;
    }

    private Dictionary<IpAddress, int> StripeOf(IpAddress address) => _stripes[(uint)address.GetHashCode() % StripeCount];
}
