using System.IO.Hashing;
using System.Text;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>Names as numbers and numbers as names: a million of them in some arrays, without an object each.</summary>
/// <remarks>
/// A name keeps its number until it is removed; then a later one of the same length takes its number and its place. Its owner sees to it that one thread adds and removes at a time;
/// whoever got a number may read its name meanwhile, and no name is removed whose number somebody has.
/// </remarks>
internal sealed class NameTable
{
    /// <summary>Longest name in bytes of UTF-8.</summary>
    public const int MostBytes = 255;

    private const int SlabBits = 20;
    private const int SlabSize = 1 << SlabBits;

    private readonly long _seed = Random.Shared.NextInt64();
    private byte[][] _slabs = [];
    private uint[] _places = new uint[16];
    private int[] _index = new int[32];
    private int _free = SlabSize;
    private Stack<int>?[] _removedByLength = [];
    private HashSet<int>? _removed;

    /// <summary>Numbers given so far, those of removed names included.</summary>
    public int Count { get; private set; }

    /// <summary>A name's bytes.</summary>
    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            uint place = Volatile.Read(ref _places)[number];
            byte[] slab = Volatile.Read(ref _slabs)[place >> SlabBits];
            int at = (int)(place & (SlabSize - 1));
            return slab.AsSpan(at + 1, slab[at]);
        }
    }

    /// <summary>A name as text.</summary>
    public string TextOf(int number) => Encoding.UTF8.GetString(this[number]);

    /// <summary>The number of a name; -1 when it is not known.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (uint slot = SlotOf(name); ; slot++)
        {
            int found = _index[slot & (uint)(_index.Length - 1)] - 1;
            if (found < 0 || this[found].SequenceEqual(name)) return found;
        }
    }

    /// <summary>The number of a name, which is added when it is new.</summary>
    /// <param name="name">At most <see cref="MostBytes"/>.</param>
    public int Add(ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MostBytes);
        int known = Find(name);
        if (known >= 0) return known;
        if (_removedByLength.Length > 0 && _removedByLength[name.Length] is { } removed && removed.TryPop(out int free))
        {
            _removed!.Remove(free);
            uint place = _places[free];
            name.CopyTo(_slabs[place >> SlabBits].AsSpan((int)(place & (SlabSize - 1)) + 1));
            Index(free);
            return free;
        }

        if (Count == _places.Length) Volatile.Write(ref _places, Longer(_places, Count * 2));
        _places[Count] = Store(name);
        Count++;
        if (Count * 2 > _index.Length) Rehash(_index.Length * 2);
        else Index(Count - 1);
        return Count - 1;
    }

    /// <summary>Removes names whose numbers nobody has any more.</summary>
    /// <param name="isGone">Asked for each number.</param>
    /// <returns>How many.</returns>
    public int RemoveAll(Predicate<int> isGone)
    {
        int count = 0;
        for (int number = 0; number < Count; number++)
        {
            if (_removed?.Contains(number) == true || !isGone(number)) continue;
            (_removed ??= []).Add(number);
            if (_removedByLength.Length == 0) _removedByLength = new Stack<int>?[MostBytes + 1];
            (_removedByLength[this[number].Length] ??= new Stack<int>()).Push(number);
            count++;
        }

        if (count > 0) Rehash(_index.Length);
        return count;
    }

    private uint Store(ReadOnlySpan<byte> name)
    {
        if (_free + 1 + name.Length > SlabSize)
        {
            byte[][] slabs = Longer(_slabs, _slabs.Length + 1);
            slabs[^1] = GC.AllocateUninitializedArray<byte>(SlabSize);
            Volatile.Write(ref _slabs, slabs);
            _free = 0;
        }

        int at = _free;
        byte[] slab = _slabs[^1];
        slab[at] = (byte)name.Length;
        name.CopyTo(slab.AsSpan(at + 1));
        _free = at + 1 + name.Length;
        return ((uint)(_slabs.Length - 1) << SlabBits) | (uint)at;
    }

    private void Rehash(int length)
    {
        _index = new int[length];
        for (int number = 0; number < Count; number++)
        {
            if (_removed?.Contains(number) != true) Index(number);
        }
    }

    private void Index(int number)
    {
        uint slot = SlotOf(this[number]);
        while (_index[slot & (uint)(_index.Length - 1)] != 0) slot++;
        _index[slot & (uint)(_index.Length - 1)] = number + 1;
    }

    private uint SlotOf(ReadOnlySpan<byte> name) => (uint)XxHash3.HashToUInt64(name, _seed);

    private static T[] Longer<T>(T[] array, int length)
    {
        var longer = new T[length];
        array.CopyTo(longer, 0);
        return longer;
    }
}
