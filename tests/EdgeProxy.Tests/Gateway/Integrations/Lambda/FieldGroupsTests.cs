using System.Text;
using EdgeProxy.Gateway.Integrations.Lambda;

namespace EdgeProxy.Tests.Gateway.Integrations.Lambda;

public sealed class FieldGroupsTests
{
    private readonly FieldGroups _groups = new();

    [Fact]
    public void Finds_the_values_of_a_name_in_order()
    {
        Fill(ignoresCase: false, "a=1", "b=2", "a=3", "A=4", "a=5");
        Assert.Equal("a:1,3,5 b:2 A:4", Describe());
        Assert.Equal("5", Text(_groups.Value(_groups.Last(0))));
    }

    [Fact]
    public void Takes_names_that_differ_in_case_for_one_when_told()
    {
        Fill(ignoresCase: true, "aB=1", "Ab=2", "@=3", "`=4");
        Assert.Equal("aB:1,2 @:3 `:4", Describe());
    }

    [Fact]
    public void Forgets_what_was_before()
    {
        Fill(ignoresCase: false, "a=1");
        Fill(ignoresCase: false, "b=1");
        Assert.Equal("b:1", Describe());
    }

    [Fact]
    public void Tells_many_names_apart()
    {
        string[] pairs = [.. Enumerable.Range(0, 6000).Select(i => $"n{i % 3000}={i}")];
        Fill(ignoresCase: false, pairs);
        string[] described = Describe().Split(' ');
        Assert.Equal(3000, described.Length);
        Assert.Equal("n2999:2999,5999", described[^1]);
    }

    private void Fill(bool ignoresCase, params string[] pairs)
    {
        byte[] source = Encoding.ASCII.GetBytes(string.Concat(pairs));
        _groups.Begin(source, ignoresCase);
        int at = 0;
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            _groups.Add(at, equals, at + equals + 1, pair.Length - equals - 1);
            at += pair.Length;
        }
    }

    private string Describe()
    {
        var found = new List<string>();
        for (int i = 0; i < _groups.Count; i++)
        {
            if (!_groups.IsFirst(i)) continue;
            var values = new List<string>();
            for (int value = i; value >= 0; value = _groups.Next(value)) values.Add(Text(_groups.Value(value)));
            found.Add($"{Text(_groups.Name(i))}:{string.Join(',', values)}");
        }

        return string.Join(' ', found);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}
