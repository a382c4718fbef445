using System.Text.Json;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Writes EdgeProxy's own extensions in the form that they have in documents: the reverse of <see cref="OpenApi.UpstreamReader"/> and <see cref="OpenApi.CachePolicyReader"/>.</summary>
public static class WriteExtensions
{
    /// <summary>The value of <c>x-edgeproxy-upstream</c>.</summary>
    public static void Write(UpstreamDefinition upstream, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Text(json, "protocol", upstream.Protocol switch
        {
            null => null,
            UpstreamProtocol.Http1 => "http1",
            UpstreamProtocol.Http2 => "h2",
            _ => "auto",
        });
        Flag(json, "trailers", upstream.Trailers);
        if (upstream.CaFile is not null || upstream.ClientCertificateFile is not null || upstream.ClientKeyFile is not null || upstream.ServerName is not null)
        {
            json.WriteStartObject("tls");
            Text(json, "caFile", upstream.CaFile);
            Text(json, "clientCertificateFile", upstream.ClientCertificateFile);
            Text(json, "clientKeyFile", upstream.ClientKeyFile);
            Text(json, "serverName", upstream.ServerName);
            json.WriteEndObject();
        }

        if (upstream.Targets is { } targets)
        {
            json.WriteStartArray("targets");
            foreach (TargetDefinition target in targets)
            {
                json.WriteStartObject();
                json.WriteString("address", target.Address);
                json.WriteNumber("weight", target.Weight);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        Text(json, "balance", upstream.Balance switch
        {
            null => null,
            TargetBalance.Weighted => "weighted",
            _ => "least-loaded",
        });
        Texts(json, "failureStatuses", upstream.FailureStatuses);
        Number(json, "panicPercent", upstream.PanicPercent);
        if (upstream.Retries is { } retries)
        {
            json.WriteStartObject("retries");
            Number(json, "attempts", retries.Attempts);
            Number(json, "tryTimeoutInMillis", retries.TryTimeoutInMillis);
            Texts(json, "on", retries.On);
            Flag(json, "nonIdempotent", retries.NonIdempotent);
            Number(json, "budgetPercent", retries.BudgetPercent);
            Number(json, "budgetPerSecond", retries.BudgetPerSecond);
            Number(json, "backoffInMillis", retries.BackoffInMillis);
            json.WriteEndObject();
        }

        if (upstream.Ejection is { } ejection)
        {
            json.WriteStartObject("ejection");
            Number(json, "consecutiveFailures", ejection.ConsecutiveFailures);
            Number(json, "failurePercent", ejection.FailurePercent);
            Number(json, "leastRequests", ejection.LeastRequests);
            Number(json, "timeInMillis", ejection.TimeInMillis);
            Number(json, "mostTimeInMillis", ejection.MostTimeInMillis);
            Number(json, "mostPercent", ejection.MostPercent);
            json.WriteEndObject();
        }

        if (upstream.Circuit is { } circuit)
        {
            json.WriteStartObject("circuit");
            Number(json, "failurePercent", circuit.FailurePercent);
            Number(json, "leastRequests", circuit.LeastRequests);
            Number(json, "openTimeInMillis", circuit.OpenTimeInMillis);
            Number(json, "mostOpenTimeInMillis", circuit.MostOpenTimeInMillis);
            Number(json, "probes", circuit.Probes);
            json.WriteEndObject();
        }

        if (upstream.Health is { } health)
        {
            json.WriteStartObject("health");
            Text(json, "path", health.Path);
            Number(json, "intervalInMillis", health.IntervalInMillis);
            Number(json, "timeoutInMillis", health.TimeoutInMillis);
            Texts(json, "statuses", health.Statuses);
            Number(json, "healthy", health.Healthy);
            Number(json, "unhealthy", health.Unhealthy);
            json.WriteEndObject();
        }

        if (upstream.Concurrency is { } cap)
        {
            json.WriteStartObject("concurrency");
            json.WriteNumber("max", cap.Max);
            json.WriteNumber("queue", cap.Queue);
            json.WriteNumber("waitInMillis", cap.WaitInMillis);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>The value of <c>x-edgeproxy-cache</c>.</summary>
    public static void Write(CachePolicyDefinition policy, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Flag(json, "rfc9111", policy.Rfc9111);
        Number(json, "heuristicPercent", policy.HeuristicPercent);
        Number(json, "staleWhileRevalidate", policy.StaleWhileRevalidate);
        Number(json, "staleIfError", policy.StaleIfError);
        Number(json, "keepExpired", policy.KeepExpired);
        Flag(json, "honorRequests", policy.HonorRequests);
        Flag(json, "coalesce", policy.Coalesce);
        Flag(json, "compressedVariants", policy.CompressedVariants);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string member, string? text)
    {
        if (text is not null) json.WriteString(member, text);
    }

    private static void Number(Utf8JsonWriter json, string member, int? number)
    {
        if (number is { } value) json.WriteNumber(member, value);
    }

    private static void Flag(Utf8JsonWriter json, string member, bool? flag)
    {
        if (flag is { } value) json.WriteBoolean(member, value);
    }

    private static void Texts(Utf8JsonWriter json, string member, IReadOnlyList<string>? texts)
    {
        if (texts is null) return;
        json.WriteStartArray(member);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
