namespace EdgeProxy.Core.Text;

/// <summary>Why a file or folder could not be used, for people. The published binary carries no messages of the framework, only names for them.</summary>
public static class FileFailure
{
    // errno of Linux, which .NET gives as HResult where it has no exception of its own for it.
    private const int TryAgain = 11;
    private const int Exists = 17;

    /// <summary>The reason, as the end of a sentence and without the path: what failed is said before it.</summary>
    public static string ReasonOf(Exception exception) => exception switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such folder",
        PathTooLongException => "the path is too long",
        UnauthorizedAccessException => "permission is denied, or it is a folder where a file is expected, or the reverse",
        EndOfStreamException => "it became shorter while it was read",
        IOException { HResult: TryAgain } => "another process has locked it",
        IOException { HResult: Exists } => "something else has that name already",
        _ => exception.Message,
    };
}
