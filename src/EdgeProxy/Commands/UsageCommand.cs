using System.Globalization;
using System.Text.Json;

namespace EdgeProxy.Commands;

/// <summary><c>edgeproxy usage PLAN</c>: asks a running node what the keys of a usage plan used, day by day.</summary>
internal static class UsageCommand
{
    public static int Run(UsageOptions options, TimeProvider time, TextWriter output, TextWriter errors)
    {
        string today = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string question = $"/usageplans/{Uri.EscapeDataString(options.Plan)}/usage?limit={KeysOfPage(options.From ?? options.To ?? today, options.To ?? today)}&startDate={Uri.EscapeDataString(options.From ?? options.To ?? today)}&endDate={Uri.EscapeDataString(options.To ?? today)}"
            + (options.Key is null ? "" : $"&keyId={Uri.EscapeDataString(options.Key)}");
        // Page by page: a million keys are many answers.
        string? position = null;
        do
        {
            string target = position is null ? question : $"{question}&position={Uri.EscapeDataString(position)}";
            int exit = AdminCall.Ask(options.Sources, options.Timeout, "GET", target, errors, out int status, out string body);
            if (exit != ExitStatus.Ok) return exit;

            if (status != 200) return AdminCall.TellRefused(errors, status, body);
            try
            {
                using JsonDocument answer = JsonDocument.Parse(body);
                if (options.Output == OutputForm.Text && position is null) output.WriteLine("day         key         used        remaining");
                if (options.Output == OutputForm.Json) output.WriteLine(body);
                else WriteRows(answer.RootElement, output);
                position = answer.RootElement.TryGetProperty("position", out JsonElement next) ? next.GetString() : null;
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                errors.WriteLine($"What answered {status} told something that is no usage: is it the admin listener of a node?");
                return ExitStatus.Failed;
            }
        }
        while (position is not null);
        return ExitStatus.Ok;
    }

    // What one answer may hold: a pair a day and key, and the key's id.
    private static int KeysOfPage(string from, string to)
    {
        int days = DateOnly.TryParse(from, CultureInfo.InvariantCulture, out DateOnly first) && DateOnly.TryParse(to, CultureInfo.InvariantCulture, out DateOnly last) ? Math.Clamp(last.DayNumber - first.DayNumber + 1, 1, 366) : 366;
        return Math.Clamp(AdminCall.MostBytes / ((days * 40) + 128), 1, 500);
    }

    private static void WriteRows(JsonElement answer, TextWriter output)
    {
        DateOnly start = DateOnly.ParseExact(answer.GetProperty("startDate").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (JsonProperty key in answer.GetProperty("values").EnumerateObject())
        {
            DateOnly day = start;
            foreach (JsonElement pair in key.Value.EnumerateArray())
            {
                long remaining = pair[1].GetInt64();
                string left = remaining < 0 ? "any" : remaining.ToString(CultureInfo.InvariantCulture);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}  {key.Name,-10}  {pair[0].GetInt64(),-10}  {left}"));
                day = day.AddDays(1);
            }
        }
    }
}
