using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>Whether JSON values are the same: numbers by value, strings by text, objects without regard to order (draft 4, 3.6).</summary>
/// <remarks>
/// Counts what it does down from a budget, so that no body can make it take long: once the budget is spent, nothing is equal any more and
/// the caller gives the body up. Kept with its loop.
/// </remarks>
internal sealed class JsonEquality
{
    // A secret of the process: nobody can write a body whose items all share one hash.
    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64() | 1;

    private byte[] _left = new byte[256];
    private byte[] _right = new byte[256];
    private int[] _table = [];
    private ulong[] _hashes = [];

    /// <summary>Steps left; negative when it was too few.</summary>
    public long Budget { get; set; }

    /// <summary>Whether two values are the same.</summary>
    public bool AreEqual(JsonView left, int at, JsonView right, int with)
    {
        if (--Budget < 0) return false;
        ref readonly JsonNode one = ref left.Nodes[at];
        ref readonly JsonNode other = ref right.Nodes[with];
        switch (one.Kind)
        {
            case JsonKind.String:
                return other.Kind == JsonKind.String && AreSameText(left, at, right, with);
            case JsonKind.Integer or JsonKind.Decimal:
                if (other.Kind is not (JsonKind.Integer or JsonKind.Decimal)) return false;
                Budget -= (one.Length + other.Length) >> 4;
                return left.Raw(at).SequenceEqual(right.Raw(with)) || JsonNumber.Compare(new JsonNumber(left.Raw(at)), new JsonNumber(right.Raw(with))) == 0;
            case JsonKind.Array:
                return other.Kind == JsonKind.Array && one.Offset == other.Offset && AreSameItems(left, at, right, with);
            case JsonKind.Object:
                return other.Kind == JsonKind.Object && one.Offset == other.Offset && AreSameMembers(left, at, right, with);
            default:
                return one.Kind == other.Kind;
        }
    }

    /// <summary>Whether no two items of an array are the same.</summary>
    public bool AreUnique(JsonView view, int array)
    {
        int count = view.Nodes[array].Offset;
        if (count < 2) return true;
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2);
        if (_table.Length < size) Array.Resize(ref _table, size);
        if (_hashes.Length < size) Array.Resize(ref _hashes, size);
        Span<int> table = _table.AsSpan(0, size);
        table.Clear();
        bool unique = true;
        int end = view.Nodes[array].Next;
        for (int item = array + 1; unique && item < end && Budget >= 0; item = view.After(item))
        {
            ulong hash = Hash(view, item);
            int slot = (int)(hash & (uint)(size - 1));
            for (; table[slot] != 0; slot = (slot + 1) & (size - 1))
            {
                Budget--;
                if (_hashes[slot] != hash || !AreEqual(view, table[slot] - 1, view, item)) continue;
                unique = false;
                break;
            }

            table[slot] = item + 1;
            _hashes[slot] = hash;
        }

        Shrink();
        return unique;
    }

    /// <summary>Names of an object, one that comes again not counted.</summary>
    public int CountDistinct(JsonView view, int @object)
    {
        int count = view.Nodes[@object].Offset;
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2);
        if (_table.Length < size) Array.Resize(ref _table, size);
        Span<int> table = _table.AsSpan(0, size);
        table.Clear();
        int distinct = 0;
        int end = view.Nodes[@object].Next;
        for (int name = @object + 1; name < end && Budget >= 0; name = view.After(name + 1))
        {
            int slot = (int)(Hash(view, name) & (uint)(size - 1));
            while (table[slot] != 0 && !AreSameText(view, table[slot] - 1, view, name)) slot = (slot + 1) & (size - 1);
            if (table[slot] == 0) distinct++;
            table[slot] = name + 1;
        }

        Shrink();
        return distinct;
    }

    private bool AreSameItems(JsonView left, int at, JsonView right, int with)
    {
        int end = left.Nodes[at].Next;
        for (int one = at + 1, other = with + 1; one < end; one = left.After(one), other = right.After(other))
        {
            if (!AreEqual(left, one, right, other)) return false;
        }

        return true;
    }

    private bool AreSameMembers(JsonView left, int at, JsonView right, int with)
    {
        int end = left.Nodes[at].Next;
        int last = right.Nodes[with].Next;
        int expected = with + 1;
        for (int name = at + 1; name < end; name = left.After(name + 1))
        {
            // Mostly both are in the same order.
            int found = expected < last && AreSameText(left, name, right, expected) ? expected : Find(left, name, right, with);
            if (found < 0 || !AreEqual(left, name + 1, right, found + 1)) return false;
            expected = right.After(found + 1);
        }

        return true;
    }

    // The last of a name, which is the one that most readers of JSON take.
    private int Find(JsonView left, int name, JsonView right, int @object)
    {
        int found = -1;
        int end = right.Nodes[@object].Next;
        for (int member = @object + 1; member < end && Budget >= 0; member = right.After(member + 1))
        {
            if (AreSameText(left, name, right, member)) found = member;
        }

        return found;
    }

    /// <summary>Whether two strings or names have the same text.</summary>
    public bool AreSameText(JsonView left, int at, JsonView right, int with)
    {
        ref readonly JsonNode one = ref left.Nodes[at];
        ref readonly JsonNode other = ref right.Nodes[with];
        Budget -= 1 + (Math.Min(one.Length, other.Length) >> 6);
        if (!one.IsEscaped && !other.IsEscaped) return left.Raw(at).SequenceEqual(right.Raw(with));
        return TextOf(left, at, ref _left).SequenceEqual(TextOf(right, with, ref _right));
    }

    private ulong Hash(JsonView view, int at)
    {
        ref readonly JsonNode token = ref view.Nodes[at];
        Budget -= 1 + (token.Kind >= JsonKind.Array ? 0 : token.Length >> 4);
        if (Budget < 0) return 0;
        ulong hash = Mix(s_seed + (ulong)token.Kind);
        switch (token.Kind)
        {
            case JsonKind.String or JsonKind.Key:
                return HashBytes(TextOf(view, at, ref _left), hash);
            case JsonKind.Integer or JsonKind.Decimal:
                return new JsonNumber(view.Raw(at)).Hash(s_seed);
            case JsonKind.Array:
                for (int item = at + 1; item < token.Next; item = view.After(item)) hash = Mix(hash ^ Hash(view, item));
                return hash;
            case JsonKind.Object:
                // A sum, because order is no part of an object.
                ulong sum = 0;
                for (int name = at + 1; name < token.Next; name = view.After(name + 1)) sum += Mix(Hash(view, name) + (3 * Hash(view, name + 1)));
                return Mix(hash ^ sum);
            default:
                return hash;
        }
    }

    private static ReadOnlySpan<byte> TextOf(JsonView view, int at, ref byte[] scratch)
    {
        ReadOnlySpan<byte> raw = view.Raw(at);
        if (!view.Nodes[at].IsEscaped) return raw;
        if (scratch.Length < raw.Length) Array.Resize(ref scratch, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)raw.Length));
        return scratch.AsSpan(0, JsonText.Unescape(raw, scratch));
    }

    private static ulong HashBytes(ReadOnlySpan<byte> bytes, ulong hash)
    {
        hash ^= (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = Mix(hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong rest = 0;
        foreach (byte value in bytes) rest = (rest << 8) | value;
        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value ^ s_seed, 0x9E37_79B9_7F4A_7C15, out ulong low);
        return high ^ low;
    }

    // What a great body needed is not kept for ever.
    private void Shrink()
    {
        if (_table.Length > 64 * 1024) _table = [];
        if (_hashes.Length > 64 * 1024) _hashes = [];
        if (_left.Length > 64 * 1024) _left = new byte[256];
        if (_right.Length > 64 * 1024) _right = new byte[256];
    }
}
