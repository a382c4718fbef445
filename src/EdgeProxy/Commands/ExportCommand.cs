using System.Text;
using EdgeProxy.ControlPlane.Exports.Files;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy export DIR</c>: writes files that serve what a store serves, asking the node that has it, or reading the store of one that does not run.</summary>
internal static class ExportCommand
{
    // A million keys are a hundred megabytes.
    private const int MostAnswer = 1 << 30;

    private const UnixFileMode OfTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static int Run(ExportOptions options, TextWriter output, TextWriter errors)
    {
        try
        {
            return options.Data is { } data ? FromStore(options, data, output, errors) : FromNode(options, output, errors);
        }
        catch (StoreException exception)
        {
            errors.WriteLine(exception.Message);
            return ExitStatus.Failed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"{options.Folder} cannot be written to: {FileFailure.ReasonOf(exception)}.");
            return ExitStatus.Failed;
        }
    }

    private static int FromStore(ExportOptions options, string data, TextWriter output, TextWriter errors)
    {
        using SqliteStore store = SqliteStore.OpenToRead(data);
        using var records = new SqliteRecordStore(store) { OnlyReads = true };
        RecordBook book = records.Load();
        FileExport export = FileExport.Of(book, options.WithSecrets);
        foreach (ExportedDocument document in export.Documents)
        {
            if (FileExport.DocumentOrNull(book, records.FindSnapshot, document.Api, document.Deployment) is not { } text)
            {
                errors.WriteLine($"What the deployment {document.Deployment} of the API {document.Api} froze is not in the store.");
                return ExitStatus.Failed;
            }

            if (!TryWrite(options.Folder, document.File, text, isSecret: false, errors)) return ExitStatus.Failed;
        }

        if (export.Keys is { } keys && !TryWrite(options.Folder, FileExport.KeysFile, keys, isSecret: true, errors)) return ExitStatus.Failed;
        return Finish(options, export.Settings, export.Documents.Count, export.Notes, export.Missing, output, errors);
    }

    private static int FromNode(ExportOptions options, TextWriter output, TextWriter errors)
    {
        int exit = Ask(options, options.WithSecrets ? "/export" + AdminHead.SecretsQuery : "/export", errors, out byte[] body);
        if (exit != ExitStatus.Ok) return exit;
        if (!WireValue.TryParse(body, out WireValue? export) || export.TextOf("settings") is not { } settings)
        {
            errors.WriteLine("What answered told something that is no export: is it the admin listener of a node?");
            return ExitStatus.Failed;
        }

        IReadOnlyList<WireValue> documents = export["documents"]?.Items ?? [];
        foreach (WireValue document in documents)
        {
            exit = Ask(options, $"/export/{Uri.EscapeDataString(document.TextOf("api") ?? "")}/{Uri.EscapeDataString(document.TextOf("deployment") ?? "")}", errors, out body);
            if (exit != ExitStatus.Ok) return exit;
            if (!TryWrite(options.Folder, document.TextOf("file") ?? "", body, isSecret: false, errors)) return ExitStatus.Failed;
        }

        if (export.TextOf("keys") is { } keys && !TryWrite(options.Folder, FileExport.KeysFile, Encoding.UTF8.GetBytes(keys), isSecret: true, errors)) return ExitStatus.Failed;
        return Finish(options, Encoding.UTF8.GetBytes(settings), documents.Count, export.TextsOf("notes"), export.TextsOf("missing"), output, errors);
    }

    private static int Ask(ExportOptions options, string target, TextWriter errors, out byte[] body)
    {
        int exit = AdminCall.Send(options.Sources, options.Timeout, "GET", target, default, MostAnswer, errors, out int status, out body);
        if (exit != ExitStatus.Ok || status == 200) return exit;
        return AdminCall.TellRefused(errors, status, body);
    }

    // The settings come last, so that an export that broke off is none that could be run.
    private static int Finish(ExportOptions options, byte[] settings, int documents, IReadOnlyList<string> notes, IReadOnlyList<string> missing, TextWriter output, TextWriter errors)
    {
        if (!TryWrite(options.Folder, FileExport.SettingsFile, settings, isSecret: false, errors)) return ExitStatus.Failed;
        foreach (string note in notes) errors.WriteLine($"Not written: {note}");
        output.WriteLine($"{documents} documents and {FileExport.SettingsFile} are in {options.Folder}.");
        foreach (string api in missing) errors.WriteLine($"Cannot be exported: {api}");
        return missing.Count == 0 ? ExitStatus.Ok : ExitStatus.Failed;
    }

    private static bool TryWrite(string folder, string name, byte[] content, bool isSecret, TextWriter errors)
    {
        // Whoever answered has no business outside of the folder.
        if (name.Length == 0 || name[0] == '.' || Path.GetFileName(name) != name)
        {
            errors.WriteLine($"A file was to be named \"{name}\", which is no name for one here.");
            return false;
        }

        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            errors.WriteLine($"{path} is there already. Name an empty folder.");
            return false;
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isSecret) options.UnixCreateMode = OfTheOwner;
        using var file = new FileStream(path, options);
        file.Write(content);
        return true;
    }
}
