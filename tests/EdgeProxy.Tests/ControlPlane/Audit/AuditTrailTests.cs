using System.Security.Cryptography;
using System.Text;
using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.ControlPlane.Stores;

namespace EdgeProxy.Tests.ControlPlane.Audit;

public sealed class AuditTrailTests : IDisposable
{
    private const string Create = """{"name":"a"}""";

    private readonly AuditStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Notes_a_change_down_with_what_it_changed()
    {
        _stage.Call("POST /restapis", Create);
        WireValue record = WireValue.Parse(Assert.Single(_stage.Trail.Find(new AuditQuestion(), out _)));
        Assert.Equal("CreateRestApi", record.TextOf("eventName"));
        Assert.Equal("a", record["responseElements"]!.TextOf("name"));
    }

    [Fact]
    public void Keeps_neither_a_change_nor_what_is_told_of_it_when_there_is_no_room()
    {
        _stage.Call("POST /restapis", Create);
        _stage.Store.Database.Run("PRAGMA max_page_count = 16");
        Assert.Equal(503, _stage.Call("POST /restapis", $$"""{"name":"b","description":"{{new string('x', 400_000)}}"}""").Status);
        Assert.Equal(1, _stage.Store.Database.NumberOf("SELECT count(*) FROM audit"));
        _stage.Store.Database.Run("PRAGMA max_page_count = 100000");
        _stage.Call("POST /restapis", Create);
        List<WireValue> records = _stage.Records();
        Assert.Equal(["CreateRestApi", "CreateRestApi", "CreateRestApi"], records.Select(record => record.TextOf("eventName")));
        Assert.Single(records, record => record.TextOf("errorCode") == "ServiceUnavailableException");
        Assert.Null(_stage.ProblemOf(AuditTrailKind.Changes));
        Assert.Null(_stage.ProblemOf(AuditTrailKind.Reads));
    }

    [Fact]
    public void Notes_reads_and_refusals_down_a_moment_later()
    {
        _stage.Call("GET /restapis");
        _stage.Call("GET /restapis/none");
        _stage.Call("POST /restapis", "{}");
        Assert.Equal(0, _stage.Store.Database.NumberOf("SELECT count(*) FROM audit"));
        Assert.Equal(["ValidationException", "NotFoundException", null], _stage.Records().Select(record => record.TextOf("errorCode")));
    }

    [Fact]
    public void Notes_down_who_had_no_right()
    {
        _stage.Api.NoteRefused(AuditStage.RequestOf("DELETE /restapis/abc", key: "READER"), "AccessDeniedException", "may read only");
        _stage.Api.NoteRefused(AuditStage.RequestOf("GET /nothing/here"), "AccessDeniedException", "may read only");
        WireValue record = Assert.Single(_stage.Records());
        Assert.Equal("DeleteRestApi", record.TextOf("eventName"));
        Assert.Equal("AccessDeniedException", record.TextOf("errorCode"));
        Assert.Equal("READER", record["userIdentity"]!.TextOf("accessKeyId"));
    }

    [Fact]
    public void Notes_no_test_calls_down_and_nothing_that_is_no_operation()
    {
        Assert.Equal(200, _stage.Call("POST /test").Status);
        Assert.Equal(404, _stage.Call("POST /restapis/x/y/z").Status);
        Assert.Empty(_stage.Records());
    }

    [Fact]
    public void Drops_and_counts_what_finds_no_room_in_the_buffer()
    {
        using var stage = new AuditStage(new AuditOptions(100_000, Buffer: 3));
        for (int i = 0; i < 5; i++) stage.Call("GET /restapis");
        Assert.Equal(3, stage.Records().Count);
        Assert.Equal(2, MetricText.Value(stage.Metrics, "edgeproxy_audit_dropped_total"));
        stage.Call("GET /restapis");
        Assert.Equal(4, stage.Records().Count);
        Assert.Equal(4, MetricText.Value(stage.Metrics, "edgeproxy_audit_records_total"));
    }

    [Fact]
    public void Tries_again_what_could_not_be_noted_down()
    {
        using var stage = new AuditStage(new AuditOptions(100_000, Buffer: 300));
        stage.Call("GET /restapis");
        stage.Trail.Save();
        stage.Store.Database.Run("PRAGMA max_page_count = 14");
        for (int i = 0; i < 300; i++) stage.Call("GET /restapis");
        stage.Trail.Save();
        for (int i = 0; i < 10; i++) stage.Call("GET /restapis/x");
        stage.Trail.Save();
        Assert.Equal(2, MetricText.Value(stage.Metrics, "edgeproxy_audit_failures_total"));
        stage.Store.Database.Run("PRAGMA max_page_count = 100000");
        Assert.Equal(301, stage.Records().Count(record => record.TextOf("eventName") == "GetRestApis"));
        Assert.Equal(10, MetricText.Value(stage.Metrics, "edgeproxy_audit_dropped_total"));
        Assert.Null(stage.ProblemOf(AuditTrailKind.Reads));
    }

    [Fact]
    public void Keeps_so_many_of_each_chain_and_the_chain_stays_whole()
    {
        using var stage = new AuditStage(new AuditOptions(MaxRecords: 10, 10_000));
        stage.Call("POST /restapis", Create);
        for (int i = 0; i < 25; i++)
        {
            stage.Call("GET /restapis");
            stage.Trail.Save();
        }

        List<WireValue> records = stage.Records();
        Assert.Equal(11, records.Count);
        Assert.Equal("CreateRestApi", records[^1].TextOf("eventName"));
        AuditFinding reads = stage.Trail.Verify(AuditTrailKind.Reads);
        Assert.Equal((16, 25, null), (reads.First, reads.Last, reads.Problem));
        Assert.Null(stage.ProblemOf(AuditTrailKind.Changes));
        stage.Store.Database.Run("DELETE FROM audit WHERE trail = 1 AND sequence = 16");
        Assert.Contains("16 is missing", stage.ProblemOf(AuditTrailKind.Reads), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), 'GetRestApis', 'GetAccounts') AS BLOB) WHERE trail = 1 AND sequence = 4", "5 does not follow")]
    [InlineData("UPDATE audit SET record = CAST(replace(CAST(record AS TEXT), 'GetRestApis', 'GetAccounts') AS BLOB) WHERE trail = 1 AND sequence = 9", "last record, 9, was changed")]
    [InlineData("UPDATE audit SET record = x'00' WHERE trail = 1 AND sequence = 1", "1 was changed")]
    [InlineData("DELETE FROM audit WHERE trail = 1 AND sequence = 1", "1 is missing")]
    [InlineData("DELETE FROM audit WHERE trail = 1 AND sequence = 5", "5 is missing")]
    [InlineData("DELETE FROM audit WHERE trail = 1 AND sequence = 9", "9 is missing")]
    [InlineData("DELETE FROM audit WHERE trail = 1 AND sequence = 5; UPDATE audit SET sequence = sequence - 1 WHERE trail = 1 AND sequence > 5", "5 does not follow")]
    [InlineData("UPDATE audit SET sequence = 100 WHERE trail = 1 AND sequence = 3; UPDATE audit SET sequence = 3 WHERE trail = 1 AND sequence = 4; UPDATE audit SET sequence = 4 WHERE trail = 1 AND sequence = 100", "3 does not follow")]
    [InlineData("UPDATE audit SET event = 'GetAccount' WHERE trail = 1 AND sequence = 5", "5 is not found by what it says")]
    [InlineData("UPDATE audit SET user = 'somebody' WHERE trail = 1 AND sequence = 5", "5 is not found by what it says")]
    [InlineData("UPDATE audit SET user = '' WHERE trail = 1 AND sequence = 5", "5 is not found by what it says")]
    [InlineData("UPDATE audit SET time = time + 1000 WHERE trail = 1 AND sequence = 5", "5 is not found by what it says")]
    [InlineData("UPDATE audit SET time = 9223372036854775807 WHERE trail = 1 AND sequence = 9", "9 is not found by what it says")]
    [InlineData("INSERT INTO audit (trail, sequence, time, event, user, record) SELECT trail, 10, time, event, user, record FROM audit WHERE trail = 1 AND sequence = 9", "more records")]
    public void Finds_a_record_that_was_changed_removed_moved_or_added(string statements, string problem)
    {
        for (int i = 0; i < 9; i++) _stage.Call("GET /restapis");
        _stage.Trail.Save();
        Assert.Null(_stage.ProblemOf(AuditTrailKind.Reads));
        foreach (string statement in statements.Split(';')) _stage.Store.Database.Run(statement);
        Assert.Contains(problem, _stage.ProblemOf(AuditTrailKind.Reads), StringComparison.Ordinal);
        Assert.Null(_stage.ProblemOf(AuditTrailKind.Changes));
    }

    [Fact]
    public void Verifies_more_records_than_one_step_takes()
    {
        using var stage = new AuditStage(new AuditOptions(MaxRecords: 4500, 10_000));
        for (int i = 0; i < 5000; i++) stage.Call("GET /restapis");
        stage.Trail.Save();
        AuditFinding finding = stage.Trail.Verify(AuditTrailKind.Reads);
        Assert.Equal((501, 5000, null), (finding.First, finding.Last, finding.Problem));
        stage.Store.Database.Run("DELETE FROM audit WHERE sequence = 4711");
        Assert.Contains("4711 is missing", stage.ProblemOf(AuditTrailKind.Reads), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_lines_that_prove_their_order_by_themselves()
    {
        using var directory = new DataDirectory();
        Directory.CreateDirectory(directory.Path);
        string file = Path.Combine(directory.Path, "audit.log");
        using (var stage = new AuditStage(path: file))
        {
            stage.Call("POST /restapis", Create);
            stage.Call("GET /restapis");
            stage.Call("POST /restapis", Create);
            stage.Trail.Save();
            stage.CloseLines();
        }

        string[] lines = File.ReadAllLines(file);
        Assert.Equal(["changes 1", "changes 2", "reads 1"], lines.Select(line => WireValue.Parse(Encoding.UTF8.GetBytes(line))["additionalEventData"]!).Select(end => $"{end.TextOf("trail")} {end.NumberOf("sequence")}").Order(StringComparer.Ordinal));
        string second = lines.Single(line => line.Contains("\"trail\":\"changes\",\"sequence\":2", StringComparison.Ordinal));
        string first = lines.Single(line => line.Contains("\"trail\":\"changes\",\"sequence\":1", StringComparison.Ordinal));
        Assert.EndsWith($"\"previousHash\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first)))}\"}}}}", second, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_with_the_chain_after_a_restart()
    {
        using var directory = new DataDirectory();
        for (int i = 1; i <= 3; i++)
        {
            using SqliteStore store = SqliteStore.Open(directory.Path, waitMilliseconds: 0);
            using var audit = new SqliteAuditStore(store);
            audit.Save([new AuditEntry(AuditTrailKind.Reads, DateTimeOffset.UnixEpoch, "GetAccount", "", """{"eventTime":"1970-01-01T00:00:00Z","eventName":"GetAccount"}"""u8[..^1].ToArray())], 100);
            AuditFinding finding = audit.Verify(AuditTrailKind.Reads);
            Assert.Equal((1, i, null), (finding.First, finding.Last, finding.Problem));
        }
    }
}
