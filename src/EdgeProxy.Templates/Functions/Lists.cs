using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Functions;

/// <summary>Counts and elements of lists and maps, whichever way they are kept.</summary>
internal static class Lists
{
    public static int Count(Machine machine, Value container) => container.Kind switch
    {
        ValueKind.List => machine.Memory.List(container).Count,
        ValueKind.Map => machine.Memory.Map(container).Count,
        ValueKind.JsonArray or ValueKind.JsonObject => machine.Memory.Tape[container.Node].Offset,
        _ => 0,
    };

    /// <summary>The element at an index, which must be there.</summary>
    public static Value ItemAt(Machine machine, Value list, long index)
    {
        int count = Count(machine, list);
        if (index < 0 || index >= count) return machine.Fail(TemplateFault.IndexOutOfRange);
        return list.Kind == ValueKind.List ? machine.Memory.List(list).Items[index] : machine.Memory.ValueOf(NodeAt(machine, list.Node, (int)index));
    }

    /// <summary>The node of an element of an array. Going on from where the last look-up ended makes a loop over indexes cheap.</summary>
    public static int NodeAt(Machine machine, int array, int index)
    {
        (int lastArray, int lastIndex, int lastNode) = machine.LastElement;
        int at = 0;
        int node = array + 1;
        if (lastArray == array && lastIndex <= index)
        {
            at = lastIndex;
            node = lastNode;
        }

        machine.TrySteps((index - at) >> 3);
        for (; at < index; at++) node = machine.Memory.Tape.After(node);
        machine.LastElement = (array, index, node);
        return node;
    }
}
