using EdgeProxy.Core.Text;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Functions;

/// <summary>Calls methods. What a value does not have, or has with other arguments, gives null.</summary>
internal static class Methods
{
    /// <param name="machine">The run.</param>
    /// <param name="target">Resolved: an array that was changed is a list.</param>
    /// <param name="method">Which.</param>
    /// <param name="arguments">Borrowed from the stack.</param>
    public static Value Call(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        switch (method)
        {
            case MethodName.ToString when arguments.Length == 0 && !target.IsNull:
                return machine.TextOf(target);
            case MethodName.Equals when arguments.Length == 1 && !target.IsNull:
                return Value.Of(Operators.AreSame(machine, target, arguments[0]));
            case MethodName.HashCode when arguments.Length == 0:
                return HashCode(machine, target);
        }

        switch (target.Kind)
        {
            case ValueKind.String:
                return StringMethods.Call(machine, target, method, arguments);
            case ValueKind.List or ValueKind.JsonArray:
                return ListMethods.Call(machine, target, method, arguments);
            case ValueKind.Map or ValueKind.JsonObject:
                return MapMethods.Call(machine, target, method, arguments);
            case ValueKind.Integer or ValueKind.Decimal or ValueKind.BigNumber:
                return NumberMethods.Call(machine, target, method, arguments);
            case ValueKind.Boolean:
                return BooleanMethod(machine, target, method, arguments);
            case ValueKind.Input:
                return InputFunctions.Call(machine, method, arguments);
            case ValueKind.Util:
                return UtilFunctions.Call(machine, method, arguments);
            case ValueKind.Context or ValueKind.StageVariables:
                return ViewMethod(machine, target, method, arguments);
            case ValueKind.Entry:
                return EntryMethod(machine, target, method, arguments);
            case ValueKind.Iterator:
                return IteratorMethod(machine, target, method, arguments);
            case ValueKind.Loop:
                return arguments.Length == 0 ? machine.LoopMember(target, LoopProperty(method)) : Value.Null;
            default:
                return Value.Null;
        }
    }

    /// <summary>An argument that is an int of Java.</summary>
    public static bool TryInt(Value argument, out int number)
    {
        number = (int)Math.Clamp(argument.Bits, int.MinValue, int.MaxValue);
        return argument.Kind == ValueKind.Integer;
    }

    private static Value BooleanMethod(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments) => (method, arguments.Length) switch
    {
        (MethodName.BooleanValue, 0) => target,
        (MethodName.CompareTo, 1) when arguments[0].Kind == ValueKind.Boolean => Value.Of(target.Bits - arguments[0].Bits),
        (MethodName.ParseBoolean or MethodName.ValueOf, 1) when arguments[0].IsText => Value.Of(System.Text.Ascii.EqualsIgnoreCase(machine.Memory.Bytes(arguments[0]), "true"u8)),
        _ => Value.Null,
    };

    // Single names are asked for as such; everything else about the whole of them needs the whole.
    private static Value ViewMethod(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        if (method == MethodName.Get && arguments.Length == 1) return machine.Element(target, arguments[0]);
        return MapMethods.Call(machine, machine.Materialise(target), method, arguments);
    }

    private static Value EntryMethod(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        VtlMap map = machine.Memory.Map(target);
        if (arguments.Length != 0 || target.Bits >= map.Count) return Value.Null;
        return method switch
        {
            MethodName.GetKey => map.Keys[target.Bits],
            MethodName.GetValue => map.Values[target.Bits],
            _ => Value.Null,
        };
    }

    // $foreach is a bean: each of its properties is a method too.
    private static PropertyName LoopProperty(MethodName method) => method switch
    {
        MethodName.GetIndex => PropertyName.Index,
        MethodName.GetCount => PropertyName.Count,
        MethodName.HasNext or MethodName.GetHasNext => PropertyName.HasNext,
        MethodName.IsFirst => PropertyName.First,
        MethodName.IsLast => PropertyName.Last,
        MethodName.GetParent => PropertyName.Parent,
        MethodName.GetTopmost => PropertyName.Topmost,
        _ => PropertyName.Unknown,
    };

    private static Value IteratorMethod(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        VtlList list = machine.Memory.List(target);
        if (arguments.Length != 0) return Value.Null;
        if (method == MethodName.HasNext) return Value.Of(list.Cursor < list.Count);
        if (method != MethodName.Next) return Value.Null;
        return list.Cursor < list.Count ? list.Items[list.Cursor++] : machine.Fail(TemplateFault.NoSuchElement);
    }

    // Java's, for those values whose hash is defined by their content.
    private static Value HashCode(Machine machine, Value target)
    {
        switch (target.Kind)
        {
            case ValueKind.Boolean:
                return Value.Of(target.Boolean ? 1231L : 1237L);
            case ValueKind.Integer:
                return Value.Of((long)(target.Integer == (int)target.Integer ? (int)target.Integer : (int)(target.Integer ^ (long)((ulong)target.Integer >> 32))));
            case ValueKind.Decimal:
                return Value.Of((long)(int)(target.Bits ^ (long)((ulong)target.Bits >> 32)));
            case ValueKind.String:
                ReadOnlySpan<byte> text = machine.Memory.Bytes(target);
                machine.TryStepsFor(text.Length);
                int hash = 0;
                for (int at = 0; at < text.Length;)
                {
                    int character = CodePoints.At(text, at, out int length);
                    at += length;
                    if (character >= 0x10000)
                    {
                        hash = (hash * 31) + (0xD7C0 + (character >> 10));
                        character = 0xDC00 + (character & 0x3FF);
                    }

                    hash = (hash * 31) + character;
                }

                return Value.Of((long)hash);
            default:
                return Value.Null;
        }
    }
}
