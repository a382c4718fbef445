using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Templates.Compilation;

namespace EdgeProxy.Templates;

/// <summary>A compiled mapping template (rest-api.md 6). Immutable: any number of executors may run it at once.</summary>
public sealed class Template
{
    private Template(TemplateProgram program) => Program = program;

    internal TemplateProgram Program { get; }

    /// <summary>Compiles a template.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="template">The template.</param>
    /// <param name="problem">What is wrong with it, with line and column.</param>
    public static bool TryCompile(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out TemplateProblem? problem)
    {
        TemplateProgram? program = ProgramWriter.Compile(text.ToArray(), out problem);
        template = program is null ? null : new Template(program);
        return template is not null;
    }
}
