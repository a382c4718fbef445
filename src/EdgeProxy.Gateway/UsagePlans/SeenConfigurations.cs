namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>Which configurations of keys and plans requests may still see: the one in force, and those before it whose table of keys a request under way holds.</summary>
/// <remarks>The ledger's lock. A table that nobody holds is noticed when the collector has taken it: what it saw is given back later, never too early.</remarks>
internal sealed class SeenConfigurations
{
    private const int MostUnlooked = 64;

    private readonly List<Seen> _before = [];
    private Seen _inForce = new(0, 0, null);
    private int _lookAt = MostUnlooked;

    /// <summary>The one in force.</summary>
    public int Configured => _inForce.Configured;

    /// <summary>The one in force among those of keys of files.</summary>
    public int Filed => _inForce.Filed;

    /// <summary>Puts one in force.</summary>
    /// <param name="configured">Its number.</param>
    /// <param name="filed">The number of the one whose keys of files it goes on with.</param>
    /// <param name="keys">Its keys; null where no request finds any.</param>
    public void Serve(int configured, int filed, KeyTable? keys)
    {
        // With no key of calls it is the table of files again, which says how long it is seen by itself.
        if (!(keys is { IsFiled: true } && _inForce.Filed == filed && _inForce.IsOf(keys))) _before.Add(_inForce);
        _inForce = new Seen(configured, filed, keys);
        if (_before.Count < _lookAt) return;
        Look();
        _lookAt = MostUnlooked + (_before.Count * 2);
    }

    /// <summary>Earlier ones that are remembered.</summary>
    public int Count => _before.Count;

    /// <summary>The oldest numbers that a request may see.</summary>
    public (int Configured, int Filed) Oldest()
    {
        Look();
        (int configured, int filed) = (_inForce.Configured, _inForce.Filed);
        foreach (Seen before in _before)
        {
            // A table of files has nothing else, however many calls went on with it.
            if (!before.IsFiled) configured = Math.Min(configured, before.Configured);
            filed = Math.Min(filed, before.Filed);
        }

        return (configured, filed);
    }

    private void Look() => _before.RemoveAll(static before => !before.IsHeld);

    private sealed class Seen(int configured, int filed, KeyTable? keys)
    {
        private readonly WeakReference<KeyTable>? _keys = keys is null || keys.Count == 0 ? null : new(keys);

        public int Configured { get; } = configured;

        public int Filed { get; } = filed;

        public bool IsFiled { get; } = keys is { IsFiled: true };

        public bool IsOf(KeyTable keys) => _keys is not null && _keys.TryGetTarget(out KeyTable? held) && ReferenceEquals(held, keys);

        public bool IsHeld => _keys is not null && _keys.TryGetTarget(out _);
    }
}
