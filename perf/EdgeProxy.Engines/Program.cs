using System.Diagnostics;
using System.Globalization;

namespace EdgeProxy.Engines;

/// <summary>
/// <c>EdgeProxy.Engines template DIRECTORY OUTPUT</c>, <c>EdgeProxy.Engines schema</c>: runs an engine of the gateway as the native binary has it. Writes what came out
/// to the file OUTPUT and prints <c>ready</c>; then for each line of standard input, a number of milliseconds, works for so long and prints how often it did it,
/// the bytes that went in each time, the bytes allocated, and the nanoseconds of processor time it took each time.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        IWork? work = arguments switch
        {
            ["template", string directory, _] => new TemplateWork(directory),
            ["schema"] => new SchemaWork(),
            _ => null,
        };
        if (work is null)
        {
            Console.Error.WriteLine("usage: EdgeProxy.Engines template DIRECTORY OUTPUT | schema");
            return 2;
        }

        if (arguments.Length == 3) File.WriteAllBytes(arguments[2], work.Run());
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            long until = Stopwatch.GetTimestamp() + (long.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture) * Stopwatch.Frequency / 1000);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan used = Environment.CpuUsage.TotalTime;
            long done = 0;
            while (Stopwatch.GetTimestamp() < until)
            {
                for (int i = 0; i < 100; i++) work.Run();
                done += 100;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            used = Environment.CpuUsage.TotalTime - used;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} {work.InputLength} {allocated} {used.TotalNanoseconds / done:0}"));
        }

        return 0;
    }
}
