using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeProxy.Definitions;

namespace EdgeProxy.Compiler.Problems;

/// <summary>Prints problems for people (<c>file:line:column: severity CODE #/pointer: message</c>) and for programs (JSON).</summary>
public static class ProblemWriter
{
    /// <summary>Writes one line for each problem, sorted by document and place, and a last line when some were not kept.</summary>
    public static void WriteText(ProblemList problems, TextWriter output)
    {
        foreach (Problem problem in Sorted(problems)) output.WriteLine(Line(problem));
        if (problems.Dropped > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{problems.Dropped} more problems are not shown"));
        }
    }

    /// <summary>One problem as a line of text, without its line end.</summary>
    public static string Line(Problem problem)
    {
        var line = new StringBuilder();
        if (problem.Origin is { } origin)
        {
            AppendVisible(line, origin.Document);
            line.Append(CultureInfo.InvariantCulture, $":{origin.Line}:{origin.Column}: ");
        }

        line.Append(Name(problem.Severity)).Append(' ').Append(problem.CodeText);
        if (problem.Origin is { Pointer: var pointer })
        {
            line.Append(" #");
            AppendVisible(line, pointer);
        }

        line.Append(": ");
        AppendVisible(line, problem.Message);
        return line.ToString();
    }

    /// <summary>Writes an object with <c>problems</c> (sorted as the text is), and the counts by severity.</summary>
    public static void WriteJson(ProblemList problems, Stream output)
    {
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var json = new Utf8JsonWriter(output, options);
        json.WriteStartObject();
        json.WriteStartArray("problems");
        int errors = 0, unsupported = 0, warnings = 0;
        foreach (Problem problem in Sorted(problems))
        {
            switch (problem.Severity)
            {
                case ProblemSeverity.Error: errors++; break;
                case ProblemSeverity.Unsupported: unsupported++; break;
                default: warnings++; break;
            }

            json.WriteStartObject();
            json.WriteString("code", problem.CodeText);
            json.WriteString("severity", Name(problem.Severity));
            if (problem.Origin is { } origin)
            {
                json.WriteString("document", origin.Document);
                json.WriteNumber("line", origin.Line);
                json.WriteNumber("column", origin.Column);
                json.WriteString("pointer", "#" + origin.Pointer);
            }

            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("errors", errors);
        json.WriteNumber("unsupported", unsupported);
        json.WriteNumber("warnings", warnings);
        json.WriteNumber("notShown", problems.Dropped);
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>The severity as it is printed.</summary>
    public static string Name(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Error => "error",
        ProblemSeverity.Unsupported => "unsupported",
        _ => "warning",
    };

    // A document may hold control characters; printed as they are they could forge lines or drive a terminal.
    private static void AppendVisible(StringBuilder line, string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029') line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        }
    }

    private static IEnumerable<Problem> Sorted(ProblemList problems)
    {
        // OrderBy is stable: problems at one place stay in the order in which they were found, documents in the order given.
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Problem problem in problems) order.TryAdd(problem.Origin?.Document ?? "", order.Count);
        return problems.OrderBy(problem => order[problem.Origin?.Document ?? ""])
            .ThenBy(problem => problem.Origin?.Line ?? 0)
            .ThenBy(problem => problem.Origin?.Column ?? 0);
    }
}
