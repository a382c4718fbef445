using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates;

/// <summary>Runs templates, one after the other. One for each loop: it keeps its memory, so that a run allocates nothing once that has grown.</summary>
public sealed class TemplateExecutor
{
    private readonly Machine _machine;

    /// <param name="limits">What each run may cost.</param>
    public TemplateExecutor(TemplateLimits limits)
        : this(limits, singly: false)
    {
    }

    internal TemplateExecutor(TemplateLimits limits, bool singly) => _machine = new Machine(limits, singly);

    /// <summary>What the next run has its JSON on. Whoever reads the body of that run onto it, and says so (<see cref="ITemplateInputs.BodyReading"/>), spares it the reading.</summary>
    internal JsonTape Tape => _machine.Memory.Tape;

    /// <summary>Runs a template.</summary>
    /// <param name="template">Which.</param>
    /// <param name="inputs">What it may ask about its request.</param>
    /// <param name="output">Where it writes; cleared first. After a fault it holds what was written until then.</param>
    /// <param name="observer">Told of each step; null for none.</param>
    public TemplateResult Run(Template template, ITemplateInputs inputs, TemplateOutput output, ITemplateObserver? observer = null)
    {
        output.Clear();
        return _machine.Run(template.Program, inputs, output, observer);
    }

    /// <summary>Writes what a path leads to in a document: text as it is, objects and arrays as JSON, nothing for null and for nowhere.</summary>
    /// <param name="path">The path.</param>
    /// <param name="document">JSON.</param>
    /// <param name="output">Where it writes; cleared first.</param>
    /// <returns><see cref="TemplateFault.InvalidJson"/> for what is no JSON, and the limit that was met, if one was.</returns>
    public TemplateFault Find(BodyPath path, ReadOnlyMemory<byte> document, TemplateOutput output)
    {
        output.Clear();
        return _machine.Find(path.Query, document, output);
    }
}
