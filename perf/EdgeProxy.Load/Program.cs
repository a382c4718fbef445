using System.CommandLine;
using EdgeProxy.Load.Backend;
using EdgeProxy.Load.Compare;
using EdgeProxy.Load.Runs;
using EdgeProxy.Load.Scenarios;

namespace EdgeProxy.Load;

/// <summary>The command line of the load tool.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        RootCommand root = new("Puts load on HTTP/1.1 servers, stands in for the servers behind them, and compares proxies.")
        {
            RunCommand.Create(),
            BackendCommand.Create(),
            SlowHttp2Command.Create(),
            ScenarioCommand.Create(),
            CompareCommand.Create(),
        };
        ParseResult parsed = root.Parse(arguments);
        return parsed.Errors.Count > 0 ? Wrong(parsed) : parsed.Invoke();
    }

    private static int Wrong(ParseResult parsed)
    {
        parsed.Invoke();
        return 2;
    }
}
