using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy health</c>: asks a running node's <c>/readyz</c>, so that an image without a shell can have a health check.</summary>
internal static class HealthCommand
{
    public static int Run(SettingSources sources, long timeout, OutputForm form, TextWriter output, TextWriter errors)
    {
        int exit = AdminCall.Ask(sources, timeout, "GET", "/readyz", errors, out int status, out string body);
        if (exit != ExitStatus.Ok) return exit;
        if (form == OutputForm.Json) output.WriteLine(body);
        else output.WriteLine(status == 200 ? "ready" : $"not ready (status {status}): {body}");
        return status == 200 ? ExitStatus.Ok : ExitStatus.Failed;
    }
}
