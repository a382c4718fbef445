using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Execution;

/// <content>Properties and elements of values.</content>
internal sealed partial class Machine
{
    // Looking through so many members costs no step.
    internal const int FreeMembers = 16;

    // Bytes of a text that is looked for without further steps: as much is compared at once, whatever stands there.
    private const int FreeSearch = 256;

    /// <summary>A property; null when the value has none of that name.</summary>
    public Value Member(Value target, ReadOnlySpan<byte> name, int hash)
    {
        PropertyName property = PropertyNames.Find(name);
        if (property == PropertyName.Class) return Value.Null;
        target = Memory.Resolve(target);
        if (target.Kind != ValueKind.JsonObject) return Member(target, property, name, hash);
        TryStepsForMember(target);
        int node = Memory.FindMember(target.Node, name, hash);
        return node < 0 ? Value.Null : Memory.ValueOf(node);
    }

    // The same for a name of the template.
    private Value Member(Value target, NameEntry name)
    {
        if (name.Property == PropertyName.Class) return Value.Null;
        if (target.Kind == ValueKind.Context) return ContextMember(target.A, name);
        target = Memory.Resolve(target);
        if (target.Kind != ValueKind.JsonObject) return Member(target, name.Property, name.Bytes, name.Hash);
        TryStepsForMember(target);
        int node = Memory.FindMember(target.Node, name);
        return node < 0 ? Value.Null : Memory.ValueOf(node);
    }

    // The member of an object as it was read; false for all else, and when it asks for more than a look-up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFind(in Value target, NameEntry name, out int found)
    {
        found = -1;
        if (target.Kind != ValueKind.JsonObject) return false;
        ref readonly JsonNode container = ref Memory.Tape[target.Node];
        if (container.Kind != JsonKind.Object || container.Offset >= FreeMembers || name.Property == PropertyName.Class) return false;
        found = Memory.FindMember(target.Node, name);
        return true;
    }

    // Of what is neither JSON as it was read nor reflection.
    private Value Member(Value target, PropertyName property, ReadOnlySpan<byte> name, int hash)
    {
        switch (target.Kind)
        {
            case ValueKind.Map:
                VtlMap map = Memory.Map(target);
                int position = Memory.Find(map, name, hash);
                return position < 0 ? Value.Null : map.Values[position];
            case ValueKind.Context:
                return ContextMember(target.A, name, hash);
            case ValueKind.StageVariables:
                return Read(InputKind.StageVariable, 0, 0, name);
            case ValueKind.Loop:
                return LoopMember(target, property);
        }

        return (target.Kind, property) switch
        {
            (ValueKind.Input, PropertyName.Body) => InputFunctions.Body(this),
            (ValueKind.Entry, PropertyName.Key) => Methods.Call(this, target, MethodName.GetKey, default),
            (ValueKind.Entry, PropertyName.Value) => Methods.Call(this, target, MethodName.GetValue, default),

            // Java's isEmpty and getBytes are properties too.
            (ValueKind.String or ValueKind.List or ValueKind.JsonArray, PropertyName.Empty) => Methods.Call(this, target, MethodName.IsEmpty, default),
            (ValueKind.String, PropertyName.Bytes) => Methods.Call(this, target, MethodName.GetBytes, default),
            _ => Value.Null,
        };
    }

    /// <summary>A property of a loop.</summary>
    public Value LoopMember(Value loop, PropertyName property)
    {
        Value member = default;
        _loops.Member(loop.A, property, ref member);
        return member;
    }

    /// <summary>Counts the steps of looking through an object of JSON, which has no table of its names.</summary>
    public bool TryStepsForMember(Value target) => TrySteps(Memory.Tape[target.Node].Offset / FreeMembers);

    /// <summary>Counts the steps of looking for a key, all of which is read; short ones cost none.</summary>
    public bool TryStepsForKey(Value key) => !key.IsText || TrySteps(key.Length >> 6);

    /// <summary><c>target[index]</c>.</summary>
    public Value Element(Value target, Value index)
    {
        if (!TryStepsForKey(index)) return Value.Null;
        target = Memory.Resolve(target);
        switch (target.Kind)
        {
            case ValueKind.List or ValueKind.JsonArray:
                if (index.Kind != ValueKind.Integer) return Value.Null;
                long count = Lists.Count(this, target);
                return Lists.ItemAt(this, target, index.Integer < 0 ? index.Integer + count : index.Integer);
            case ValueKind.Map:
                VtlMap map = Memory.Map(target);
                int position = Memory.Find(map, index, Memory.HashOf(index));
                return position < 0 ? Value.Null : map.Values[position];
            case ValueKind.JsonObject or ValueKind.Context or ValueKind.StageVariables or ValueKind.Input or ValueKind.Loop:
                return index.IsText ? Member(target, Memory.Bytes(index), Memory.HashOf(index)) : Value.Null;
            default:
                return Value.Null;
        }
    }

    /// <summary><c>#set(target[index] = value)</c>; what cannot be set stays as it is.</summary>
    private void SetElement(Value target, Value index, Value value)
    {
        if (!TryStepsForKey(index)) return;
        target = Memory.Thaw(target);
        switch (target.Kind)
        {
            case ValueKind.Map:
                Memory.Put(target, index, value);
                break;
            case ValueKind.List when index.Kind == ValueKind.Integer:
                VtlList list = Memory.List(target);
                long at = index.Integer < 0 ? index.Integer + list.Count : index.Integer;
                if (at < 0 || at >= list.Count) Fail(TemplateFault.IndexOutOfRange);
                else list.Items[at] = value;
                break;
            case ValueKind.Context when target.A == 0 && index.IsText:
                SetOverride(Memory.Bytes(index), value);
                break;
        }
    }
}
