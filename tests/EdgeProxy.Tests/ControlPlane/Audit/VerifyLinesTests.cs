using System.Text;
using EdgeProxy.ControlPlane.Audit;

namespace EdgeProxy.Tests.ControlPlane.Audit;

public sealed class VerifyLinesTests
{
    [Fact]
    public void Finds_nothing_wrong_with_two_chains_that_lie_between_each_other()
    {
        List<string> lines = Lines();
        Assert.Null(ProblemOf(lines));
        Assert.Null(ProblemOf(lines[3..])); // after a rotation
    }

    [Fact]
    public void Finds_a_line_that_was_changed_removed_or_moved()
    {
        List<string> lines = Lines();
        for (int i = 2; i < lines.Count - 2; i++)
        {
            Assert.Contains("missing, or moved", ProblemOf([.. lines[..i], .. lines[(i + 1)..]]), StringComparison.Ordinal);
            Assert.Contains("was changed", ProblemOf([.. lines[..i], lines[i].Replace("\"n\":", "\"m\":", StringComparison.Ordinal), .. lines[(i + 1)..]]), StringComparison.Ordinal);
        }

        (lines[2], lines[4]) = (lines[4], lines[2]);
        Assert.Contains("missing, or moved", ProblemOf(lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("what?")]
    [InlineData("{}")]
    [InlineData("""{"additionalEventData":{"trail":"changes"}}""")]
    public void Finds_what_is_no_record(string line) => Assert.Contains("no record", ProblemOf([line]), StringComparison.Ordinal);

    private static string? ProblemOf(List<string> lines)
    {
        var verify = new VerifyLines();
        foreach (string line in lines)
        {
            if (verify.Take(Encoding.UTF8.GetBytes(line)) is { } problem) return problem;
        }

        return null;
    }

    // changes, reads, changes, reads, ...
    private static List<string> Lines()
    {
        var lines = new List<string>();
        byte[][] hashes = [new byte[AuditEntry.HashLength], new byte[AuditEntry.HashLength]];
        for (int i = 0; i < 10; i++)
        {
            var entry = new AuditEntry((AuditTrailKind)(i % 2), DateTimeOffset.UnixEpoch, "x", "", Encoding.ASCII.GetBytes($"{{\"n\":{i}"));
            byte[] record = entry.Seal((i / 2) + 1, hashes[i % 2]);
            hashes[i % 2] = AuditEntry.HashOf(record);
            lines.Add(Encoding.UTF8.GetString(record));
        }

        return lines;
    }
}
