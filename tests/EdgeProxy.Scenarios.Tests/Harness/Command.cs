using System.Diagnostics;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>What a program said and how it ended.</summary>
internal sealed record CommandResult(int Status, byte[] OutputBytes, string Errors)
{
    public string Output { get; } = System.Text.Encoding.UTF8.GetString(OutputBytes);

    public override string ToString() => $"status {Status}\n{Output}\n{Errors}";
}

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    public static Task<CommandResult> EdgeProxyAsync(params string[] arguments) => RunAsync(EdgeProxyBinary.Path, arguments);

    public static Task<CommandResult> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, input: null);

    /// <exception cref="TimeoutException">It had not ended by the deadline and was killed.</exception>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, byte[]? input, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        EdgeProxyBinary.Forget(start);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        using var output = new MemoryStream();
        Task outputs = process.StandardOutput.BaseStream.CopyToAsync(output);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (input is not null) await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();

        try
        {
            await Wait.ForAsync(process.WaitForExitAsync(), $"{program} {string.Join(' ', start.ArgumentList)} ends");
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        await outputs;
        return new CommandResult(process.ExitCode, output.ToArray(), await errors);
    }
}
