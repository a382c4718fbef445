using System.Text;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

/// <summary>The table of rest-api.md 5.4, row by row: T transform, P pass, 415 refuse; for the three behaviours.</summary>
public sealed class RequestTemplatesTests
{
    [Theory]
    [InlineData("", "", "P P 415")]
    [InlineData("", "application/json", "P P 415")]
    [InlineData("application/json", "", "T T T")]
    [InlineData("application/json", "application/json", "T T T")]
    [InlineData("application/json", "application/xml", "P 415 415")]
    [InlineData("application/xml", "", "P 415 415")]
    [InlineData("application/xml", "application/json", "P 415 415")]
    [InlineData("application/xml", "application/xml", "T T T")]
    [InlineData("application/xml,$default", "text/plain", "T T T")]
    [InlineData("application/json", "Application/Json", "P 415 415")]
    [InlineData("=application/json", "application/json", "P P 415")]
    public void Chooses_as_the_table_says(string stored, string contentType, string expected)
    {
        BodyTemplate[] templates = [.. stored.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(key => new BodyTemplate(key.TrimStart('='), key[0] == '=' ? "" : "text"))];
        var answers = new List<string>();
        foreach (PassthroughBehavior behavior in new[] { PassthroughBehavior.WhenNoMatch, PassthroughBehavior.WhenNoTemplates, PassthroughBehavior.Never })
        {
            bool passes = new RequestTemplates(templates, behavior).TryChoose(Encoding.ASCII.GetBytes(contentType), out BodyTemplate? chosen);
            answers.Add(!passes ? "415" : chosen is null ? "P" : "T");
        }

        Assert.Equal(expected, string.Join(' ', answers));
    }
}
