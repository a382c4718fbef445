using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane.Wire;
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
            string what = stage is null ? api : $"{api}, stage {stage}";
            if (status != 200)
            {
                errors.WriteLine($"The cache of {what} was not flushed.");
                return AdminCall.TellRefused(errors, status, body);
            }

            if (!WireValue.TryParse(Encoding.UTF8.GetBytes(body), out WireValue? answer) || answer.NumberOf("stages") is not { } flushed)
            {
                errors.WriteLine($"What answered {status} told something that is no flush: is it the admin listener of a node?");
                return ExitStatus.Failed;
            }

            output.WriteLine(stage is null ? string.Create(CultureInfo.InvariantCulture, $"{api}: the caches of {flushed} {(flushed == 1 ? "stage" : "stages")} are empty.") : $"{what}: its cache is empty.");
        }

        return ExitStatus.Ok;
    }
}
