using System.Numerics;

namespace EdgeProxy.Gateway.Caching;

/// <summary>Remembers, by their hashes alone, the entries that were given up unused lately: who comes back from there goes among the proven.</summary>
/// <remarks>
/// A hash has one place, where it stands with the count of evictions at its own; a later one at that place takes it over. What is more evictions ago
/// than the cache has entries is forgotten. Under the shard's lock.
/// </remarks>
internal sealed class GhostTable
{
    private ulong[] _places = new ulong[64];
    private uint _evictions;

    /// <summary>Bytes of the table.</summary>
    public long Bytes => (long)_places.Length * sizeof(ulong);

    /// <summary>Makes room for so many; what was remembered is forgotten when that needs another table.</summary>
    public void Fit(int entries)
    {
        int wanted = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, entries));
        if (wanted > _places.Length) _places = new ulong[wanted];
    }

    public void Add(ulong hash) => _places[PlaceOf(hash)] = (hash & 0xFFFFFFFF00000000) | ++_evictions;

    /// <summary>Whether a hash is remembered; it is forgotten by that.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="within">How many evictions ago at most.</param>
    public bool Take(ulong hash, int within)
    {
        ref ulong place = ref _places[PlaceOf(hash)];
        if (place == 0 || (place ^ hash) >> 32 != 0 || _evictions - (uint)place >= (uint)within) return false;
        place = 0;
        return true;
    }

    private int PlaceOf(ulong hash) => (int)(hash & (ulong)(_places.Length - 1));
}
