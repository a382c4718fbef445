using System.Globalization;

namespace EdgeProxy.Load.Compare;

/// <summary>A program that does one thing again and again for as long as it is told to, and says how often it did it.</summary>
/// <remarks>
/// The protocol of <c>perf/EdgeProxy.Engines</c> and of the programs in <c>perf/compare/template</c>: it prints <c>ready</c>; then, for each line with a number of
/// milliseconds, one with the number of times, behind which more figures may stand.
/// </remarks>
internal sealed class EngineProcess(string name, ServerProcess process) : IDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);

    public string Name => name;

    /// <summary>The figures of the last answer, the number of times first.</summary>
    public IReadOnlyList<long> Figures { get; private set; } = [];

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static EngineProcess Start(string name, string program, IEnumerable<string> arguments, string directory)
    {
        ServerProcess process = ServerProcess.Start(program, arguments, Bench.ServerProcessors, directory);
        try
        {
            string line = process.WaitForLine(StartWithin);
            return line == "ready" ? new EngineProcess(name, process) : throw new IOException($"{name} is not ready: {line}");
        }
        catch (IOException)
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Works for a while.</summary>
    /// <returns>Microseconds of processor time for each time, all threads of the process counted.</returns>
    /// <exception cref="IOException">It ended, or answered something else.</exception>
    public double Run(double seconds)
    {
        long before = process.CpuNanoseconds;
        string line = process.Ask(((int)(seconds * 1000)).ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(seconds) + StartWithin);
        long used = process.CpuNanoseconds - before;
        List<long> figures = [];
        foreach (string word in line.Split(' '))
        {
            if (!long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long figure)) throw new IOException($"{name} says {line}");
            figures.Add(figure);
        }

        Figures = figures;
        return used / 1000.0 / Math.Max(1, figures[0]);
    }

    public void Dispose() => process.Dispose();
}
