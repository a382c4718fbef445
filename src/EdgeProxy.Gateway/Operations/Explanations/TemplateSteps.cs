using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Writes down the steps of the templates that a phase ran.</summary>
internal sealed class TemplateSteps(ExplanationNotes notes) : ITemplateObserver
{
    // Each value is made into text before it is told, however little of it is.
    private const long MostValueBytes = 4 * 1024 * 1024;

    private ExplainedTable? _table;
    private int _told;
    private long _valueBytes;

    public bool IsFull => _told >= notes.Limits.Steps || notes.IsFull || _valueBytes > MostValueBytes;

    private ExplainedTable Table => _table ??= new ExplainedTable("templateSteps", ["line", "column", "step", "source", "value"]);

    public void OnStep(TemplateStep step, int line, int column, ReadOnlySpan<byte> source, ReadOnlySpan<byte> value)
    {
        _told++;
        _valueBytes += value.Length;
        Table.Add([ExplanationNotes.Number(line), ExplanationNotes.Number(column), TemplateStepNames.Of(step), notes.Text(source), notes.Text(value)]);
    }

    public void OnSkipped()
    {
        if (Table.LeftOut++ == 0) notes.MarkCut(_told >= notes.Limits.Steps ? "explain.steps" : "explain.output");
    }

    /// <summary>Hands the steps so far to the phase that took them.</summary>
    public void MoveTo(ExplainedPhase phase)
    {
        if (_table is null) return;
        phase.Add(_table);
        _table = null;
    }
}
