using System.Text;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>One HTTP message as it came over the wire, its body without framing.</summary>
/// <param name="StartLine">Without its line end.</param>
/// <param name="Headers">In order, names as sent.</param>
/// <param name="Body">What the framing delimited; for a message cut short, what came.</param>
internal sealed record Answer(string StartLine, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public int Status => int.Parse(StartLine.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The one value of a header, or null without it.</summary>
    public string? this[string name]
    {
        get
        {
            string[] all = [.. Values(name)];
            Assert.True(all.Length <= 1, $"{name} stands {all.Length} times in: {this}");
            return all.Length == 0 ? null : all[0];
        }
    }

    public IEnumerable<string> Values(string name) => Headers
        .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value);

    public override string ToString() =>
        $"{StartLine}\n{string.Join('\n', Headers.Select(header => $"{header.Name}: {header.Value}"))}\n\n{Text}";
}
