using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Execution;

/// <summary>All that the values of one run consist of: texts, lists, maps, parsed JSON. Used again by the next run.</summary>
internal sealed class Memory
{
    /// <summary>The segment of a program's constants.</summary>
    public const int ConstantSegment = 0;

    /// <summary>The segment of text made during the run.</summary>
    public const int TextSegment = 1;

    /// <summary>The segment of the body.</summary>
    public const int BodySegment = JsonTape.BodySegment;

    private const int KeptObjects = 1024;

    /// <summary>How many names have a place in which to look first; a power of two.</summary>
    public const int Places = 256;

    private byte[][] _segments = new byte[8][];
    private int _segmentCount;
    private readonly Machine _machine;
    private readonly List<VtlList> _lists = [];
    private readonly List<VtlMap> _maps = [];
    private readonly FoundPlace[] _places = Pinned.New<FoundPlace>(Places);

    // Whether some array or object is no longer what it was read as.
    private bool _isThawed;
    private int _usedLists;
    private int _usedMaps;
    private int _items;
    private int _bodyOffset;
    private int _numbering;

    /// <param name="machine">The one whose values it holds; its run ends when they become too many.</param>
    public Memory(Machine machine)
    {
        _machine = machine;
        Texts.Limit = Limits.Text;
        Texts.Run = machine;
    }

    public TemplateLimits Limits => _machine.Limits;

    /// <summary>Text made during the run; ranges of it are values of <see cref="TextSegment"/>.</summary>
    public TemplateOutput Texts { get; } = new();

    public JsonTape Tape { get; } = new();

    /// <summary>Whether the tape begins with the body, as it was read before the run, and nothing was read since.</summary>
    public bool HoldsBody { get; set; }

    /// <summary>Where names were found last, by <see cref="NameEntry.Place"/>. Pinned.</summary>
    public FoundPlace[] FoundPlaces => _places;

    /// <summary>The array that the body is in; empty when it was copied.</summary>
    public byte[] BodyBytes => _segments[BodySegment];

    /// <summary>Begins a run.</summary>
    /// <param name="constants">The program's texts.</param>
    /// <param name="body">The body.</param>
    /// <param name="reading">Which reading of <see cref="Tape"/> is the body's; 0 for none.</param>
    public Value Reset(byte[] constants, ReadOnlyMemory<byte> body, long reading = 0)
    {
        Value text = Begin(constants, body);
        HoldsBody = text.A == BodySegment && text.Length > 0 && Tape.Holds(reading, text.Offset, text.Length) && Tape.DepthLimit <= Limits.Nesting;
        if (!HoldsBody) Tape.Reset();
        if (_numbering != Tape.Numbering)
        {
            Array.Clear(_places);
            _numbering = Tape.Numbering;
        }

        return text;
    }

    private Value Begin(byte[] constants, ReadOnlyMemory<byte> body)
    {
        Texts.Clear();
        _isThawed = false;
        _usedLists = 0;
        _usedMaps = 0;
        _items = 0;
        if (_lists.Count > KeptObjects) _lists.RemoveRange(KeptObjects, _lists.Count - KeptObjects);
        if (_maps.Count > KeptObjects) _maps.RemoveRange(KeptObjects, _maps.Count - KeptObjects);
        _segmentCount = 0;
        Append(constants);
        Append([]);
        if (!MemoryMarshal.TryGetArray(body, out ArraySegment<byte> array))
        {
            // Memory that is no array is copied once.
            Append([]);
            int at = Texts.Length;
            Texts.Write(body.Span);
            return Value.Text(TextSegment, at, Texts.Length - at);
        }

        Append(array.Array ?? []);
        _bodyOffset = array.Offset;
        return Value.Text(BodySegment, _bodyOffset, array.Count);
    }

    /// <summary>Adds bytes that live as long as the run; -1 when there are too many such.</summary>
    public int AddSegment(byte[] bytes)
    {
        if (!ReferenceEquals(_segments[_segmentCount - 1], bytes))
        {
            if (_segmentCount > short.MaxValue) return -1;
            Append(bytes);
        }

        return _segmentCount - 1;
    }

    private void Append(byte[] segment)
    {
        if (_segmentCount == _segments.Length) Array.Resize(ref _segments, _segmentCount * 2);
        _segments[_segmentCount++] = segment;
    }

    /// <summary>The array in which a text stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte[] Segment(int segment) => segment == TextSegment ? Texts.Bytes : _segments[segment];

    /// <summary>The bytes of a text. Borrowed until the next run; later texts do not move them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes(Value text) => Segment(text.A).AsSpan(text.Offset, text.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes(in JsonNode node) => Segment(node.Segment).AsSpan(node.Offset, node.Length);

    /// <summary>Keeps a text.</summary>
    public Value Keep(ReadOnlySpan<byte> text)
    {
        int at = Texts.Length;
        Texts.Write(text);
        return TextFrom(at);
    }

    /// <summary>What was written to <see cref="Texts"/> since it had that length, as a value.</summary>
    public Value TextFrom(int at) => Value.Text(TextSegment, at, Texts.Length - at);

    /// <summary>Counts elements that are about to be made; false when they are too many.</summary>
    public bool TryCharge(int items)
    {
        _items += Math.Min(items, Limits.Items + 1);
        if (_items <= Limits.Items) return true;
        _items = Limits.Items + 1;
        _machine.Fail(TemplateFault.TooManyItems);
        return false;
    }

    public VtlList List(int list) => _lists[list];

    public VtlMap Map(int map) => _maps[map];

    public VtlList List(Value value) => _lists[value.A];

    public VtlMap Map(Value value) => _maps[value.A];

    public Value NewList(bool isJson = false)
    {
        TryCharge(1);
        if (_usedLists == _lists.Count) _lists.Add(new VtlList());
        VtlList list = _lists[_usedLists];
        list.Reset();
        list.IsJson = isJson;
        return Value.List(_usedLists++);
    }

    public Value NewMap()
    {
        TryCharge(1);
        if (_usedMaps == _maps.Count) _maps.Add(new VtlMap());
        _maps[_usedMaps].Reset();
        return Value.Map(_usedMaps++);
    }

    /// <summary>Appends to a list, unless there are too many elements.</summary>
    public void Add(Value list, Value item)
    {
        VtlList items = List(list);
        if (TryCharge(1)) items.Insert(items.Count, item);
    }

    /// <summary>Sets a member, and gives the value it had.</summary>
    public Value Put(Value map, Value key, Value value)
    {
        VtlMap members = Map(map);
        int hash = HashOf(key);
        int position = Find(members, key, hash);
        if (position >= 0)
        {
            Value previous = members.Values[position];
            members.Values[position] = value;
            return previous;
        }

        if (TryCharge(1)) members.Add(key, hash, value);
        return Value.Null;
    }

    /// <summary>Where a key is in a map; -1 when it is not.</summary>
    public int Find(VtlMap map, Value key, int hash)
    {
        for (int position = map.First(hash, out int probe); position >= 0; position = map.Next(hash, ref probe))
        {
            if (IsSameKey(map.Keys[position], key)) return position;
        }

        return -1;
    }

    /// <summary>Where a name is in a map; -1 when it is not.</summary>
    public int Find(VtlMap map, ReadOnlySpan<byte> name, int hash)
    {
        for (int position = map.First(hash, out int probe); position >= 0; position = map.Next(hash, ref probe))
        {
            if (map.Keys[position].IsText && Bytes(map.Keys[position]).SequenceEqual(name)) return position;
        }

        return -1;
    }

    public int HashOf(Value key) => key.IsText ? TextHash.Of(Bytes(key)) : TextHash.Of(key.Bits);

    /// <summary>The member of an object of the tape; -1 when there is none.</summary>
    public int FindMember(int node, ReadOnlySpan<byte> name, int hash)
    {
        JsonNode[] nodes = Tape.Nodes;
        int end = nodes[node].Next;
        for (int key = node + 1; key < end;)
        {
            ref readonly JsonNode candidate = ref nodes[key];
            if (candidate.Next == hash && candidate.Kind == JsonKind.Key && Bytes(candidate).SequenceEqual(name)) return Tape.Actual(key + 1);
            ref readonly JsonNode value = ref nodes[key + 1];
            key = value.Kind >= JsonKind.Array ? value.Next : key + 2;
        }

        return -1;
    }

    /// <summary>The member of an object of the tape; -1 when there is none. What was found last under that name is looked at first: objects of a list are alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindMember(int node, NameEntry name)
    {
        JsonNode[] nodes = Tape.Nodes;
        ref readonly JsonNode container = ref nodes[node];

        // A key as deep as its container, within it, is one of its own. The number of a key stands for its name.
        ref readonly FoundPlace place = ref _places[name.Place];
        int key = node + place.Distance;
        if (key < container.Next)
        {
            ref readonly JsonNode candidate = ref nodes[key];
            if (candidate.Start == place.Number && candidate.Kind == JsonKind.Key && candidate.Depth == container.Depth && container.Depth != JsonNode.Deepest
                && place.Id == name.Id)
            {
                return nodes[key + 1].Kind == JsonKind.Alias ? Tape.Actual(key + 1) : key + 1;
            }
        }

        return FindMemberElsewhere(node, name);
    }

    private int FindMemberElsewhere(int node, NameEntry name)
    {
        JsonNode[] nodes = Tape.Nodes;
        ref readonly JsonNode container = ref nodes[node];
        ref FoundPlace place = ref _places[name.Place];
        int key = node + place.Distance;
        int found = -1;
        if (place.Id == name.Id && key < container.Next)
        {
            // The same place, in a body that was read since.
            ref readonly JsonNode candidate = ref nodes[key];
            if (candidate.Next == name.Hash && candidate.Kind == JsonKind.Key && candidate.Depth == container.Depth && container.Depth != JsonNode.Deepest
                && Bytes(candidate).SequenceEqual(name.Bytes))
            {
                found = Tape.Actual(key + 1);
            }
        }

        if (found < 0) found = FindMember(node, name.Bytes, name.Hash);

        // An alias leads away from its key.
        if (found >= 0 && nodes[found - 1].Kind == JsonKind.Key) place = new FoundPlace { Id = name.Id, Distance = found - 1 - node, Number = nodes[found - 1].Start };
        return found;
    }

    /// <summary>A node as a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value ValueOf(int node)
    {
        ref readonly JsonNode at = ref Tape[node];
        if (at.Kind == JsonKind.String) return Value.Text(at.Segment, at.Offset, at.Length);
        Value value = default;
        OtherValueOf(node, ref value);
        return value;
    }

    /// <summary>The same, written where it is to stand; null for -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ValueOf(int node, ref Value into)
    {
        if (node < 0)
        {
            into = Value.Null;
            return;
        }

        ref readonly JsonNode at = ref Tape[node];
        if (at.Kind == JsonKind.String) into = Value.Text(at.Segment, at.Offset, at.Length);
        else if (at.Kind is JsonKind.Object or JsonKind.Array) into = new Value(at.Kind == JsonKind.Object ? ValueKind.JsonObject : ValueKind.JsonArray, 0, node);
        else OtherValueOf(node, ref into);
    }

    private void OtherValueOf(int node, ref Value into)
    {
        node = Tape.Actual(node);
        ref readonly JsonNode at = ref Tape[node];
        switch (at.Kind)
        {
            case JsonKind.False:
                into = Value.False;
                break;
            case JsonKind.True:
                into = Value.True;
                break;
            case JsonKind.Integer when (at.Next & JsonNode.HasDigits) != 0:
                into = Value.Of((long)at.Start);
                break;
            case JsonKind.Decimal when (at.Next & JsonNode.HasDigits) != 0:
                into = Value.Of(Numbers.Shift(at.Start, at.Depth));
                break;
            case JsonKind.Integer:
                into = Numbers.TryReadInteger(Bytes(at), out long number) ? Value.Of(number) : Value.Big(at.Segment, at.Offset, at.Length);
                break;
            case JsonKind.Decimal:
                // As json-smart: what is longer than 18 characters stays exact.
                into = at.Length > 18 ? Value.Big(at.Segment, at.Offset, at.Length) : Value.Of(Numbers.ReadDecimal(Bytes(at)));
                break;
            case JsonKind.String or JsonKind.Key:
                into = Value.Text(at.Segment, at.Offset, at.Length);
                break;
            case JsonKind.Array:
                into = new Value(ValueKind.JsonArray, 0, node);
                break;
            case JsonKind.Object:
                into = new Value(ValueKind.JsonObject, 0, node);
                break;
            case JsonKind.ForwardList:
                into = Value.List(at.Offset);
                break;
            case JsonKind.ForwardMap:
                into = Value.Map(at.Offset);
                break;
            default:
                into = Value.Null;
                break;
        }
    }

    /// <summary>A value as it is now: an array or object that was changed since stands in the heap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value Resolve(Value value) =>
        (value.Kind is ValueKind.JsonArray or ValueKind.JsonObject) && Tape[value.Node].Kind > JsonKind.Object ? ValueOf(value.Node) : value;

    /// <summary>Makes a container one that can be changed; whoever holds it sees the change. Its members stay as they are.</summary>
    public Value Thaw(Value value)
    {
        value = Resolve(value);
        if (value.Kind is not (ValueKind.JsonArray or ValueKind.JsonObject)) return value;
        _isThawed = true;
        int node = value.Node;
        var cursor = new Children(this, value);
        bool isArray = value.Kind == ValueKind.JsonArray;
        Value made = isArray ? NewList(isJson: true) : NewMap();
        while (cursor.MoveNext())
        {
            if (isArray) Add(made, cursor.Current);
            else Put(made, cursor.Key, cursor.Current);
        }

        Tape[node].Kind = isArray ? JsonKind.ForwardList : JsonKind.ForwardMap;
        Tape[node].Offset = made.A;
        return made;
    }

    /// <summary>The text of an array or object that JSON written of it would be; false when it has to be written.</summary>
    public bool TryText(Value container, out Value text)
    {
        text = Value.EmptyText;
        if (_isThawed || container.Kind is not (ValueKind.JsonArray or ValueKind.JsonObject)) return false;
        ref readonly JsonNode node = ref Tape[container.Node];
        if (node.Length == 0) return false;
        text = Value.Text(node.Segment, node.Start, node.Length);

        // The one character that JSON may hold as it is and that is written with an escape.
        return !Bytes(text).Contains((byte)0x7F);
    }

    private bool IsSameKey(Value left, Value right)
    {
        if (left.Kind != right.Kind) return false;
        return left.IsText ? Bytes(left).SequenceEqual(Bytes(right)) : left.A == right.A && left.Bits == right.Bits;
    }
}
