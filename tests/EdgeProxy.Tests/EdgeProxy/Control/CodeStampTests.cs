using EdgeProxy.Control;

namespace EdgeProxy.Tests.Process.Control;

public sealed class CodeStampTests : IDisposable
{
    private readonly Workspace _work = new();
    private readonly string _code;
    private DateTime _time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public CodeStampTests()
    {
        _code = Path.Combine(_work.Folder, "code");
        Write("index.js", "one");
        Write("lib/deep/part.js", "one");
        Write("node_modules/left-pad/index.js", "one");
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Is_the_same_for_what_did_not_change()
    {
        long before = CodeStamp.Of(_code);
        Assert.NotEqual(0, before);
        Write("__pycache__/index.cpython-312.pyc", "compiled");
        Write("node_modules/left-pad/cache.txt", "one");
        Directory.SetLastWriteTimeUtc(Path.Combine(_code, "node_modules", "left-pad"), _time.AddDays(-9));
        long again = CodeStamp.Of(_code);
        Directory.SetLastWriteTimeUtc(Path.Combine(_code, "node_modules", "left-pad"), _time.AddDays(-9));
        Assert.Equal(again, CodeStamp.Of(_code));
        Directory.Delete(Path.Combine(_code, "__pycache__"), recursive: true);
        Assert.Equal(again, CodeStamp.Of(_code));
    }

    [Fact]
    public void Is_another_for_each_change_of_code()
    {
        var seen = new HashSet<long>();
        Assert.True(seen.Add(CodeStamp.Of(_code)));
        Write("index.js", "two");
        Assert.True(seen.Add(CodeStamp.Of(_code)));
        Write("lib/deep/part.js", "longer");
        Assert.True(seen.Add(CodeStamp.Of(_code)));
        Write("new.js", "");
        Assert.True(seen.Add(CodeStamp.Of(_code)));
        File.Move(Path.Combine(_code, "new.js"), Path.Combine(_code, "other.js"));
        Assert.True(seen.Add(CodeStamp.Of(_code)));
        File.Delete(Path.Combine(_code, "other.js"));
        Write("node_modules/is-odd/index.js", "one");
        Assert.True(seen.Add(CodeStamp.Of(_code)));
    }

    [Fact]
    public void What_a_linked_file_holds_is_code_too()
    {
        string shared = Path.Combine(_work.Folder, "shared.js");
        File.WriteAllText(shared, "one");
        File.CreateSymbolicLink(Path.Combine(_code, "shared.js"), shared);
        long before = CodeStamp.Of(_code);
        Assert.Equal(before, CodeStamp.Of(_code));
        File.WriteAllText(shared, "longer");
        Assert.NotEqual(before, CodeStamp.Of(_code));

        // One that leads nowhere is no reason to fail.
        File.Delete(shared);
        Assert.NotEqual(0, CodeStamp.Of(_code));
    }

    [Fact]
    public void A_link_that_leads_elsewhere_is_a_change()
    {
        string link = Path.Combine(_work.Folder, "current");
        string copy = Path.Combine(_work.Folder, "copy");
        foreach (string folder in new[] { "a", "b" }) Directory.CreateDirectory(Path.Combine(copy, folder));
        Directory.CreateSymbolicLink(link, Path.Combine(copy, "a"));
        long before = CodeStamp.Of(link);
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, Path.Combine(copy, "b"));
        Assert.NotEqual(before, CodeStamp.Of(link));
    }

    [Fact]
    public void A_directory_that_is_none_has_no_stamp() => Assert.Equal(0, CodeStamp.Of(Path.Combine(_code, "nowhere")));

    private void Write(string name, string content)
    {
        string path = Path.Combine(_code, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, _time = _time.AddSeconds(1));
    }
}
