using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Audit;

public sealed class AuditOperationsTests : IDisposable
{
    private readonly AuditStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Answers_the_newest_first_a_page_at_a_time()
    {
        for (int i = 0; i < 7; i++) _stage.Call($"GET /restapis?limit={i + 1}");
        _stage.Trail.Save();
        var found = new List<string?>();
        string? token = "";
        int pages = 0;
        while (token is not null)
        {
            WireValue page = _stage.Call($"GET /audit?limit=3&nextToken={token}").Json;
            found.AddRange(page["Records"]!.Items.Select(record => record["requestParameters"]!.TextOf("limit")));
            token = page.TextOf("nextToken");
            pages++;

            // What comes meanwhile is newer than what is still to be told.
            _stage.Trail.Save();
        }

        Assert.Equal(["7", "6", "5", "4", "3", "2", "1"], found);
        Assert.Equal(3, pages);
    }

    [Fact]
    public void Finds_by_time_name_and_user()
    {
        _stage.Clock.Now = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
        _stage.Call("GET /restapis", key: "ANN");
        _stage.Clock.Now = new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.Zero);
        _stage.Call("GET /restapis", key: "BOB");
        _stage.Call("GET /restapis/x", key: "ANN");
        _stage.Trail.Save();
        Assert.Equal(["GetRestApi ANN", "GetRestApis BOB"], Found("since=2026-11-23T10:30:00Z&until=2026-11-23T12:00:00Z"));
        Assert.Equal(["GetRestApis ANN"], Found("until=2026-11-23T11:00:00Z"));
        Assert.Equal(["GetRestApis BOB", "GetRestApis ANN"], Found("event=GetRestApis"));
        Assert.Equal(["GetRestApi ANN"], Found("event=GetRestApi&user=ANN"));
        Assert.Empty(Found("user=EVE"));
    }

    [Fact]
    public void Finds_what_is_rare_among_many()
    {
        _stage.Call("GET /restapis/x");
        for (int i = 0; i < 9000; i++) _stage.Call("GET /restapis");
        _stage.Trail.Save();
        Assert.Equal(["GetRestApi OPERATOR"], Found("event=GetRestApi"));
    }

    [Fact]
    public void Ends_a_page_before_it_grows_large()
    {
        for (int i = 0; i < 20; i++) _stage.Call("POST /restapis", $$"""{"name":"a","description":"{{new string('x', 7000)}}"}""");
        (int status, WireValue page) = _stage.Call("GET /audit?limit=20");
        Assert.Equal(200, status);
        Assert.InRange(page["Records"]!.Items.Count, 1, 5);
        Assert.NotNull(page.TextOf("nextToken"));
    }

    [Theory]
    [InlineData("since=yesterday")]
    [InlineData("limit=0")]
    [InlineData("limit=x")]
    [InlineData("nextToken=x")]
    public void Refuses_what_it_does_not_understand(string query) => Assert.Equal(400, _stage.Call($"GET /audit?{query}").Status);

    [Fact]
    public void Tells_whether_the_chains_are_whole()
    {
        _stage.Call("POST /restapis", """{"name":"a"}""");
        _stage.Call("POST /restapis", """{"name":"b"}""");
        WireValue whole = _stage.Call("GET /audit/verification").Json;
        Assert.True(whole.IsTrueOf("isWhole"));
        Assert.Equal(2, whole["trails"]!.Items[0].NumberOf("last"));
        Assert.Equal(64, whole["trails"]!.Items[0].TextOf("hash")!.Length);
        _stage.Store.Database.Run("DELETE FROM audit WHERE sequence = 1");
        WireValue broken = _stage.Call("GET /audit/verification").Json;
        Assert.False(broken.IsTrueOf("isWhole"));
        Assert.Contains("missing", broken["trails"]!.Items[0].TextOf("problem"), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_audited_itself()
    {
        _stage.Call("GET /audit");
        Assert.Equal("LookupEvents", Assert.Single(_stage.Records()).TextOf("eventName"));
    }

    [Fact]
    public void Answers_off_the_loop_because_it_waits_for_the_disk()
    {
        Assert.False(_stage.Api.IsQuick(AuditStage.RequestOf("GET /audit?limit=1")));
        Assert.True(_stage.Api.IsQuick(AuditStage.RequestOf("GET /restapis")));
        Assert.True(_stage.Api.IsQuick(AuditStage.RequestOf("GET /restapis/audit")));
        Assert.False(_stage.Api.IsQuick(AuditStage.RequestOf("GET /restapis/a/deployments/b?embed=apisummary")));
        Assert.False(_stage.Api.IsQuick(AuditStage.RequestOf("DELETE /restapis/a")));
    }

    private List<string> Found(string query) =>
        [.. _stage.Call($"GET /audit?{query}").Json["Records"]!.Items.Where(record => record.TextOf("eventName") != "LookupEvents").Select(record => $"{record.TextOf("eventName")} {record["userIdentity"]!.TextOf("accessKeyId")}")];
}
