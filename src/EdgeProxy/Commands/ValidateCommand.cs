using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy validate</c>: all problems at once.</summary>
internal static class ValidateCommand
{
    public static int Run(RunOptions options, TextWriter output)
    {
        var problems = new ProblemList();
        if (SettingsReader.Read(options.Sources, problems) is { } settings)
        {
            foreach (ApiSettings api in settings.Apis) Check(api, problems);
        }

        Print(problems, options.Output, output);
        return problems.HasErrors || (problems.HasUnsupported && !options.AllowUnsupported) ? ExitStatus.InvalidConfiguration : ExitStatus.Ok;
    }

    /// <summary>Prints problems in the form asked for.</summary>
    public static void Print(ProblemList problems, OutputForm form, TextWriter output)
    {
        if (form == OutputForm.Text)
        {
            ProblemWriter.WriteText(problems, output);
            return;
        }

        using var json = new MemoryStream();
        ProblemWriter.WriteJson(problems, json);
        output.WriteLine(Encoding.UTF8.GetString(json.ToArray()));
    }

    private static void Check(ApiSettings api, ProblemList problems)
    {
        try
        {
            DocumentReader.Read(api.DisplayFile, File.ReadAllBytes(api.File), problems);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Error(ProblemCode.UnreadableFile, api.Origin ?? new Origin(api.DisplayFile, "", 1, 1), $"The document {api.DisplayFile} cannot be read: {exception.Message}");
        }
    }
}
