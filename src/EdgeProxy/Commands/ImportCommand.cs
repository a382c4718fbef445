using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
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

        if (options.Type == "http" || (options.Type is null && SaysHttp(options.File, document))) return ImportHttp(options, document, output, errors);
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

    // What exports of HTTP APIs carry, the service's among them.
    private static bool SaysHttp(string file, byte[] document)
    {
        if (DocumentReader.Read(file, document, new ProblemList(), int.MaxValue) is not { IsMapping: true } root) return false;
        if (root.Find("x-edgeproxy-api-type") is { IsScalar: true } type) return type.Text.Equals("HTTP", StringComparison.OrdinalIgnoreCase);
        return (root.Find("x-amazon-apigateway-importexport-version") ?? root.Find("x-amazon-apigateway-cors")) is not null;
    }

    // Deploys by itself where the stage does, and makes the stage where it is not there yet.
    private static int ImportHttp(ImportOptions options, byte[] document, TextWriter output, TextWriter errors)
    {
        string target = options.Api is { } known ? $"/v2/apis/{Uri.EscapeDataString(known)}" : "/v2/apis";
        int exit = Send(options, "PUT", target, WireValue.NewObject().Set("body", Encoding.UTF8.GetString(document)).ToBytes(), errors, out WireValue? api);
        if (exit != ExitStatus.Ok) return exit;
        foreach (string warning in api!.TextsOf("warnings")) errors.WriteLine($"Warning: {warning}");
        foreach (string ignored in api.TextsOf("importInfo")) errors.WriteLine($"Ignored: {ignored}");
        string id = api.TextOf("apiId") ?? "";
        if (options.Stage is { } stage)
        {
            string stages = $"/v2/apis/{Uri.EscapeDataString(id)}/stages";
            exit = AdminCall.Send(options.Sources, options.Timeout, "GET", $"{stages}/{Uri.EscapeDataString(stage)}", default, AdminCall.MostLargeBytes, errors, out int status, out byte[] found);
            if (exit != ExitStatus.Ok) return exit;
            if (status == 404) exit = Send(options, "POST", stages, WireValue.NewObject().Set("stageName", stage).ToBytes(), errors, out _);
            else if (status != 200) return AdminCall.TellRefused(errors, status, found);
            bool deploysItself = status == 200 && WireValue.TryParse(found, out WireValue? there) && there.IsTrueOf("autoDeploy");
            if (exit == ExitStatus.Ok && !deploysItself) exit = Send(options, "POST", $"/v2/apis/{Uri.EscapeDataString(id)}/deployments", WireValue.NewObject().Set("stageName", stage).ToBytes(), errors, out _);
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
        return AdminCall.TellRefused(errors, status, bytes);
    }
}
