using System.Text;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Exports.Files;

/// <summary>Writes API keys as a table that ImportApiKeys and <c>apiKeys.file</c> take (RFC 4180).</summary>
internal static class KeysTable
{
    /// <param name="book">Says which plans a key is in.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="customers">How many name whose they are elsewhere, for which the table has no column.</param>
    public static byte[] Write(RecordBook book, IReadOnlyList<Record> keys, out int customers)
    {
        customers = 0;
        var plans = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (RecordScope plan in book.Below(Scopes.UsagePlans))
        {
            foreach (Record key in plan.All(Kinds.UsagePlanKey))
            {
                if (!plans.TryGetValue(key.Key, out List<string>? of)) plans.Add(key.Key, of = []);
                of.Add(plan.Id[Scopes.UsagePlans.Length..]);
            }
        }

        var text = new StringBuilder("name,key,id,description,enabled,usagePlanIds\n");
        foreach (Record record in keys)
        {
            WireValue key = record.Open();
            if (key.TextOf("customerId") is { Length: > 0 }) customers++;
            Cell(text, key.TextOf("name")).Append(',');
            Cell(text, key.TextOf("value")).Append(',');
            Cell(text, record.Key).Append(',');
            Cell(text, key.TextOf("description")).Append(',').Append(key.IsTrueOf("enabled") ? "true" : "false").Append(',');
            Cell(text, string.Join(',', plans.GetValueOrDefault(record.Key) ?? [])).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static StringBuilder Cell(StringBuilder text, string? value) =>
        value is null ? text
        : value.AsSpan().IndexOfAny(",\"\r\n") < 0 && value.Trim() == value ? text.Append(value)
        : text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
}
