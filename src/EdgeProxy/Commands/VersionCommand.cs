using System.Text.Json;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy version</c>.</summary>
internal static class VersionCommand
{
    public static int Run(OutputForm form, TextWriter output)
    {
        if (form == OutputForm.Text)
        {
            output.WriteLine($"edgeproxy {BuildVersion.Number} ({BuildVersion.Revision[..Math.Min(12, BuildVersion.Revision.Length)]}, {BuildVersion.Runtime})");
            return ExitStatus.Ok;
        }

        output.WriteLine(JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("version", BuildVersion.Number);
            json.WriteString("revision", BuildVersion.Revision);
            json.WriteString("runtime", BuildVersion.Runtime);
            json.WriteEndObject();
        }));
        return ExitStatus.Ok;
    }
}
