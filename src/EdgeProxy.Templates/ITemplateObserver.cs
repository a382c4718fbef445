namespace EdgeProxy.Templates;

/// <summary>Told of each step of a run, for whoever wants to see how a template came to its output.</summary>
public interface ITemplateObserver
{
    /// <summary>Whether nothing more is to be told: a step is then only <see cref="OnSkipped"/>, which costs neither its place nor its value.</summary>
    bool IsFull => false;

    /// <summary>A step was taken, and not told.</summary>
    void OnSkipped()
    {
    }

    /// <summary>A step was taken.</summary>
    /// <param name="step">What it was.</param>
    /// <param name="line">Counted from 1.</param>
    /// <param name="column">Counted from 1, in characters.</param>
    /// <param name="source">The piece of the template.</param>
    /// <param name="value">The value it came to, as text. Borrowed: not to be kept.</param>
    void OnStep(TemplateStep step, int line, int column, ReadOnlySpan<byte> source, ReadOnlySpan<byte> value);
}
