using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class HeaderTableTests
{
    private readonly HeaderTable _table = new();

    [Fact]
    public void Keeps_names_as_sent_in_order_and_twice()
    {
        _table.Add("X-b"u8, "1"u8);
        _table.Add("x-A"u8, ""u8);
        _table.Add("X-b"u8, "2"u8);
        Assert.Equal("X-b: 1|x-A: |X-b: 2", Text());
    }

    [Fact]
    public void Finds_a_known_name_whatever_its_case_first_and_last()
    {
        _table.Add("HOST"u8, "a"u8);
        _table.Add("X-Other"u8, "b"u8);
        _table.Add("host"u8, "c"u8);
        Assert.Equal(0, _table.IndexOf(KnownHeader.Host));
        Assert.Equal(2, _table.LastIndexOf(KnownHeader.Host));
        Assert.True(_table.Contains(KnownHeader.Host));
        Assert.Equal(-1, _table.IndexOf(KnownHeader.ContentLength));
        Assert.Equal(-1, _table.LastIndexOf(KnownHeader.ContentLength));
        Assert.False(_table.Contains(KnownHeader.ContentLength));
    }

    [Fact]
    public void Keeps_what_it_has_while_it_grows()
    {
        var expected = new List<string>();
        for (int i = 0; i < 200; i++)
        {
            string name = $"X-{i}";
            string value = new('v', i * 10);
            _table.Add(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
            expected.Add($"{name}: {value}");
        }

        Assert.Equal(200, _table.Count);
        Assert.Equal(string.Join("|", expected), Text());
    }

    [Fact]
    public void Fields_of_a_received_head_point_into_its_copy()
    {
        byte[] head = "GET / HTTP/1.1\r\nHost:  a \r\n\r\n"u8.ToArray();
        _table.TakeBlock(head);
        _table.AddAt(16, 4, 23, 1, KnownHeader.Host);
        head.AsSpan().Clear();
        Assert.Equal("Host: a", Text());
        Assert.Equal("GET", Encoding.ASCII.GetString(_table.Slice(0, 3)));
        Assert.Equal(0, _table.IndexOf(KnownHeader.Host));
    }

    [Fact]
    public void Fields_can_be_added_behind_a_received_head()
    {
        _table.TakeBlock("A:b"u8);
        _table.AddAt(0, 1, 2, 1, KnownHeader.Other);
        _table.Add("C"u8, "d"u8);
        Assert.Equal("A: b|C: d", Text());
    }

    [Fact]
    public void Bytes_of_no_field_stand_between_fields()
    {
        _table.Add("A"u8, "b"u8);
        int start = _table.Append("/path"u8);
        _table.Add("C"u8, "d"u8);
        Assert.Equal("/path", Encoding.ASCII.GetString(_table.Slice(start, 5)));
        Assert.Equal("A: b|C: d", Text());
    }

    [Fact]
    public void Cleared_it_holds_nothing_and_serves_the_next_head_without_memory()
    {
        Fill();
        _table.Clear();
        Assert.Equal((0, 0), (_table.Count, _table.BlockLength));
        Assert.False(_table.Contains(KnownHeader.Host));
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            Fill();
            _table.Clear();
        }));
    }

    private void Fill()
    {
        for (int i = 0; i < 40; i++) _table.Add("Host"u8, "a value that is some forty bytes long, or so"u8);
    }

    private string Text() => string.Join("|", Enumerable.Range(0, _table.Count).Select(
        i => $"{Encoding.ASCII.GetString(_table.Name(i))}: {Encoding.ASCII.GetString(_table.Value(i))}"));
}
