using EdgeProxy.Compiler.Problems;
using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Finds the certificates of a folder (<c>tls.certificatesFolder</c>) by their names.</summary>
/// <remarks>
/// <code>
///   name.crt + name.key        name.pem + name.key        name.pem alone, with the key inside        name.ocsp beside each
///   name/fullchain.pem + name/privkey.pem, as certbot lays them        name/tls.crt + name/tls.key        name/ocsp.der beside each
/// </code>
/// What begins with a dot is not looked at: Kubernetes keeps the versions of a mounted secret under such names.
/// </remarks>
internal static class CertificateFolder
{
    private const int MostEntries = 20_000;

    private static readonly (string Certificate, string Key)[] s_pairsInFolders = [("fullchain.pem", "privkey.pem"), ("tls.crt", "tls.key")];

    /// <summary>The certificates, by name. A folder that cannot be read, and a certificate or key alone, are problems.</summary>
    public static IReadOnlyList<CertificateSettings> Find(string folder, Origin? origin, ProblemList problems)
    {
        List<string> entries;
        try
        {
            entries = [.. Directory.EnumerateFileSystemEntries(folder).Where(entry => Path.GetFileName(entry)[0] != '.').Take(MostEntries + 1).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Error(ProblemCode.UnreadableFile, origin, $"The folder {folder} cannot be read: {FileFailure.ReasonOf(exception)}.");
            return [];
        }

        if (entries.Count > MostEntries)
        {
            problems.Error(ProblemCode.TooLarge, origin, $"The folder {folder} has more than {MostEntries} entries. Split it, or name the certificates one by one.");
            return [];
        }

        var found = new List<CertificateSettings>();
        var names = new HashSet<string>(entries, StringComparer.Ordinal);
        foreach (string entry in entries)
        {
            if (Directory.Exists(entry)) AddOfFolder(entry, found);
            else AddOfFile(entry, names, found, origin, problems);
        }

        return found;
    }

    /// <summary>The folder and those in it: where a certificate may appear.</summary>
    public static IReadOnlyList<string> FoldersOf(string folder)
    {
        try
        {
            return [folder, .. Directory.EnumerateDirectories(folder).Where(entry => Path.GetFileName(entry)[0] != '.').Take(MostEntries)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [folder];
        }
    }

    private static void AddOfFolder(string folder, List<CertificateSettings> found)
    {
        foreach ((string certificate, string key) in s_pairsInFolders)
        {
            string file = Path.Combine(folder, certificate);
            string keyFile = Path.Combine(folder, key);
            if (!File.Exists(file) || !File.Exists(keyFile)) continue;
            found.Add(new CertificateSettings(file, keyFile, OrNull(Path.Combine(folder, "ocsp.der")), Arn: null, Origin: null));
            return;
        }
    }

    private static void AddOfFile(string file, HashSet<string> names, List<CertificateSettings> found, Origin? origin, ProblemList problems)
    {
        string stem = Path.ChangeExtension(file, null);
        string key = stem + ".key";
        switch (Path.GetExtension(file))
        {
            case ".crt":
                if (names.Contains(key)) found.Add(new CertificateSettings(file, key, OrNull(stem + ".ocsp"), Arn: null, Origin: null));
                else problems.Error(ProblemCode.Missing, origin, $"{file} has no key: there is no {key}. Add it, or take the certificate out of the folder.");
                break;
            case ".pem" when !names.Contains(stem + ".crt"):
                found.Add(new CertificateSettings(file, names.Contains(key) ? key : file, OrNull(stem + ".ocsp"), Arn: null, Origin: null));
                break;
            case ".key" when !names.Contains(stem + ".crt") && !names.Contains(stem + ".pem"):
                problems.Error(ProblemCode.Missing, origin, $"{file} has no certificate: there is neither {stem}.crt nor {stem}.pem. Add it, or take the key out of the folder.");
                break;
        }
    }

    private static string? OrNull(string file) => File.Exists(file) ? file : null;
}
