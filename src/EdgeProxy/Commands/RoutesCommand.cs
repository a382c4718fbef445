using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy routes</c>: what a node with these documents would serve, and where.</summary>
internal static class RoutesCommand
{
    public static int Run(RunOptions options, TextWriter output, TextWriter errors)
    {
        var problems = new ProblemList();
        IReadOnlyList<LoadedApi> apis = ValidateCommand.Load(options, problems);
        if (problems.HasErrors)
        {
            ValidateCommand.Print(problems, options.Output, options.Output == OutputForm.Json ? output : errors);
            return ExitStatus.InvalidConfiguration;
        }

        List<Row> rows = [.. apis.SelectMany(RowsOf)];
        if (options.Output == OutputForm.Json) output.WriteLine(Json(rows));
        else WriteText(rows, output);
        return ExitStatus.Ok;
    }

    private static IEnumerable<Row> RowsOf(LoadedApi api)
    {
        // Told by validate already; here only what it means for each route.
        IReadOnlyList<Serving> serving = CheckSupport.Run(api.Definition, new ProblemList());
        for (int i = 0; i < serving.Count; i++)
        {
            MethodDefinition method = api.Definition.Methods[i];
            string prefix = api.BasePath == "/" ? "" : api.BasePath;
            yield return new Row(
                api.Settings.Domains.Count == 0 ? "*" : string.Join(',', api.Settings.Domains),
                method.Verb,
                prefix + (method.Path == "/" && prefix.Length > 0 ? "" : method.Path),
                serving[i] == Serving.Open ? TargetOf(method.Integration) : "closed: 500",
                api.Definition.Id,
                api.Settings.Stage);
        }
    }

    private static string TargetOf(IntegrationDefinition? integration) => integration switch
    {
        null => "none",
        { Kind: IntegrationKind.Mock } => "mock",
        _ => $"{integration.HttpMethod ?? "ANY"} {integration.Uri}",
    };

    private static void WriteText(List<Row> rows, TextWriter output)
    {
        int host = Width(rows, row => row.Host);
        int verb = Width(rows, row => row.Verb);
        int path = Width(rows, row => row.Path);
        foreach (Row row in rows) output.WriteLine($"{row.Host.PadRight(host)}  {row.Verb.PadRight(verb)}  {row.Path.PadRight(path)}  -> {row.Target}");
    }

    private static int Width(List<Row> rows, Func<Row, string> column) => rows.Count == 0 ? 0 : rows.Max(row => column(row).Length);

    private static string Json(List<Row> rows) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("routes");
        foreach (Row row in rows)
        {
            json.WriteStartObject();
            json.WriteString("host", row.Host);
            json.WriteString("method", row.Verb);
            json.WriteString("path", row.Path);
            json.WriteString("target", row.Target);
            json.WriteString("apiId", row.ApiId);
            json.WriteString("stage", row.Stage);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private sealed record Row(string Host, string Verb, string Path, string Target, string ApiId, string Stage);
}
