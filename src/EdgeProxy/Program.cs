using EdgeProxy.Commands;
using EdgeProxy.Platform;
using EdgeProxy.Settings;

namespace EdgeProxy;

/// <summary>Where the process begins.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is [WorkerStart.Verb, ..]) return WorkerStart.Run(arguments);
        IReadOnlyDictionary<string, string> environment = SettingSources.ProcessEnvironment();
        var verbs = new Verbs(Console.Out, Console.Error);
        return new CommandLine(verbs, environment, Directory.GetCurrentDirectory()).Invoke(arguments, Console.Out, Console.Error);
    }
}
