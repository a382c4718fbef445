using System.Text;
using EdgeProxy.ControlPlane.Records;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Records;

public sealed class RecordBookTests
{
    [Fact]
    public void Sorts_records_that_come_in_any_order()
    {
        RecordBook book = Of(("b", "stage", "2"), ("a", "resource", "z"), ("a", "stage", "1"), ("a", "resource", "a"), ("b", "stage", "1"), ("a", "resource", "k"));
        Assert.Equal(["a", "b"], book.Scopes.Select(static scope => scope.Id));
        Assert.Equal(["a", "k", "z"], KeysOf(book, "a", "resource"));
        Assert.Equal(["1"], KeysOf(book, "a", "stage"));
        Assert.Equal(["1", "2"], KeysOf(book, "b", "stage"));
    }

    [Fact]
    public void Takes_the_last_of_those_that_come_twice()
    {
        RecordBook book = Of(("a", "resource", "k"), ("a", "resource", "b"), ("a", "resource", "k"));
        Assert.Equal(["b", "k"], KeysOf(book, "a", "resource"));
        Assert.Equal("2", Encoding.UTF8.GetString(book.Find("a", "resource", "k")!.Json.Span));
    }

    private static IEnumerable<string> KeysOf(RecordBook book, string scope, string kind) => book.All(scope, kind).Select(static record => record.Key);

    // Texts of their own, as a store gives them; the JSON is the number of the record.
    private static RecordBook Of(params (string Scope, string Kind, string Key)[] records) =>
        RecordBook.Of(records.Select(static (record, index) => (new string(record.Scope), new string(record.Kind), new Record(record.Key, Encoding.UTF8.GetBytes($"{index}")))));
}
