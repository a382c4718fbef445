using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Records;

public sealed class BookEditTests
{
    [Fact]
    public void What_is_done_to_a_copy_leaves_the_first_as_it_was()
    {
        var edit = new BookEdit(RecordBook.Empty);
        edit.Put("a", "k", "1", WireValue.Of("one"));
        edit.Put("b", "k", "1", WireValue.Of("one"));
        BookEdit copy = edit.Copy();
        copy.Put("a", "k", "2", WireValue.Of("two"));
        copy.Remove("a", "k", "1");
        copy.RemoveScope("b");

        Assert.Equal(["1"], edit.All("a", "k").Select(static record => record.Key));
        Assert.Equal((2, true), (edit.Changes.Count(), edit.Result().ScopeOrNull("b") is not null));
        Assert.Equal(["2"], copy.Result().ScopeOrNull("a")!.All("k").Select(static record => record.Key));
        Assert.Null(copy.Result().ScopeOrNull("b"));
    }

    [Fact]
    public void Sees_its_own_changes_and_leaves_the_book_alone()
    {
        RecordBook book = Book(("s", "k", "b"));
        var edit = new BookEdit(book);
        edit.Put("s", "k", "a", WireValue.NewObject());
        Assert.True(edit.Remove("s", "k", "b"));

        Assert.Equal(["a"], edit.All("s", "k").Select(static record => record.Key));
        Assert.Null(edit.Find("s", "k", "b"));
        Assert.Equal(["b"], book.ScopeOrNull("s")!.All("k").Select(static record => record.Key));
        Assert.Equal(["a"], edit.Result().ScopeOrNull("s")!.All("k").Select(static record => record.Key));
    }

    [Fact]
    public void Tells_each_record_that_changed_once()
    {
        var edit = new BookEdit(Book(("s", "k", "b")));
        edit.Put("s", "k", "a", WireValue.NewObject());
        edit.Put("s", "k", "a", WireValue.NewObject().Set("x", 1));
        edit.Remove("s", "k", "b");
        Assert.Equal(["a:{\"x\":1}", "b:"], edit.Changes.Select(static change => change.Key + ":" + (change.Record is null ? "" : change.Record.Open().ToString())).Order());
    }

    [Fact]
    public void Puts_many_records_in_their_order_among_those_that_are_there()
    {
        var edit = new BookEdit(Book(("s", "k", "b"), ("s", "k", "d")));
        edit.Put("s", "k", "f", WireValue.NewObject());
        edit.PutAll("s", "k", [new("e", "1"u8.ToArray()), new("a", "1"u8.ToArray()), new("d", "1"u8.ToArray()), new("a", "2"u8.ToArray())]);
        Assert.Equal(["a:2", "b:{}", "d:1", "e:1", "f:{}"], edit.Result().ScopeOrNull("s")!.All("k").Select(static record => record.Key + ":" + System.Text.Encoding.UTF8.GetString(record.Json.Span)));
        Assert.Equal(["a", "d", "e", "f"], edit.Changes.Select(static change => change.Key).Order());
    }

    [Fact]
    public void A_scope_that_was_removed_can_be_made_anew()
    {
        var edit = new BookEdit(Book(("s", "k", "a"), ("s", "l", "b"), ("t", "k", "c")));
        edit.RemoveScope("s");
        Assert.Null(edit.ScopeOrNull("s"));
        edit.Put("s", "l", "d", WireValue.NewObject());
        RecordBook result = edit.Result();
        Assert.Equal(["l"], result.ScopeOrNull("s")!.Kinds);
        Assert.Equal(["d"], result.ScopeOrNull("s")!.All("l").Select(static record => record.Key));
        Assert.Equal(["c"], result.ScopeOrNull("t")!.All("k").Select(static record => record.Key));
        Assert.Equal(4 - 1, edit.Changes.Count());
    }

    [Fact]
    public void Finds_scopes_by_what_their_ids_begin_with()
    {
        RecordBook book = Book(("apis/a", "k", "1"), ("restapis/a", "k", "1"), ("restapis/b", "k", "1"), ("usageplans/a", "k", "1"));
        Assert.Equal(["restapis/a", "restapis/b"], book.Below("restapis/").Select(static scope => scope.Id));
        Assert.Equal(0, book.Below("zzz/").Count);
        var edit = new BookEdit(book);
        edit.Put("restapis/aa", "k", "1", WireValue.NewObject());
        Assert.Equal(["restapis/a", "restapis/aa", "restapis/b"], edit.ScopesBelow("restapis/").Select(static scope => scope.Id));
    }

    [Fact]
    public void Is_as_a_dictionary_would_be_over_many_random_changes()
    {
        var random = new Random(1);
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        RecordBook book = RecordBook.Empty;
        for (int round = 0; round < 200; round++)
        {
            var edit = new BookEdit(book);
            for (int i = 0; i < 20; i++)
            {
                string scope = "s" + random.Next(3);
                string kind = "k" + random.Next(2);
                string key = random.Next(30).ToString();
                string place = $"{scope}/{kind}/{key}";
                switch (random.Next(10))
                {
                    case < 6:
                        edit.Put(scope, kind, key, WireValue.NewObject().Set("v", round));
                        expected[place] = $"{{\"v\":{round}}}";
                        break;
                    case < 9:
                        Assert.Equal(expected.Remove(place), edit.Remove(scope, kind, key));
                        break;
                    default:
                        edit.RemoveScope(scope);
                        foreach (string gone in expected.Keys.Where(name => name.StartsWith(scope + "/", StringComparison.Ordinal)).ToArray()) expected.Remove(gone);
                        break;
                }

                if (random.Next(4) == 0) _ = edit.ScopeOrNull(scope);
            }

            book = edit.Result();
            Assert.Equal(expected.Select(static pair => pair.Key + pair.Value).Order(StringComparer.Ordinal), Flat(book).Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<string> Flat(RecordBook book) =>
        from scope in book.Scopes from kind in scope.Kinds from record in scope.All(kind) select $"{scope.Id}/{kind}/{record.Key}{record.Open()}";

    private static RecordBook Book(params (string Scope, string Kind, string Key)[] records) =>
        RecordBook.Of(records.Select(static record => (record.Scope, record.Kind, new EdgeProxy.ControlPlane.Records.Record(record.Key, "{}"u8.ToArray()))));
}
