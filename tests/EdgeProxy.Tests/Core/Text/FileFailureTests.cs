using EdgeProxy.Core.Text;

namespace EdgeProxy.Tests.Core.Text;

public sealed class FileFailureTests
{
    private static readonly string Folder = AppContext.BaseDirectory;

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_so()
    {
        Assert.Equal("there is no such file", ReasonOf(() => File.ReadAllBytes(Path.Combine(Folder, "none"))));
        Assert.Equal("there is no such folder", ReasonOf(() => File.ReadAllBytes(Path.Combine(Folder, "none", "below"))));
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_told()
    {
        Assert.Contains("a folder where a file is expected", ReasonOf(() => File.ReadAllBytes(Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_the_name_already_is_told()
    {
        Assert.Equal("something else has that name already", ReasonOf(() => Directory.CreateDirectory(typeof(FileFailureTests).Assembly.Location)));
    }

    [Fact]
    public void The_words_of_anything_else_are_its_own()
    {
        Assert.Equal("No space left on device", FileFailure.ReasonOf(new IOException("No space left on device", 28)));
    }

    private static string ReasonOf(Action use)
    {
        try
        {
            use();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileFailure.ReasonOf(exception);
        }

        return "nothing failed";
    }
}
