using System.IO.Hashing;
using System.Text;

namespace EdgeProxy.Control;

/// <summary>Tells one state of a function's code directory from another, so that a reload gives changed code to workers of its own (decision 0067).</summary>
/// <remarks>
/// By names, lengths and times, as build tools do, and by where links lead: code may be large, and a reload must not read all of it. What runtimes write themselves is left out, and
/// below <c>node_modules</c> what packages hold: installing changes which there are.
/// </remarks>
internal static class CodeStamp
{
    /// <summary>Entries that are looked at.</summary>
    public const int MostEntries = 20_000;

    private const int MostDepth = 32;

    /// <summary>The stamp of a directory; 0 when it cannot be read.</summary>
    public static long Of(string directory)
    {
        var hash = new XxHash3();
        int left = MostEntries;
        try
        {
            Add(hash, Directory.ResolveLinkTarget(directory, returnFinalTarget: true)?.FullName ?? "");
            Walk(new DirectoryInfo(directory), isPackages: false, MostDepth, hash, ref left);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0; // whoever needs it says so
        }

        return unchecked((long)hash.GetCurrentHashAsUInt64());
    }

    private static void Walk(DirectoryInfo directory, bool isPackages, int depth, XxHash3 hash, ref int left)
    {
        FileSystemInfo[] entries = directory.GetFileSystemInfos();
        Array.Sort(entries, static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        foreach (FileSystemInfo entry in entries)
        {
            if (entry.Name is "__pycache__" or ".git") continue;
            if (--left < 0) return;
            Add(hash, entry.Name);
            if (entry.LinkTarget is { } target) Add(hash, target);
            if (entry is FileInfo link)
            {
                FileInfo file = link.LinkTarget is null ? link : link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
                Add(hash, file.Exists ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : "");
            }
            else if (!isPackages && depth > 0 && entry.LinkTarget is null) Walk((DirectoryInfo)entry, entry.Name == "node_modules", depth - 1, hash, ref left);
            else Add(hash, $"{entry.LastWriteTimeUtc.Ticks}");
        }
    }

    private static void Add(XxHash3 hash, string text)
    {
        hash.Append(Encoding.UTF8.GetBytes(text));
        hash.Append("\n"u8);
    }
}
