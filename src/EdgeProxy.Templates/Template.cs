using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeProxy.Templates.Compilation;

namespace EdgeProxy.Templates;

/// <summary>A compiled mapping template (rest-api.md 6). Immutable: any number of executors may run it at once.</summary>
public sealed class Template
{
    private Template(TemplateProgram program) => Program = program;

    internal TemplateProgram Program { get; }

    /// <summary>The template as it was written.</summary>
    public ReadOnlySpan<byte> Source => Program.Source;

    /// <summary>Compiles a template.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="template">The template.</param>
    /// <param name="problem">What is wrong with it, with line and column.</param>
    public static bool TryCompile(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out TemplateProblem? problem) =>
        TryTake(text.ToArray(), out template, out problem);

    /// <summary>The same of a text.</summary>
    public static bool TryCompile(string text, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out TemplateProblem? problem) =>
        TryTake(Encoding.UTF8.GetBytes(text), out template, out problem);

    // The bytes are the template's from now on.
    private static bool TryTake(byte[] text, [NotNullWhen(true)] out Template? template, [NotNullWhen(false)] out TemplateProblem? problem)
    {
        TemplateProgram? program = ProgramWriter.Compile(text, out problem);
        template = program is null ? null : new Template(program);
        return template is not null;
    }
}
