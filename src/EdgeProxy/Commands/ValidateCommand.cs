using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy validate</c>: all problems at once.</summary>
internal static class ValidateCommand
{
    public static int Run(RunOptions options, TextWriter output)
    {
        var problems = new ProblemList();
        Load(options, problems);
        Print(problems, options.Output, output);
        return problems.HasErrors || (problems.HasUnsupported && !options.AllowUnsupported) ? ExitStatus.InvalidConfiguration : ExitStatus.Ok;
    }

    /// <summary>Reads settings and documents and compiles them, as a node would.</summary>
    public static IReadOnlyList<LoadedApi> Load(RunOptions options, ProblemList problems)
    {
        if (SettingsReader.Read(options.Sources, problems) is not { } settings) return [];
        IReadOnlyList<LoadedApi> apis = new ApiDocuments().Load(settings.Apis, ConfigurationTarget.ChoicesOf(options, settings), problems);

        TlsLoader.Load(settings, apis, selfSigned: null, DateTimeOffset.UtcNow, problems);

        // Live state that serves nobody: the compiler binds plans to some.
        var metrics = new MetricRegistry(stripes: 0);
        var compiler = new SnapshotCompiler(new LiveRegistry(new GatewayMetrics(metrics)));
        LoadedFunctions functions = FunctionLoader.Load(settings.Lambda, options.Sources.Environment, new CallMetrics(metrics), problems);
        GatewaySnapshot? snapshot = ConfigurationTarget.Compile(compiler, apis, settings, options, problems, functions.Takes);
        TlsLoader.LoadUpstreams(settings, [.. snapshot?.UpstreamTls ?? [], .. FunctionLoader.TlsOf(settings.Lambda)], problems);
        return apis;
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
}
