namespace EdgeProxy.Transport.Tls;

/// <summary>Finds the object that stands for equal settings, and keeps none alive.</summary>
internal sealed class SharedUpstreamTls
{
    private const int LeastLooked = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<WeakReference<UpstreamTls>>> _known = [];
    private int _count;
    private int _lookAt = LeastLooked;

    /// <summary>Settings that are remembered, those that nobody has any more included.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    public UpstreamTls OneOf(UpstreamTls settings)
    {
        lock (_gate)
        {
            int hash = settings.GetHashCode();
            if (!_known.TryGetValue(hash, out List<WeakReference<UpstreamTls>>? same)) _known.Add(hash, same = new List<WeakReference<UpstreamTls>>(1));
            foreach (WeakReference<UpstreamTls> held in same)
            {
                if (held.TryGetTarget(out UpstreamTls? one) && one == settings) return one;
            }

            same.Add(new WeakReference<UpstreamTls>(settings));
            if (++_count >= _lookAt) Look();
            return settings;
        }
    }

    private void Look()
    {
        _count = 0;
        foreach ((int hash, List<WeakReference<UpstreamTls>> same) in _known)
        {
            same.RemoveAll(static held => !held.TryGetTarget(out _));
            _count += same.Count;
            if (same.Count == 0) _known.Remove(hash);
        }

        _lookAt = LeastLooked + (_count * 2);
    }
}
