using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Execution;

/// <summary>The <c>#foreach</c> loops that run, one in the other.</summary>
/// <param name="machine">The run, whose variables they set.</param>
internal sealed class LoopStack(Machine machine)
{
    private LoopState[] _loops = Pinned.New<LoopState>(4);

    // What those go through that are not loops through an array as it was read.
    private Children[] _items = new Children[4];
    private int _count;

    /// <summary>The loops, the innermost last; more than there are. Pinned.</summary>
    public LoopState[] States => _loops;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get => _count;
        set => _count = value;
    }

    /// <summary>The element of the innermost loop.</summary>
    public Value Current => machine.Slot(_loops[_count - 1].Slot);

    /// <summary>Iterations the innermost loop has begun, less one.</summary>
    public int Index => _loops[_count - 1].Index;

    /// <summary>Whether a loop of the run ended at the limit of iterations with elements left.</summary>
    public bool HasCut { get; private set; }

    public void Clear()
    {
        _count = 0;
        HasCut = false;
    }

    /// <summary>Begins a loop; it stands before its first element.</summary>
    public void Begin(Frame frame, Value items, int slot)
    {
        if (items.Kind is ValueKind.Context or ValueKind.StageVariables) items = machine.Materialise(items);
        if (_count == _loops.Length)
        {
            Pinned.Grow(ref _loops, _count * 2);
            Array.Resize(ref _items, _count * 2);
        }

        ref LoopState loop = ref _loops[_count++];
        loop.IsArray = items.Kind == ValueKind.JsonArray && machine.Memory.Tape[items.Node].Kind == JsonKind.Array;
        if (loop.IsArray)
        {
            loop.At = items.Node + 1;
            loop.End = machine.Memory.Tape[items.Node].Next;
        }
        else
        {
            _items[_count - 1] = new Children(machine.Memory, items);
        }

        loop.Index = -1;
        loop.Slot = slot;
        loop.Variable = machine.Slot(slot);
        TemplateProgram program = frame.Program;
        if (program.LoopSlot >= 0) loop.Outer = machine.Slot(frame.SlotOf(program.LoopSlot));
        if (program.CountSlot >= 0) loop.Count = machine.Slot(frame.SlotOf(program.CountSlot));
        if (program.HasNextSlot >= 0) loop.HasNext = machine.Slot(frame.SlotOf(program.HasNextSlot));
    }

    /// <summary>Takes the next element of the innermost loop; false at its end.</summary>
    public bool TryNext(Frame frame)
    {
        ref LoopState loop = ref _loops[_count - 1];
        loop.Index++;
        if (loop.Index >= machine.Limits.Iterations)
        {
            HasCut |= loop.IsArray ? loop.At < loop.End : _items[_count - 1].HasNext;
            return false;
        }

        if (loop.IsArray)
        {
            if (loop.At >= loop.End) return false;
            machine.Memory.ValueOf(loop.At, ref machine.Slot(loop.Slot));
            loop.At = machine.Memory.Tape.After(loop.At);
        }
        else if (!_items[_count - 1].TryTake(ref machine.Slot(loop.Slot)))
        {
            return false;
        }

        TemplateProgram program = frame.Program;
        if (program.LoopSlot >= 0) machine.Slot(frame.SlotOf(program.LoopSlot)) = new Value(ValueKind.Loop, _count - 1, 0);
        if (program.CountSlot >= 0) machine.Slot(frame.SlotOf(program.CountSlot)) = Value.Of(loop.Index + 1L);
        if (program.HasNextSlot >= 0) machine.Slot(frame.SlotOf(program.HasNextSlot)) = Value.Of(HasNext(_count - 1));
        return true;
    }

    /// <summary>Ends the innermost loop: variables are what they were before it.</summary>
    public void End(Frame frame)
    {
        ref LoopState loop = ref _loops[--_count];
        machine.Slot(loop.Slot) = loop.Variable;
        TemplateProgram program = frame.Program;
        if (program.LoopSlot >= 0) machine.Slot(frame.SlotOf(program.LoopSlot)) = loop.Outer;
        if (program.CountSlot >= 0) machine.Slot(frame.SlotOf(program.CountSlot)) = loop.Count;
        if (program.HasNextSlot >= 0) machine.Slot(frame.SlotOf(program.HasNextSlot)) = loop.HasNext;
    }

    /// <summary>A member of <c>$foreach</c>; null for a loop that has ended.</summary>
    public void Member(int depth, PropertyName name, ref Value into)
    {
        into = Value.Null;
        if (depth >= _count) return;
        ref LoopState loop = ref _loops[depth];
        switch (name)
        {
            case PropertyName.HasNext:
                into = Value.Of(HasNext(depth));
                break;
            case PropertyName.Count:
                into = Value.Of(loop.Index + 1L);
                break;
            case PropertyName.Index:
                into = Value.Of((long)loop.Index);
                break;
            case PropertyName.First:
                into = Value.Of(loop.Index == 0);
                break;
            case PropertyName.Last:
                into = Value.Of(!HasNext(depth));
                break;
            case PropertyName.Parent when depth > 0:
                into = new Value(ValueKind.Loop, depth - 1, 0);
                break;
            case PropertyName.Topmost:
                into = new Value(ValueKind.Loop, 0, 0);
                break;
        }
    }

    /// <summary>Whether a loop has another element; false for one that has ended.</summary>
    public bool HasNext(int depth)
    {
        if (depth >= _count) return false;
        ref readonly LoopState loop = ref _loops[depth];
        return loop.Index + 1 < machine.Limits.Iterations && (loop.IsArray ? loop.At < loop.End : _items[depth].HasNext);
    }
}
