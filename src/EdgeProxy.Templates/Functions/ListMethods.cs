using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Functions;

/// <summary>Methods of lists and arrays.</summary>
internal static class ListMethods
{
    public static Value Call(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        Memory memory = machine.Memory;
        int count = Lists.Count(machine, target);
        switch (method, arguments.Length)
        {
            case (MethodName.Size, 0):
                return Value.Of((long)count);
            case (MethodName.IsEmpty, 0):
                return Value.Of(count == 0);
            case (MethodName.Get, 1) when arguments[0].Kind == ValueKind.Integer:
                return Lists.ItemAt(machine, target, arguments[0].Integer);
            case (MethodName.Contains, 1):
                return Value.Of(IndexOf(machine, target, arguments[0], last: false) >= 0);
            case (MethodName.IndexOf, 1):
                return Value.Of((long)IndexOf(machine, target, arguments[0], last: false));
            case (MethodName.LastIndexOf, 1):
                return Value.Of((long)IndexOf(machine, target, arguments[0], last: true));
            case (MethodName.ContainsAll, 1) when IsList(memory, arguments[0]):
                var wanted = new Children(memory, arguments[0]);
                while (wanted.MoveNext())
                {
                    if (IndexOf(machine, target, wanted.Current, last: false) < 0) return Value.False;
                }

                return Value.True;
            case (MethodName.Set, 2) when arguments[0].Kind == ValueKind.Integer:
                Value previous = Lists.ItemAt(machine, target, arguments[0].Integer);
                if (!machine.HasFault) memory.List(memory.Thaw(target)).Items[arguments[0].Integer] = arguments[1];
                return previous;
            case (MethodName.Add, 1):
                memory.Add(memory.Thaw(target), arguments[0]);
                return Value.True;
            case (MethodName.Add, 2) when arguments[0].Kind == ValueKind.Integer:
                if (arguments[0].Integer < 0 || arguments[0].Integer > count) return machine.Fail(TemplateFault.IndexOutOfRange);
                machine.TrySteps(count >> 6);
                if (memory.TryCharge(1)) memory.List(memory.Thaw(target)).Insert((int)arguments[0].Integer, arguments[1]);
                return Value.Null;
            case (MethodName.AddAll, 1) when IsList(memory, arguments[0]):
                return AddAll(machine, memory.Thaw(target), memory.Resolve(arguments[0]));
            case (MethodName.Remove, 1):
                return Remove(machine, target, arguments[0], count);
            case (MethodName.Clear, 0):
                memory.List(memory.Thaw(target)).Clear();
                return Value.Null;
            case (MethodName.SubList, 2) when arguments[0].Kind == ValueKind.Integer && arguments[1].Kind == ValueKind.Integer:
                if (arguments[0].Integer < 0 || arguments[1].Integer > count || arguments[0].Integer > arguments[1].Integer) return machine.Fail(TemplateFault.IndexOutOfRange);
                return Copy(machine, target, (int)arguments[0].Integer, (int)arguments[1].Integer);
            case (MethodName.ToArray, 0):
                return Copy(machine, target, 0, count);
            case (MethodName.Iterator, 0):
                return new Value(ValueKind.Iterator, Copy(machine, target, 0, count).A, 0);
            case (MethodName.Join, 1) when arguments[0].IsText:
                return StringMethods.Join(machine, arguments[0], target);
            default:
                return Value.Null;
        }
    }

    /// <summary>Where an element is; -1 when it is not.</summary>
    public static int IndexOf(Machine machine, Value list, Value item, bool last)
    {
        var children = new Children(machine.Memory, list);
        int found = -1;
        for (int i = 0; children.MoveNext() && machine.TryStep(); i++)
        {
            bool same = item.IsNull ? children.Current.IsNull : Operators.AreSame(machine, children.Current, item);
            if (!same) continue;
            found = i;
            if (!last) break;
        }

        return found;
    }

    private static bool IsList(Memory memory, Value value) => memory.Resolve(value).Kind is ValueKind.List or ValueKind.JsonArray;

    private static Value AddAll(Machine machine, Value target, Value items)
    {
        int count = Lists.Count(machine, items);
        var children = new Children(machine.Memory, items);

        // Counted first: a list may be added to itself.
        for (int i = 0; i < count && children.MoveNext() && machine.TryStep(); i++) machine.Memory.Add(target, children.Current);
        return Value.Of(count > 0);
    }

    // Java has two: by index, which gives the element, and by element, which gives whether it was there.
    private static Value Remove(Machine machine, Value target, Value argument, int count)
    {
        bool byIndex = argument.Kind == ValueKind.Integer;
        if (byIndex && (argument.Integer < 0 || argument.Integer >= count)) return machine.Fail(TemplateFault.IndexOutOfRange);
        int index = byIndex ? (int)argument.Integer : IndexOf(machine, target, argument, last: false);
        if (index < 0) return Value.False;
        machine.TrySteps(count >> 6);
        VtlList list = machine.Memory.List(machine.Memory.Thaw(target));
        if (index >= list.Count) return Value.Null;
        Value removed = list.Items[index];
        list.RemoveAt(index);
        return byIndex ? removed : Value.True;
    }

    private static Value Copy(Machine machine, Value list, int from, int to)
    {
        Value copy = machine.Memory.NewList();
        var children = new Children(machine.Memory, list);
        for (int i = 0; i < to && children.MoveNext() && machine.TryStep(); i++)
        {
            if (i >= from) machine.Memory.Add(copy, children.Current);
        }

        return copy;
    }
}
