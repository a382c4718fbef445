using EdgeProxy.Templates.Functions;

namespace EdgeProxy.Templates.Execution;

/// <content>Properties and elements of values.</content>
internal sealed partial class Machine
{
    /// <summary>A property; null when the value has none of that name.</summary>
    public Value Member(Value target, ReadOnlySpan<byte> name, int hash)
    {
        // Reflection begins here in Java, and is closed.
        if (name.SequenceEqual("class"u8)) return Value.Null;
        target = Memory.Resolve(target);
        switch (target.Kind)
        {
            case ValueKind.JsonObject:
                TryStepsForMember(target);
                int node = Memory.FindMember(target.Node, name, hash);
                return node < 0 ? Value.Null : Memory.ValueOf(node);
            case ValueKind.Map:
                VtlMap map = Memory.Map(target);
                int position = Memory.Find(map, name, hash);
                return position < 0 ? Value.Null : map.Values[position];
            case ValueKind.Context:
                return ContextMember(target.A, name, hash);
            case ValueKind.StageVariables:
                return Read(InputKind.StageVariable, 0, 0, name);
            case ValueKind.Input:
                return name.SequenceEqual("body"u8) ? InputFunctions.Body(this) : Value.Null;
            case ValueKind.Loop:
                return LoopMember(target.A, name);
            case ValueKind.Entry:
                if (name.SequenceEqual("key"u8)) return Methods.Call(this, target, MethodName.GetKey, default);
                return name.SequenceEqual("value"u8) ? Methods.Call(this, target, MethodName.GetValue, default) : Value.Null;
            case ValueKind.String or ValueKind.List or ValueKind.JsonArray:
                // Java's isEmpty and getBytes are properties too.
                if (name.SequenceEqual("empty"u8)) return Methods.Call(this, target, MethodName.IsEmpty, default);
                return target.IsText && name.SequenceEqual("bytes"u8) ? Methods.Call(this, target, MethodName.GetBytes, default) : Value.Null;
            default:
                return Value.Null;
        }
    }

    /// <summary>Counts the steps of looking through an object of JSON, which has no table of its names.</summary>
    public bool TryStepsForMember(Value target) => TrySteps(Memory.Tape[target.Node].Offset >> 4);

    /// <summary><c>target[index]</c>.</summary>
    public Value Element(Value target, Value index)
    {
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
