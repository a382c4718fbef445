using EdgeProxy.ControlPlane.Exports.Files;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>What <c>edgeproxy export</c> asks a running node for: which files there would be, and each of the documents. Ours, not the service's.</summary>
internal static class FileExportOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("ExportFiles", "GET /export", 200, "", Files) { IsExtension = true, IsSlow = true },
        new("ExportDocument", "GET /export/{api_id}/{deployment_id}", 200, "", Document) { IsExtension = true, IsSlow = true },
    ];

    private static Reply Files(Call call)
    {
        bool withSecrets = call.IsTrue("secrets");
        if (withSecrets && call.RefuseSecrets() is { } refused) return refused;
        FileExport export = FileExport.Of(call.Book.Before, withSecrets);
        WireValue answer = WireValue.NewObject().Set("settings", System.Text.Encoding.UTF8.GetString(export.Settings));
        WireValue documents = answer.ListAt("documents");
        foreach (ExportedDocument document in export.Documents) documents.Items.Add(WireValue.NewObject().Set("file", document.File).Set("api", document.Api).Set("deployment", document.Deployment));
        if (export.Keys is { } keys) answer.Set("keys", System.Text.Encoding.UTF8.GetString(keys));
        return Reply.Of(answer.Set("notes", WireValue.Of(export.Notes)).Set("missing", WireValue.Of(export.Missing)));
    }

    private static Reply Document(Call call) =>
        FileExport.DocumentOrNull(call.Book.Before, call.Services.Store.FindSnapshot, call.Path("api_id"), call.Path("deployment_id")) is { } document
            ? Reply.File(document, "application/yaml", null)
            : Reply.NotFound("Invalid deployment identifier specified");
}
