using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Text;
using EdgeProxy.Templates;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy vtl</c>: renders a mapping template for a request put together from files, and shows how it came to its output.</summary>
internal static class VtlCommand
{
    private const int LongestValue = 200;

    public static int Run(VtlOptions options, TextWriter output, TextWriter errors)
    {
        var inputs = new VtlInputs();
        if (!TryRead(options, options.Template, errors, out byte[] text) || !TryPrepare(options, inputs, errors)) return ExitStatus.Failed;
        if (!Template.TryCompile(text, out Template? template, out TemplateProblem? problem))
        {
            errors.WriteLine($"{options.Template}:{problem}");
            return ExitStatus.InvalidConfiguration;
        }

        var steps = new Steps();
        var rendered = new TemplateOutput();
        TemplateResult result = new TemplateExecutor(new TemplateLimits()).Run(template, inputs, rendered, options.Action == VtlAction.Trace ? steps : null);
        string made = Encoding.UTF8.GetString(rendered.Written);
        if (options.Output == OutputForm.Json)
        {
            output.WriteLine(Json(options, steps, made, inputs.Overrides, result));
            return result.IsOk ? ExitStatus.Ok : ExitStatus.Failed;
        }

        foreach (Step step in steps.All) output.WriteLine($"{options.Template}:{step.Line}:{step.Column}: {TemplateStepNames.Of(step.Kind),-9} {OneLine(step.Source)} -> {OneLine(step.Value)}");
        if (options.Action == VtlAction.Trace) output.WriteLine("---");

        // The output as it would be sent: nothing is added to it when it goes to a program.
        output.Write(made);
        if (options.Action == VtlAction.Trace && !made.EndsWith('\n')) output.WriteLine();
        WriteOverrides(inputs.Overrides, errors);
        if (result.IsOk) return ExitStatus.Ok;
        errors.WriteLine($"{options.Template}:{result.Line}:{result.Column}: {result.Message}");
        return ExitStatus.Failed;
    }

    private static bool TryPrepare(VtlOptions options, VtlInputs inputs, TextWriter errors)
    {
        if (options.Body is not null)
        {
            if (!TryRead(options, options.Body, errors, out byte[] body)) return false;
            inputs.Body = body;
        }

        if (options.Context is not null && !TryTake(options, options.Context, inputs.SetContext, errors)) return false;
        if (options.Params is not null && !TryTake(options, options.Params, inputs.SetParameters, errors)) return false;
        foreach (string parameter in options.Param)
        {
            if (inputs.TryAddParameter(parameter)) continue;
            errors.WriteLine($"'{parameter}' is no parameter: write path.NAME=VALUE, querystring.NAME=VALUE or header.NAME=VALUE.");
            return false;
        }

        foreach (string variable in options.StageVariables)
        {
            if (inputs.TryAddStageVariable(variable)) continue;
            errors.WriteLine($"'{variable}' is no stage variable: write NAME=VALUE.");
            return false;
        }

        return true;
    }

    private static bool TryTake(VtlOptions options, string file, Func<JsonElement, string?> take, TextWriter errors)
    {
        if (!TryRead(options, file, errors, out byte[] text)) return false;
        string? wrong;
        try
        {
            using var document = JsonDocument.Parse(text);
            wrong = take(document.RootElement);
        }
        catch (JsonException exception)
        {
            wrong = string.Create(CultureInfo.InvariantCulture, $"it is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
        }

        if (wrong is not null) errors.WriteLine($"{file} cannot be used: {wrong}.");
        return wrong is null;
    }

    private static bool TryRead(VtlOptions options, string file, TextWriter errors, out byte[] content)
    {
        try
        {
            content = File.ReadAllBytes(Path.Combine(options.WorkingDirectory, file));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{file} cannot be read: {FileFailure.ReasonOf(exception)}.");
            content = [];
            return false;
        }
    }

    private static void WriteOverrides(TemplateOverrides overrides, TextWriter errors)
    {
        for (int i = 0; i < overrides.Count; i++)
        {
            errors.WriteLine($"override: {Name(overrides.Target(i))} {Encoding.UTF8.GetString(overrides.Name(i))} = {OneLine(Encoding.UTF8.GetString(overrides.Value(i)))}");
        }

        if (overrides.Status != 0) errors.WriteLine($"override: response status = {overrides.Status}");
    }

    private static string Json(VtlOptions options, Steps steps, string made, TemplateOverrides overrides, TemplateResult result) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        if (options.Action == VtlAction.Trace)
        {
            json.WriteStartArray("steps");
            foreach (Step step in steps.All)
            {
                json.WriteStartObject();
                json.WriteNumber("line", step.Line);
                json.WriteNumber("column", step.Column);
                json.WriteString("step", TemplateStepNames.Of(step.Kind));
                json.WriteString("source", step.Source);
                json.WriteString("value", step.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteString("output", made);
        json.WriteStartArray("overrides");
        for (int i = 0; i < overrides.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("target", Name(overrides.Target(i)));
            json.WriteString("name", overrides.Name(i));
            json.WriteString("value", overrides.Value(i));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (overrides.Status != 0) json.WriteNumber("status", overrides.Status);
        if (!result.IsOk)
        {
            json.WriteStartObject("fault");
            json.WriteNumber("line", result.Line);
            json.WriteNumber("column", result.Column);
            json.WriteString("message", result.Message);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    private static string Name(OverrideTarget target) => target switch
    {
        OverrideTarget.RequestHeader => "request header",
        OverrideTarget.RequestPath => "request path",
        OverrideTarget.RequestQueryString => "request query",
        _ => "response header",
    };

    private static string OneLine(string text)
    {
        if (text.Length > LongestValue) text = text[..LongestValue] + "…";
        return text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
    }

    private sealed record Step(TemplateStep Kind, int Line, int Column, string Source, string Value);

    private sealed class Steps : ITemplateObserver
    {
        public List<Step> All { get; } = [];

        public void OnStep(TemplateStep step, int line, int column, ReadOnlySpan<byte> source, ReadOnlySpan<byte> value) =>
            All.Add(new Step(step, line, column, Encoding.UTF8.GetString(source), Encoding.UTF8.GetString(value)));
    }
}
