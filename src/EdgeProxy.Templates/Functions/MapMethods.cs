using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Functions;

/// <summary>Methods of maps and objects.</summary>
internal static class MapMethods
{
    public static Value Call(Machine machine, Value target, MethodName method, ReadOnlySpan<Value> arguments)
    {
        Memory memory = machine.Memory;
        if (arguments.Length > 0 && !machine.TryStepsForKey(arguments[0])) return Value.Null;
        switch (method, arguments.Length)
        {
            case (MethodName.Size, 0):
                return Value.Of((long)Lists.Count(machine, target));
            case (MethodName.IsEmpty, 0):
                return Value.Of(Lists.Count(machine, target) == 0);
            case (MethodName.Get, 1):
                return machine.Element(target, arguments[0]);
            case (MethodName.GetOrDefault, 2):
                return Has(machine, target, arguments[0]) ? machine.Element(target, arguments[0]) : arguments[1];
            case (MethodName.ContainsKey, 1):
                return Value.Of(Has(machine, target, arguments[0]));
            case (MethodName.ContainsValue, 1):
                return Value.Of(ListMethods.IndexOf(machine, target, arguments[0], last: false) >= 0);
            case (MethodName.Put, 2):
                return memory.Put(memory.Thaw(target), arguments[0], arguments[1]);
            case (MethodName.PutIfAbsent, 2):
                Value present = machine.Element(target, arguments[0]);
                if (present.IsNull) memory.Put(memory.Thaw(target), arguments[0], arguments[1]);
                return present;
            case (MethodName.PutAll, 1):
                Value into = memory.Thaw(target);
                Value from = memory.Resolve(machine.Materialise(arguments[0]));
                if (from.Kind is not (ValueKind.Map or ValueKind.JsonObject) || (from.Kind == into.Kind && from.A == into.A)) return Value.Null;
                var members = new Children(memory, from);
                while (members.MoveNext() && machine.TryStep()) memory.Put(into, members.Key, members.Current);
                return Value.Null;
            case (MethodName.Remove, 1):
                return Remove(machine, memory.Thaw(target), arguments[0]);
            case (MethodName.Clear, 0):
                memory.Map(memory.Thaw(target)).Clear();
                return Value.Null;
            case (MethodName.KeySet, 0):
                return Collect(machine, target, keys: true);
            case (MethodName.Values, 0):
                return Collect(machine, target, keys: false);
            case (MethodName.EntrySet, 0):
                // An entry names a place in a map, so it has to be one.
                Value map = memory.Thaw(target);
                Value entries = memory.NewList();
                for (int i = 0; i < memory.Map(map).Count && machine.TryStep(); i++) memory.Add(entries, new Value(ValueKind.Entry, map.A, i));
                return entries;
            default:
                return Value.Null;
        }
    }

    private static bool Has(Machine machine, Value target, Value key)
    {
        Memory memory = machine.Memory;
        int hash = memory.HashOf(key);
        return target.Kind == ValueKind.Map
            ? memory.Find(memory.Map(target), key, hash) >= 0
            : key.IsText && machine.TryStepsForMember(target) && memory.FindMember(target.Node, memory.Bytes(key), hash) >= 0;
    }

    private static Value Remove(Machine machine, Value target, Value key)
    {
        Memory memory = machine.Memory;
        VtlMap map = memory.Map(target);
        machine.TrySteps(map.Count >> 5);
        int position = memory.Find(map, key, memory.HashOf(key));
        if (position < 0) return Value.Null;
        Value removed = map.Values[position];
        map.RemoveAt(position);
        return removed;
    }

    private static Value Collect(Machine machine, Value target, bool keys)
    {
        Value list = machine.Memory.NewList();
        var children = new Children(machine.Memory, target);
        while (children.MoveNext() && machine.TryStep()) machine.Memory.Add(list, keys ? children.Key : children.Current);
        return list;
    }
}
