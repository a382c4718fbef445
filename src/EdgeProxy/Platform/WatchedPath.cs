namespace EdgeProxy.Platform;

/// <summary>Which names in which directories decide what a path leads to.</summary>
internal static class WatchedPath
{
    // As many as the kernel itself follows (path_resolution(7)).
    private const int MostLinks = 40;

    /// <summary>
    /// The (directory, name) pairs to watch for one file: the file's own, and each symbolic link on the way. A link swapped by rename, as
    /// Kubernetes does with the <c>..data</c> of a mounted ConfigMap, changes the file without touching it. A part that does not exist yet is
    /// watched in the last directory that does.
    /// </summary>
    public static IReadOnlyList<(string Directory, string Name)> Of(string path)
    {
        var pairs = new List<(string, string)>();
        var left = new Stack<string>(Parts(path));
        string directory = "/";
        int links = 0;
        while (left.TryPop(out string? name))
        {
            if (name == "..")
            {
                directory = Path.GetDirectoryName(directory) ?? "/";
                continue;
            }

            string full = Path.Combine(directory, name);
            FileSystemInfo entry = new FileInfo(full);
            if (entry.LinkTarget is { } target)
            {
                pairs.Add((directory, name));
                if (++links > MostLinks) break;
                foreach (string part in Parts(target)) left.Push(part);
                if (Path.IsPathRooted(target)) directory = "/";
                continue;
            }

            if (left.Count == 0 || !Directory.Exists(full))
            {
                pairs.Add((directory, name));
                break;
            }

            directory = full;
        }

        return pairs;
    }

    // Last part first, so that the first ends up on top of the stack.
    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();
}
