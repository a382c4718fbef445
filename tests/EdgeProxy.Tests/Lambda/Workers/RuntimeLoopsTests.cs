using EdgeProxy.Lambda.Workers;

namespace EdgeProxy.Tests.Lambda.Workers;

public sealed class RuntimeLoopsTests
{
    [Fact]
    public void What_was_cleaned_up_is_written_again_elsewhere_and_all_of_it_goes_in_the_end()
    {
        string first;
        string second;
        using (var loops = new RuntimeLoops())
        {
            first = loops.Directory;
            Assert.Equal(first, loops.Directory);
            File.Delete(loops.Python);
            Assert.True(File.Exists(loops.Node));
            second = loops.Directory;
            Assert.NotEqual(first, second);
            Assert.True(File.Exists(loops.Python));
            Directory.Delete(first, recursive: true);
        }

        Assert.False(Directory.Exists(first));
        Assert.False(Directory.Exists(second));
    }
}
