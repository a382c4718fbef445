using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Syntax;

namespace EdgeProxy.Templates.Compilation;

/// <summary>A compiled template: instructions for <see cref="Machine"/>. Immutable, and shared by all loops.</summary>
internal sealed class TemplateProgram
{
    /// <summary>Instructions, each followed by its operands, and behind them what <see cref="PlainRun"/> may read beyond the last.</summary>
    public required int[] Code { get; init; }

    /// <summary>Where each instruction comes from, at its address.</summary>
    public required SourceRange[] Ranges { get; init; }

    /// <summary>The bytes of all constant texts, and behind them what <see cref="ShortText"/> may read beyond a text.</summary>
    public required byte[] Texts { get; init; }

    public required Value[] Constants { get; init; }

    public required NameEntry[] Names { get; init; }

    /// <summary>The texts of the names, in the same order.</summary>
    public required NameText[] NameTexts { get; init; }

    /// <summary>Which name is <c>hasNext</c>; -1 when none is.</summary>
    public required int HasNextName { get; init; }

    /// <summary>Names of variables, by slot.</summary>
    public required string[] Variables { get; init; }

    public required MacroEntry[] Macros { get; init; }

    /// <summary>The most values that one run of a block has on the stack.</summary>
    public required int StackSize { get; init; }

    /// <summary>The template as it was written.</summary>
    public required byte[] Source { get; init; }

    /// <summary>The slot of <c>$foreach</c>, and of the old names <c>$velocityCount</c> and <c>$velocityHasNext</c>; -1 for what is not used.</summary>
    public required int LoopSlot { get; init; }

    public required int CountSlot { get; init; }

    public required int HasNextSlot { get; init; }

    /// <summary>The slot of <c>$bodyContent</c>; -1 when it is not used.</summary>
    public required int BodySlot { get; init; }

    /// <summary>The variables that are set before the template begins.</summary>
    public required (int Slot, Value Value)[] Presets { get; init; }
}
