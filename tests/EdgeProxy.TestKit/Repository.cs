namespace EdgeProxy.TestKit;

/// <summary>Where the checkout is that the running tests were built from.</summary>
public static class Repository
{
    /// <summary>The directory that holds <c>EdgeProxy.sln</c>.</summary>
    /// <exception cref="InvalidOperationException">The test assembly was moved out of the checkout.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder given relative to the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "EdgeProxy.sln"))) return folder;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds EdgeProxy.sln.");
    }
}
