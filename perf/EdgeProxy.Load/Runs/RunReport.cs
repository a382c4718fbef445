using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Load.Runs;

/// <summary>Says what a run saw, to people and to programs.</summary>
internal static class RunReport
{
    private static readonly double[] Percentiles = [50, 75, 90, 99, 99.9, 99.99];

    /// <summary>A few lines to read; durations in the unit that fits them.</summary>
    public static string Text(LoadResult result)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{result.Completed} answers in {result.Elapsed / 1e9:0.000} s, {result.Rate:0} a second, ")
            .AppendLine(CultureInfo.InvariantCulture, $"{result.ContentBytes} bytes of content, {result.Reconnects} reconnects");
        text.Append("status   ").AppendLine(string.Join(", ", result.ByStatus.Select(pair => $"{pair.Status}: {pair.Count}")));
        LoadErrors errors = result.Errors;
        text.Append(CultureInfo.InvariantCulture, $"failed   {errors.Total} (connect {errors.Connect}, reset {errors.Reset}, stale {errors.Stale}, ")
            .AppendLine(CultureInfo.InvariantCulture, $"time-out {errors.TimeOut}, malformed {errors.Malformed}), never sent {result.Unsent}");
        text.Append("latency  ").AppendLine(Line(result.Latency));
        text.Append("service  ").AppendLine(Line(result.Service));
        return text.ToString();
    }

    /// <summary>One JSON object; durations in nanoseconds.</summary>
    public static string Json(LoadResult result)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("completed", result.Completed);
            json.WriteNumber("elapsedNanoseconds", result.Elapsed);
            json.WriteNumber("perSecond", Math.Round(result.Rate, 1));
            json.WriteNumber("contentBytes", result.ContentBytes);
            json.WriteNumber("reconnects", result.Reconnects);
            json.WriteNumber("unsent", result.Unsent);
            json.WriteStartObject("status");
            foreach ((int status, long count) in result.ByStatus) json.WriteNumber(status.ToString(CultureInfo.InvariantCulture), count);
            json.WriteEndObject();
            json.WriteStartObject("errors");
            json.WriteNumber("connect", result.Errors.Connect);
            json.WriteNumber("reset", result.Errors.Reset);
            json.WriteNumber("stale", result.Errors.Stale);
            json.WriteNumber("timeOut", result.Errors.TimeOut);
            json.WriteNumber("malformed", result.Errors.Malformed);
            json.WriteNumber("total", result.Errors.Total);
            json.WriteEndObject();
            Write(json, "latencyNanoseconds", result.Latency);
            Write(json, "serviceNanoseconds", result.Service);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Line(Latencies latencies) =>
        string.Join(", ", Percentiles.Select(percent => $"p{percent.ToString(CultureInfo.InvariantCulture)} {Duration(latencies.Percentile(percent))}"))
        + $", longest {Duration(latencies.Longest)}";

    private static string Duration(long nanoseconds) => nanoseconds switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0.0} us"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.00} s"),
    };

    private static void Write(Utf8JsonWriter json, string name, Latencies latencies)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mean", Math.Round(latencies.Mean));
        foreach (double percent in Percentiles)
        {
            json.WriteNumber("p" + percent.ToString(CultureInfo.InvariantCulture), latencies.Percentile(percent));
        }

        json.WriteNumber("max", latencies.Longest);
        json.WriteEndObject();
    }
}
