using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Compilation;

namespace EdgeProxy.Templates.Execution;

/// <summary>A program as part of a run: the template itself, or a text that it evaluates.</summary>
internal sealed class Frame
{
    public TemplateProgram Program { get; set; } = null!;

    /// <summary>Which frame of the run it is.</summary>
    public int Ordinal { get; init; }

    /// <summary>The segment of its constants.</summary>
    public int Segment { get; set; }

    /// <summary>Slots of the run by slots of the program; null where they are the same.</summary>
    public int[]? Slots { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SlotOf(int slot) => Slots is null || slot < 0 ? slot : Slots[slot];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value Constant(int constant)
    {
        ref readonly Value value = ref Program.Constants[constant];
        if (Segment == Memory.ConstantSegment) return value;
        if (value.Kind == ValueKind.BigNumber) return Value.Big(Segment, value.Offset, value.Length);
        return value.IsText ? Value.Text(Segment, value.Offset, value.Length) : value;
    }
}
