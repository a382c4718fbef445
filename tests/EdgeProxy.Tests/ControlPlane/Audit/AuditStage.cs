using System.Text;
using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.ControlPlane.Audit;

/// <summary>The management API over a store in memory, with its audit. What waits is noted down when a test says so.</summary>
internal sealed class AuditStage : IDisposable
{
    private readonly SqliteRecordStore _records;
    private readonly AccessLog? _lines;

    public AuditStage(AuditOptions? options = null, string? path = null)
    {
        Metrics = new MetricRegistry(stripes: 1);
        Store = SqliteStore.InMemory();
        Audit = new SqliteAuditStore(Store);
        _records = new SqliteRecordStore(Store, null, Audit);
        if (path is not null) _lines = new AccessLog(1, new AccessLogOptions { Path = path, Kind = "audit" }, new LogMetrics(Metrics), NullLogger.Instance);
        Trail = new AuditTrail(Audit, options ?? new AuditOptions(100_000, 10_000), _lines, new AuditMetrics(Metrics), NullLogger.Instance);
        var services = new ManagementServices { Store = _records, Publisher = new RecordingPublisher(), Audit = Trail };
        Api = new ManagementApi(new OperationTable([.. OperationList.All, Test]), _records.Load(), services, new ManagementOptions(), Clock);
    }

    public SettableClock Clock { get; } = new();

    public MetricRegistry Metrics { get; }

    public SqliteStore Store { get; }

    public SqliteAuditStore Audit { get; }

    public AuditTrail Trail { get; }

    public ManagementApi Api { get; }

    private static Operation Test { get; } = new("TestNothing", "POST /test", 200, "", static _ => Reply.Of(WireValue.NewObject())) { IsTest = true };

    public (int Status, WireValue Json) Call(string target, string body = "", string key = "OPERATOR")
    {
        Reply reply = Api.Answer(RequestOf(target, body, key), out int status);
        return (status, WireValue.TryParse(reply.Body.Span, out WireValue? json) ? json : WireValue.NewObject());
    }

    public static ManagementRequest RequestOf(string target, string body = "", string key = "OPERATOR")
    {
        string[] parts = target.Split(' ', '?');
        return new ManagementRequest(parts[0], parts[1], parts.Length > 2 ? parts[2] : "", Encoding.UTF8.GetBytes(body))
        {
            RequestId = "11111111-2222-4333-8444-555555555555",
            AccessKeyId = key,
            ClientAddress = "192.0.2.7",
            UserAgent = "aws-cli/2.9",
            TlsVersion = "TLSv1.3",
            CipherSuite = "TLS_AES_128_GCM_SHA256",
            Host = "edge.example:9080",
        };
    }

    /// <summary>All records there are, the newest first.</summary>
    public List<WireValue> Records()
    {
        Trail.Save();
        return Trail.Find(new AuditQuestion { Limit = 500, MostBytes = int.MaxValue }, out _).ConvertAll(static record => WireValue.Parse(record));
    }

    public string? ProblemOf(AuditTrailKind trail) => Trail.Verify(trail).Problem;

    public void CloseLines() => _lines?.FlushAndStop(TimeSpan.FromSeconds(10));

    public void Dispose()
    {
        _lines?.Dispose();
        Audit.Dispose();
        _records.Dispose();
        Store.Dispose();
    }
}
