using System.Text.Json;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.Compiler.Problems;

public sealed class ProblemWriterTests
{
    [Fact]
    public void Writes_place_severity_code_pointer_and_message() =>
        Assert.Equal(
            "api.yaml:3:7: error EP1103 #/paths/~1a: It is missing.",
            ProblemWriter.Line(new Problem(ProblemCode.Missing, ProblemSeverity.Error, new Origin("api.yaml", "/paths/~1a", 3, 7), "It is missing.")));

    [Fact]
    public void Writes_no_place_when_it_came_by_the_management_api() =>
        Assert.Equal("warning EP1103: It is missing.", ProblemWriter.Line(new Problem(ProblemCode.Missing, ProblemSeverity.Warning, null, "It is missing.")));

    [Fact]
    public void Makes_control_characters_visible() =>
        Assert.Equal("error EP1103: a\\u000ab\\u001b[31m", ProblemWriter.Line(new Problem(ProblemCode.Missing, ProblemSeverity.Error, null, "a\nb\u001b[31m")));

    [Fact]
    public void Sorts_by_place_within_documents_in_the_order_given()
    {
        var problems = new ProblemList();
        problems.Error(ProblemCode.Missing, new Origin("b", "", 9, 1), "3");
        problems.Error(ProblemCode.Missing, new Origin("a", "", 1, 1), "4");
        problems.Error(ProblemCode.Missing, new Origin("b", "", 2, 8), "2");
        problems.Error(ProblemCode.Missing, new Origin("b", "", 2, 1), "1");
        var text = new StringWriter();
        ProblemWriter.WriteText(problems, text);
        Assert.Equal(["1", "2", "3", "4"], text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[^1..]));
    }

    [Fact]
    public void Writes_json_with_counts()
    {
        var problems = new ProblemList();
        problems.Unsupported(ProblemCode.Missing, new Origin("a", "/x", 2, 3), "say \"why\"");
        using var bytes = new MemoryStream();
        ProblemWriter.WriteJson(problems, bytes);
        using JsonDocument json = JsonDocument.Parse(bytes.ToArray());
        JsonElement problem = json.RootElement.GetProperty("problems")[0];
        Assert.Equal("EP1103", problem.GetProperty("code").GetString());
        Assert.Equal("unsupported", problem.GetProperty("severity").GetString());
        Assert.Equal("#/x", problem.GetProperty("pointer").GetString());
        Assert.Equal("say \"why\"", problem.GetProperty("message").GetString());
        Assert.Equal((0, 1), (json.RootElement.GetProperty("errors").GetInt32(), json.RootElement.GetProperty("unsupported").GetInt32()));
    }
}
