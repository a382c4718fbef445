using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.JsonPath;

namespace EdgeProxy.Templates.Functions;

/// <summary><c>$input</c> (rest-api.md 6.7).</summary>
internal static class InputFunctions
{
    public static Value Call(Machine machine, MethodName method, ReadOnlySpan<Value> arguments)
    {
        switch (method, arguments.Length)
        {
            case (MethodName.Path, 1) when arguments[0].IsText:
                return Find(machine, arguments[0], out _);
            case (MethodName.Json, 1) when arguments[0].IsText:
                return Json(machine, arguments[0]);
            case (MethodName.Params, 0):
                return machine.Parameters();
            case (MethodName.Params, 1) when arguments[0].IsText && machine.TryStepsForKey(arguments[0]):
                Value value = machine.Parameter(machine.Memory.Bytes(arguments[0]));
                return value.IsNull ? Value.EmptyText : value;
            default:
                return Value.Null;
        }
    }

    /// <summary><c>$input.body</c>: an empty one reads as an empty object.</summary>
    public static Value Body(Machine machine) => machine.Body.Length == 0 ? machine.Memory.Keep("{}"u8) : machine.Body;

    private static Value Find(Machine machine, Value text, out bool isRoot)
    {
        isRoot = false;
        Memory memory = machine.Memory;
        JsonPathQuery? path = text.A == Memory.ConstantSegment ? machine.Paths.FindConstant(machine, memory.Segment(Memory.ConstantSegment), text.Offset, text.Length) : machine.Paths.Find(machine, memory.Bytes(text));
        if (path is null) return machine.Fail(TemplateFault.InvalidJsonPath);
        isRoot = path.IsRoot;
        Value root = machine.BodyRoot();
        return root.IsNull ? Value.Null : path.Evaluate(machine, root);
    }

    private static Value Json(Machine machine, Value text)
    {
        Value found = Find(machine, text, out bool isRoot);
        if (!found.IsNull) return machine.JsonOf(found);

        // Nothing found reads as an empty text, the whole of an empty body as an empty object.
        return machine.Memory.Keep(isRoot && machine.Body.Length == 0 ? "{}"u8 : "\"\""u8);
    }
}
