using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy diff</c>: asks a running node what a deployment would change of what a stage serves.</summary>
internal static class DiffCommand
{
    public static int Run(SettingSources sources, long timeout, string api, string stage, OutputForm form, TextWriter output, TextWriter errors)
    {
        string target = $"/restapis/{Uri.EscapeDataString(api)}/stages/{Uri.EscapeDataString(stage)}/diff";
        int exit = AdminCall.Ask(sources, timeout, "GET", target, errors, out int status, out string body, most: AdminCall.MostLargeBytes);
        if (exit != ExitStatus.Ok) return exit;
        if (status != 200) return AdminCall.TellRefused(errors, status, body);
        if (!WireValue.TryParse(Encoding.UTF8.GetBytes(body), out WireValue? answer) || answer["changes"] is not { IsList: true })
        {
            errors.WriteLine($"What answered {status} told something that is no difference: is it the admin listener of a node?");
            return ExitStatus.Failed;
        }

        if (form == OutputForm.Json) output.WriteLine(body);
        else Write(answer, output);
        return ExitStatus.Ok;
    }

    private static void Write(WireValue answer, TextWriter output)
    {
        List<WireValue> changes = answer["changes"]!.Items;
        string where = $"{answer.TextOf("restApiId")}, stage {answer.TextOf("stageName")} (deployment {answer.TextOf("deploymentId")})";
        output.WriteLine(changes.Count == 0 ? $"{where}: nothing to deploy" : $"{where}: {changes.Count} {(changes.Count == 1 ? "change" : "changes")}");
        if (answer.TextOf("problem") is { } problem) output.WriteLine("It cannot be deployed: " + problem);
        foreach (WireValue change in changes)
        {
            char sign = change.TextOf("change") switch { "added" => '+', "removed" => '-', _ => '~' };
            output.WriteLine($"{sign} {change.TextOf("kind")} {change.TextOf("name")}");
            foreach (WireValue difference in change["differences"]?.Items ?? [])
            {
                output.WriteLine($"    {difference.TextOf("path")}: {Shown(difference["before"])} -> {Shown(difference["after"])}");
            }
        }
    }

    private static string Shown(WireValue? value) => value?.ToString() ?? "nothing";
}
