using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.Explanations;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy explain</c>: what a request would meet, phase by phase and why, without a node and with nothing sent.</summary>
internal static class ExplainCommand
{
    public static int Run(ExplainOptions options, TextWriter output, TextWriter errors)
    {
        if (RequestOrNull(options, errors) is not { } request) return ExitStatus.WrongUsage;
        var problems = new ProblemList();
        if (!TryCompile(options, problems, errors, out GatewaySnapshot? snapshot, out NodeSettings? settings))
        {
            if (problems.HasErrors) ValidateCommand.Print(problems, options.Output, options.Output == OutputForm.Json ? output : errors);
            return problems.HasErrors ? ExitStatus.InvalidConfiguration : ExitStatus.WrongUsage;
        }

        var explain = new Explain(TimeProvider.System) { Conditions = Translation.ExplainConditions(settings) };
        if (explain.ProblemOrNull(request) is { } wrong)
        {
            errors.WriteLine(wrong);
            return ExitStatus.WrongUsage;
        }

        Explanation explanation = explain.Run(snapshot, request);
        if (options.Output == OutputForm.Json) output.WriteLine(JsonText.Write(json => ExplanationJson.Write(explanation, json)));
        else ExplanationText.Write(explanation, output);
        return ExitStatus.Ok;
    }

    private static bool TryCompile(ExplainOptions options, ProblemList problems, TextWriter errors, [NotNullWhen(true)] out GatewaySnapshot? snapshot, [NotNullWhen(true)] out NodeSettings? settings)
    {
        snapshot = null;
        settings = SettingsReader.Read(options.Run.Sources, problems);
        if (settings is null) return false;
        if (options.StageVariables.Count > 0)
        {
            if (VariablesOrNull(options.StageVariables, errors) is not { } variables) return false;
            settings = settings with { Apis = [.. settings.Apis.Select(api => api with { StageVariables = Merged(api.StageVariables, variables) })] };
        }

        IReadOnlyList<LoadedApi> apis = new ApiDocuments().Load(settings.Apis, ConfigurationTarget.ChoicesOf(options.Run, settings), problems);

        // Live state that serves nobody: the compiler binds plans to some. Certificates are not looked at, because no handshake is made.
        var compiler = new SnapshotCompiler(new LiveRegistry(new GatewayMetrics(new MetricRegistry(stripes: 0))));
        snapshot = ConfigurationTarget.Compile(compiler, apis, settings, options.Run, problems);
        return snapshot is not null && !problems.HasErrors;
    }

    private static ExplainRequest? RequestOrNull(ExplainOptions options, TextWriter errors)
    {
        if (FieldsOrNull(options.Headers, "-H", errors) is not { } headers) return null;
        if (FieldsOrNull(options.AnswerHeaders, "--answer-header", errors) is not { } answerHeaders) return null;
        byte[]? body = null;
        byte[]? answerBody = null;
        if (options.Body is { } text && !TryRead(options, text, errors, out body)) return null;
        if (options.AnswerBody is { } answerText && !TryRead(options, answerText, errors, out answerBody)) return null;
        return new ExplainRequest
        {
            Method = options.Method,
            Target = options.Target,
            Host = options.Host,
            Headers = headers,
            Body = body,
            SourceIp = options.SourceIp ?? ExplainRequest.DefaultSourceIp,
            ShowsSecrets = options.ShowsSecrets,
            Answer = !options.HasAnswer ? null : new ExplainAnswer
            {
                Status = options.AnswerStatus ?? 200,
                Headers = answerHeaders,
                Body = answerBody ?? [],
                IsFunctionError = options.AnswerIsFunctionError,
            },
        };
    }

    private static List<KeyValuePair<string, string>>? FieldsOrNull(IReadOnlyList<string> lines, string option, TextWriter errors)
    {
        var fields = new List<KeyValuePair<string, string>>(lines.Count);
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                errors.WriteLine($"{option} '{line}': write it as 'Name: value'.");
                return null;
            }

            fields.Add(new(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return fields;
    }

    private static bool TryRead(ExplainOptions options, string text, TextWriter errors, out byte[]? bytes)
    {
        bytes = null;
        if (!text.StartsWith('@'))
        {
            bytes = Encoding.UTF8.GetBytes(text);
            return true;
        }

        try
        {
            bytes = File.ReadAllBytes(Path.GetFullPath(text[1..], options.Run.Sources.WorkingDirectory));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.WriteLine($"{text[1..]} cannot be read: {FileFailure.ReasonOf(exception)}.");
            return false;
        }
    }

    private static Dictionary<string, string>? VariablesOrNull(IReadOnlyList<string> texts, TextWriter errors)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                errors.WriteLine($"--stage-variable '{text}': write it as name=value.");
                return null;
            }

            variables[text[..equals]] = text[(equals + 1)..];
        }

        return variables;
    }

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> before, Dictionary<string, string> given)
    {
        var merged = new Dictionary<string, string>(before, StringComparer.Ordinal);
        foreach ((string name, string value) in given) merged[name] = value;
        return merged;
    }
}
