using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeProxy.Load.Driving;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Reports;

/// <summary>A session as one JSON object. Times in milliseconds.</summary>
internal static class JsonReport
{
    public static string Write(NodeStats stats)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("startedAt", stats.StartedAt);
            json.WriteNumber("seconds", stats.Duration.TotalSeconds);
            json.WriteBoolean("failed", stats.IsFailed);
            if (stats.StopReason is not null) json.WriteString("stopReason", stats.StopReason);
            json.WriteStartArray("scenarios");
            foreach (ScenarioStats scenario in stats.ScenarioStats) Write(json, scenario);
            json.WriteEndArray();
            json.WriteStartArray("thresholds");
            foreach (ThresholdResult threshold in stats.Thresholds) Write(json, threshold);
            json.WriteEndArray();
            json.WriteStartArray("intervals");
            foreach (Interval interval in stats.Intervals) Write(json, interval);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, ScenarioStats scenario)
    {
        json.WriteStartObject();
        json.WriteString("name", scenario.ScenarioName);
        json.WriteNumber("seconds", scenario.Duration.TotalSeconds);
        Write(json, "ok", scenario.Ok);
        Write(json, "fail", scenario.Fail);
        json.WriteStartArray("steps");
        foreach (StepStats step in scenario.StepStats)
        {
            json.WriteStartObject();
            json.WriteString("name", step.StepName);
            Write(json, "ok", step.Ok);
            Write(json, "fail", step.Fail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, MeasurementStats stats)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", stats.Request.Count);
        json.WriteNumber("percent", Round(stats.Request.Percent));
        json.WriteNumber("rps", Round(stats.Request.RPS));
        json.WriteNumber("bytes", stats.DataTransfer.AllBytes);
        json.WriteStartObject("latencyMs");
        json.WriteNumber("min", Round(stats.Latency.MinMs));
        json.WriteNumber("mean", Round(stats.Latency.MeanMs));
        json.WriteNumber("stdDev", Round(stats.Latency.StdDev));
        json.WriteNumber("p50", Round(stats.Latency.Percent50));
        json.WriteNumber("p75", Round(stats.Latency.Percent75));
        json.WriteNumber("p95", Round(stats.Latency.Percent95));
        json.WriteNumber("p99", Round(stats.Latency.Percent99));
        json.WriteNumber("p99.9", Round(stats.Latency.Percent999));
        json.WriteNumber("max", Round(stats.Latency.MaxMs));
        json.WriteEndObject();
        json.WriteStartArray("statusCodes");
        foreach (StatusCodeStats status in stats.StatusCodes)
        {
            json.WriteStartObject();
            json.WriteString("status", status.StatusCode);
            json.WriteNumber("count", status.Count);
            json.WriteNumber("percent", Round(status.Percent));
            if (status.Message.Length > 0) json.WriteString("message", status.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ThresholdResult threshold)
    {
        json.WriteStartObject();
        json.WriteString("scenario", threshold.ScenarioName);
        if (threshold.StepName is not null) json.WriteString("step", threshold.StepName);
        json.WriteString("expectation", threshold.CheckExpression);
        json.WriteNumber("errors", threshold.ErrorCount);
        json.WriteBoolean("failed", threshold.IsFailed);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Interval interval)
    {
        json.WriteStartObject();
        json.WriteNumber("at", Round(interval.At));
        json.WriteString("scenario", interval.ScenarioName);
        json.WriteNumber("seconds", Round(interval.Seconds));
        json.WriteNumber("begun", interval.Begun);
        json.WriteNumber("ok", interval.Ok);
        json.WriteNumber("fail", interval.Fail);
        json.WriteNumber("underWay", interval.UnderWay);
        json.WriteNumber("p50", Round(interval.P50));
        json.WriteNumber("p95", Round(interval.P95));
        json.WriteNumber("p99", Round(interval.P99));
        json.WriteNumber("max", Round(interval.Max));
        json.WriteEndObject();
    }

    private static double Round(double value) => Math.Round(value, 6);
}
