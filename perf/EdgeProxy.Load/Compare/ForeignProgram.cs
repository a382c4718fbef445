using System.Diagnostics;

namespace EdgeProxy.Load.Compare;

/// <summary>Runs a program to its end and returns what it printed.</summary>
internal static class ForeignProgram
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Standard output and error, in no order; the program may have failed, which the text then tells.</summary>
    /// <param name="program">Found by the search path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="processors">As <c>taskset</c> takes them; null for all.</param>
    /// <exception cref="IOException">It cannot be started, or does not end.</exception>
    public static string Run(string program, IEnumerable<string> arguments, string? processors = null)
    {
        ProcessStartInfo start = new(processors is null ? program : "taskset") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (processors is not null)
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(processors);
            start.ArgumentList.Add(program);
        }

        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new IOException($"cannot start {program}");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill();
            throw new IOException($"{program} did not end");
        }

        return output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
    }
}
