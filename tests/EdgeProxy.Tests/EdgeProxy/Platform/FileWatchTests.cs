using System.Runtime.InteropServices;
using EdgeProxy.Platform;

namespace EdgeProxy.Tests.Process.Platform;

public sealed partial class FileWatchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-watch-").FullName;
    private readonly SemaphoreSlim _changes = new(0);
    private readonly FileWatch _watch;

    public FileWatchTests() => _watch = new FileWatch(() => _changes.Release(), quietMilliseconds: 20);

    public void Dispose()
    {
        _watch.Dispose();
        Directory.Delete(_directory, recursive: true);
        _changes.Dispose();
    }

    [Fact]
    public async Task Sees_a_file_written_in_place()
    {
        string file = Write("a", "1");
        _watch.Watch([file]);
        File.WriteAllText(file, "2");
        await ChangedAsync();
    }

    [Fact]
    public async Task Sees_a_file_replaced_by_rename_each_time()
    {
        string file = Write("a", "1");
        _watch.Watch([file]);
        for (int i = 2; i < 5; i++)
        {
            File.Move(Write("a.new", $"{i}"), file, overwrite: true);
            await ChangedAsync();
        }
    }

    [Fact]
    public async Task Sees_the_directory_link_of_a_mounted_ConfigMap_swapped()
    {
        // As the kubelet does: file -> ..data/file, ..data -> ..1, and ..data is replaced by a rename.
        Write("..1/a", "1");
        Write("..2/a", "2");
        string file = Path.Combine(_directory, "a");
        File.CreateSymbolicLink(Path.Combine(_directory, "..data"), "..1");
        File.CreateSymbolicLink(file, "..data/a");
        _watch.Watch([file]);
        string swap = Path.Combine(_directory, "..data_tmp");
        File.CreateSymbolicLink(swap, "..2");
        Assert.Equal(0, Rename(swap, Path.Combine(_directory, "..data"))); // File.Move follows the links
        await ChangedAsync();

        // And the new target is watched from then on.
        File.WriteAllText(Path.Combine(_directory, "..2/a"), "3");
        await ChangedAsync();
    }

    [Fact]
    public async Task Sees_a_file_that_did_not_exist_in_a_directory_that_did_not_either()
    {
        string file = Path.Combine(_directory, "later/on/a");
        _watch.Watch([file]);
        Write("later/on/a", "1");
        await ChangedAsync();
    }

    [Fact]
    public async Task Sees_what_comes_to_a_folder_and_what_leaves_it()
    {
        string folder = Path.Combine(_directory, "certificates");
        _watch.Watch([], [folder]);
        Directory.CreateDirectory(folder);
        await ChangedAsync();
        Write("certificates/a", "1");
        await ChangedAsync();
        File.Delete(Path.Combine(folder, "a"));
        await ChangedAsync();
    }

    [Fact]
    public async Task What_a_file_of_a_folder_holds_matters_only_where_the_file_is_watched_too()
    {
        string watched = Write("certificates/a", "1");
        string other = Write("certificates/b", "1");
        _watch.Watch([watched], [Path.Combine(_directory, "certificates")]);
        File.WriteAllText(other, "2");
        File.WriteAllText(watched, "2");
        await ChangedAsync();
        Assert.Equal(0, _changes.CurrentCount);
    }

    [Fact]
    public async Task The_same_content_again_and_other_files_are_no_change()
    {
        string file = Write("a", "1");
        _watch.Watch([file]);
        Write("b", "x");
        File.WriteAllText(file, "1");
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);

        // Whatever these would have caused comes before what this causes.
        File.WriteAllText(file, "2");
        await ChangedAsync();
        Assert.Equal(0, _changes.CurrentCount);
    }

    [Fact]
    public async Task Files_watched_no_longer_are_no_change()
    {
        string first = Write("a", "1");
        string second = Write("b", "1");
        _watch.Watch([first]);
        _watch.Watch([second]);
        File.WriteAllText(first, "2");
        File.WriteAllText(second, "2");
        await ChangedAsync();
        Assert.Equal(0, _changes.CurrentCount);
    }

    [Fact]
    public void Every_link_on_the_way_is_watched()
    {
        Write("real/a", "1");
        string link = Path.Combine(_directory, "link");
        File.CreateSymbolicLink(link, "./real/../real");
        File.CreateSymbolicLink(Path.Combine(_directory, "real/b"), Path.Combine(_directory, "real/a"));
        Assert.Equal([(_directory, "link"), (Path.Combine(_directory, "real"), "b"), (Path.Combine(_directory, "real"), "a")], WatchedPath.Of(Path.Combine(link, "b")));
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        File.CreateSymbolicLink(Path.Combine(_directory, "x"), "y");
        File.CreateSymbolicLink(Path.Combine(_directory, "y"), "x");
        Assert.NotEmpty(WatchedPath.Of(Path.Combine(_directory, "x")));
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    private async Task ChangedAsync() => Assert.True(await _changes.WaitAsync(TimeSpan.FromSeconds(20)), "no change was seen");
}
