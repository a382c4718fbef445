using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy import FILE</c>: has a running node take a document into its store, as a new API or in place of one's definition, and deploy it if asked.</summary>
internal static class ImportCommand
{
    public static int Run(ImportOptions options, TextWriter output, TextWriter errors)
    {
        byte[] document;
        try
        {
            document = File.ReadAllBytes(options.File);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{options.File} cannot be read: {FileFailure.ReasonOf(exception)}.");
            return ExitStatus.Failed;
        }

        int exit = options.Api is { } known
            ? Send(options, "PUT", $"/restapis/{Uri.EscapeDataString(known)}?mode=overwrite", document, errors, out WireValue? api)
            : Send(options, "POST", "/restapis?mode=import", document, errors, out api);
        if (exit != ExitStatus.Ok) return exit;
        foreach (string warning in api!.TextsOf("warnings")) errors.WriteLine($"Warning: {warning}");
        string id = api.TextOf("id") ?? "";
        if (options.Stage is { } stage)
        {
            exit = Send(options, "POST", $"/restapis/{Uri.EscapeDataString(id)}/deployments", WireValue.NewObject().Set("stageName", stage).ToBytes(), errors, out _);
            if (exit != ExitStatus.Ok) return exit;
        }

        output.WriteLine(id);
        return ExitStatus.Ok;
    }

    private static int Send(ImportOptions options, string method, string target, byte[] body, TextWriter errors, out WireValue? answer)
    {
        answer = null;
        int exit = AdminCall.Send(options.Sources, options.Timeout, method, target, body, 16 * 1024 * 1024, errors, out int status, out byte[] bytes);
        if (exit != ExitStatus.Ok) return exit;
        if (status is 200 or 201 && WireValue.TryParse(bytes, out answer)) return ExitStatus.Ok;
        errors.WriteLine($"The node answered {status}: {(WireValue.TryParse(bytes, out WireValue? wrong) ? wrong.TextOf("message") : null) ?? Encoding.UTF8.GetString(bytes)}");
        return ExitStatus.Failed;
    }
}
