using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Writes down the steps of the templates that a phase ran.</summary>
internal sealed class TemplateSteps(ExplanationNotes notes) : ITemplateObserver
{
    private ExplainedTable? _table;
    private int _told;

    public void OnStep(TemplateStep step, int line, int column, ReadOnlySpan<byte> source, ReadOnlySpan<byte> value)
    {
        _table ??= new ExplainedTable("templateSteps", ["line", "column", "step", "source", "value"]);
        if (_told == notes.Limits.Steps || notes.IsFull)
        {
            _table.LeftOut++;
            notes.MarkCut(notes.IsFull ? "explain.output" : "explain.steps");
            return;
        }

        _told++;
        _table.Add([ExplanationNotes.Number(line), ExplanationNotes.Number(column), NameOf(step), notes.Text(source), notes.Text(value)]);
    }

    /// <summary>Hands the steps so far to the phase that took them.</summary>
    public void MoveTo(ExplainedPhase phase)
    {
        if (_table is null) return;
        phase.Add(_table);
        _table = null;
    }

    private static string NameOf(TemplateStep step) => step switch
    {
        TemplateStep.Reference => "reference",
        TemplateStep.Set => "set",
        TemplateStep.Condition => "condition",
        TemplateStep.Iteration => "iteration",
        TemplateStep.LoopEnd => "loop end",
        TemplateStep.Break => "break",
        TemplateStep.Stop => "stop",
        TemplateStep.Define => "define",
        TemplateStep.Macro => "macro",
        _ => "evaluate",
    };
}
