using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy flush</c>: has a running node empty the caches of an API's stages.</summary>
internal static class FlushCommand
{
    /// <summary>Asks the node, stage by stage; without stages once for all of them.</summary>
    public static int Run(SettingSources sources, long timeout, string api, IReadOnlyList<string> stages, TextWriter output, TextWriter errors)
    {
        string?[] asked = stages.Count == 0 ? [null] : [.. stages];
        foreach (string? stage in asked)
        {
            string target = $"/flush?api={Uri.EscapeDataString(api)}" + (stage is null ? "" : $"&stage={Uri.EscapeDataString(stage)}");
            int exit = AdminCall.Ask(sources, timeout, "POST", target, errors, out int status, out string body);
            if (exit != ExitStatus.Ok) return exit;
            if (status != 200)
            {
                errors.WriteLine($"The cache of {api}{(stage is null ? "" : $", stage {stage},")} was not flushed (status {status}): {body}");
                return ExitStatus.Failed;
            }

            output.WriteLine(body);
        }

        return ExitStatus.Ok;
    }
}
