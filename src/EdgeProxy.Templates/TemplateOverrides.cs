using System.Buffers.Binary;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates;

/// <summary>What templates set under <c>$context.requestOverride</c> and <c>$context.responseOverride</c> (rest-api.md 6.11).</summary>
/// <remarks>
/// One for each request: the response template sees what the request template set. It keeps the two trees as bytes, and beside them the
/// names and values that change something. Used again after <see cref="Clear"/>.
/// </remarks>
public sealed class TemplateOverrides
{
    private const int Most = 1024 * 1024;

    private readonly TemplateOutput _tree = new() { Limit = Most };
    private readonly TemplateOutput _text = new() { Limit = Most };
    private readonly List<Entry> _entries = [];
    private int _requestLength;

    /// <summary>How many values there are; one name may have several, which stand side by side.</summary>
    public int Count => _entries.Count;

    /// <summary>The status to answer with; 0 when none was set. Only an integer from 100 to 599 counts.</summary>
    public int Status { get; private set; }

    /// <summary>Bytes that it holds.</summary>
    public int Bytes => _tree.Length + _text.Length;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _tree.Clear();
        _text.Clear();
        _entries.Clear();
        _requestLength = 0;
        Status = 0;
    }

    public OverrideTarget Target(int index) => _entries[index].Target;

    public ReadOnlySpan<byte> Name(int index) => _text.Written.Slice(_entries[index].Name, _entries[index].NameLength);

    public ReadOnlySpan<byte> Value(int index) => _text.Written.Slice(_entries[index].Value, _entries[index].ValueLength);

    /// <summary>Whether a value belongs to the same name as the one before it.</summary>
    public bool Continues(int index) => _entries[index].Continues;

    /// <summary>One of the two trees as a map of a run, with the groups that can be set already in it.</summary>
    internal Value Load(Machine machine, bool request)
    {
        Memory memory = machine.Memory;
        ReadOnlySpan<byte> tree = request ? _tree.Written[.._requestLength] : _tree.Written[_requestLength..];
        if (!tree.IsEmpty) return Read(machine, ref tree);
        Value map = memory.NewMap();
        memory.Put(map, memory.Keep("header"u8), memory.NewMap());
        if (!request) return map;
        memory.Put(map, memory.Keep("path"u8), memory.NewMap());
        memory.Put(map, memory.Keep("querystring"u8), memory.NewMap());
        return map;
    }

    /// <summary>Whether a run has set something for the request.</summary>
    internal bool HoldsRequest => _requestLength > 0;

    /// <summary>Whether a run has set something for the response.</summary>
    internal bool HoldsResponse => _tree.Length > _requestLength;

    /// <summary>Takes over both trees at the end of a run; null for one that nobody has set.</summary>
    internal void Keep(Machine machine, Value request, Value response)
    {
        Clear();
        if (!request.IsNull)
        {
            Write(machine, request, 0);
            _requestLength = _tree.Length;
            Collect(machine, request, "header"u8, OverrideTarget.RequestHeader);
            Collect(machine, request, "path"u8, OverrideTarget.RequestPath);
            Collect(machine, request, "querystring"u8, OverrideTarget.RequestQueryString);
        }

        if (!response.IsNull)
        {
            Write(machine, response, 0);
            Collect(machine, response, "header"u8, OverrideTarget.ResponseHeader);
            Value status = machine.Member(response, "status"u8, TextHash.Of("status"u8));
            if (status is { Kind: ValueKind.Integer, Integer: >= 100 and <= 599 }) Status = (int)status.Integer;
        }

        if (_tree.Overflowed || _text.Overflowed) machine.Fail(TemplateFault.TooMuchMemory);
        if (machine.HasFault) Clear();
    }

    private void Collect(Machine machine, Value tree, ReadOnlySpan<byte> group, OverrideTarget target)
    {
        // What was not set is an empty map as yet.
        if (tree.Kind == ValueKind.Map && machine.Memory.Find(machine.Memory.Map(tree), group, TextHash.Of(group)) is var place)
        {
            if (place < 0) return;
            Value known = machine.Memory.Map(tree).Values[place];
            if (known.Kind == ValueKind.Map && machine.Memory.Map(known).Count == 0) return;
        }

        Value members = machine.Memory.Resolve(machine.Member(tree, group, TextHash.Of(group)));
        if (members.Kind is not (ValueKind.Map or ValueKind.JsonObject)) return;
        var member = new Children(machine.Memory, members);
        while (member.MoveNext() && machine.TryStep())
        {
            if (member.Current.IsNull) continue;
            int name = _text.Length;
            _text.Write(machine.Memory.Bytes(machine.TextOf(member.Key)));
            int nameLength = _text.Length - name;
            Value value = machine.Memory.Resolve(member.Current);
            if (value.Kind is not (ValueKind.List or ValueKind.JsonArray))
            {
                Add(machine, target, name, nameLength, value, continues: false);
                continue;
            }

            bool first = true;
            var item = new Children(machine.Memory, value);
            while (item.MoveNext() && machine.TryStep())
            {
                Add(machine, target, name, nameLength, item.Current, !first);
                first = false;
            }
        }
    }

    private void Add(Machine machine, OverrideTarget target, int name, int nameLength, Value value, bool continues)
    {
        int start = _text.Length;
        _text.Write(machine.Memory.Bytes(machine.TextOf(value)));
        _entries.Add(new Entry(target, name, nameLength, start, _text.Length - start, continues));
    }

    // A kind, then its bits, or a length and text, or a count and members.
    private void Write(Machine machine, Value value, int depth)
    {
        Memory memory = machine.Memory;
        value = memory.Resolve(value);
        if (!machine.TryStep() || !machine.TryEnter(depth)) return;
        if (value.Kind is ValueKind.Context or ValueKind.StageVariables) value = machine.Materialise(value);
        switch (value.Kind)
        {
            case ValueKind.Boolean or ValueKind.Integer or ValueKind.Decimal:
                WriteHead(value.Kind, value.Bits);
                return;
            case ValueKind.BigNumber or ValueKind.String:
                WriteHead(value.Kind, value.Length);
                _tree.Write(memory.Segment(value.A), value.Offset, value.Length);
                return;
            case ValueKind.List or ValueKind.JsonArray or ValueKind.Map or ValueKind.JsonObject:
                bool isJson = value.Kind == ValueKind.JsonArray || (value.Kind == ValueKind.List && memory.List(value).IsJson);
                bool isMap = value.Kind is ValueKind.Map or ValueKind.JsonObject;
                WriteHead(isMap ? ValueKind.Map : isJson ? ValueKind.JsonArray : ValueKind.List, Functions.Lists.Count(machine, value));
                var children = new Children(memory, value);
                while (children.MoveNext() && !machine.HasFault)
                {
                    if (isMap) Write(machine, children.Key, depth + 1);
                    Write(machine, children.Current, depth + 1);
                }

                return;
            case ValueKind.Null:
                _tree.Write((byte)ValueKind.Null);
                return;
            default:
                // What belongs to the run is kept as its text.
                Write(machine, machine.TextOf(value), depth + 1);
                return;
        }
    }

    private void WriteHead(ValueKind kind, long number)
    {
        const int Length = 1 + sizeof(long);
        Span<byte> head = _tree.Reserve(Length);
        if (head.Length < Length) return;
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], number);
        _tree.Commit(Length);
    }

    private static Value Read(Machine machine, ref ReadOnlySpan<byte> tree)
    {
        Memory memory = machine.Memory;
        var kind = (ValueKind)tree[0];
        tree = tree[1..];
        if (kind == ValueKind.Null) return Templates.Execution.Value.Null;
        long number = BinaryPrimitives.ReadInt64LittleEndian(tree);
        tree = tree[8..];
        switch (kind)
        {
            case ValueKind.BigNumber or ValueKind.String:
                Value text = memory.Keep(tree[..(int)number]);
                tree = tree[(int)number..];
                return new Value(kind, text.A, text.Bits);
            case ValueKind.List or ValueKind.JsonArray:
                Value list = memory.NewList(isJson: kind == ValueKind.JsonArray);
                for (long i = 0; i < number && machine.TryStep(); i++) memory.Add(list, Read(machine, ref tree));
                return list;
            case ValueKind.Map:
                Value map = memory.NewMap();
                for (long i = 0; i < number && machine.TryStep(); i++)
                {
                    Value key = Read(machine, ref tree);
                    memory.Put(map, key, Read(machine, ref tree));
                }

                return map;
            default:
                return new Value(kind, 0, number);
        }
    }

    private readonly record struct Entry(OverrideTarget Target, int Name, int NameLength, int Value, int ValueLength, bool Continues);
}
