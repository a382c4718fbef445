using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>Writes <c>x-edgeproxy-upstream</c>, what the API says of all its integrations taken in.</summary>
internal static class UpstreamWriter
{
    public static WireValue Write(UpstreamDefinition upstream)
    {
        WireValue value = WireValue.NewObject().Set("protocol", upstream.Protocol switch
        {
            UpstreamProtocol.Http1 => "http1",
            UpstreamProtocol.Http2 => "h2",
            UpstreamProtocol.Auto => "auto",
            _ => null,
        });
        if (upstream.Trailers is { } trailers) value.Set("trailers", trailers);
        WireValue tls = WireValue.NewObject()
            .Set("caFile", FullOf(upstream.CaFile))
            .Set("clientCertificateFile", FullOf(upstream.ClientCertificateFile))
            .Set("clientKeyFile", FullOf(upstream.ClientKeyFile))
            .Set("serverName", upstream.ServerName);
        if (tls.Members.Count > 0) value["tls"] = tls;
        if (upstream.Targets is { } targets) value["targets"] = Targets(targets);
        value.Set("balance", upstream.Balance switch
        {
            TargetBalance.Weighted => "weighted",
            TargetBalance.LeastLoaded => "least-loaded",
            _ => null,
        });
        Texts(value, "failureStatuses", upstream.FailureStatuses);
        Number(value, "panicPercent", upstream.PanicPercent);
        if (upstream.Retries is { } retries) value["retries"] = Retries(retries);
        if (upstream.Ejection is { } ejection) value["ejection"] = Ejection(ejection);
        if (upstream.Circuit is { } circuit) value["circuit"] = Circuit(circuit);
        if (upstream.Health is { } health) value["health"] = Health(health);
        if (upstream.Concurrency is { } cap) value["concurrency"] = WireValue.NewObject().Set("max", cap.Max).Set("queue", cap.Queue).Set("waitInMillis", cap.WaitInMillis);
        return value;
    }

    // A document's relative paths start at the document, and this one will stand elsewhere.
    private static string? FullOf(string? path) => path is null ? null : Path.GetFullPath(path);

    private static WireValue Targets(IReadOnlyList<TargetDefinition> targets)
    {
        WireValue list = WireValue.NewList();
        foreach (TargetDefinition target in targets) list.Items.Add(WireValue.NewObject().Set("address", target.Address).Set("weight", target.Weight));
        return list;
    }

    private static WireValue Retries(RetryDefinition retries)
    {
        WireValue value = WireValue.NewObject();
        Number(value, "attempts", retries.Attempts);
        Number(value, "tryTimeoutInMillis", retries.TryTimeoutInMillis);
        Texts(value, "on", retries.On);
        if (retries.NonIdempotent is { } all) value.Set("nonIdempotent", all);
        Number(value, "budgetPercent", retries.BudgetPercent);
        Number(value, "budgetPerSecond", retries.BudgetPerSecond);
        Number(value, "backoffInMillis", retries.BackoffInMillis);
        return value;
    }

    private static WireValue Ejection(EjectionDefinition ejection)
    {
        WireValue value = WireValue.NewObject();
        Number(value, "consecutiveFailures", ejection.ConsecutiveFailures);
        Number(value, "failurePercent", ejection.FailurePercent);
        Number(value, "leastRequests", ejection.LeastRequests);
        Number(value, "timeInMillis", ejection.TimeInMillis);
        Number(value, "mostTimeInMillis", ejection.MostTimeInMillis);
        Number(value, "mostPercent", ejection.MostPercent);
        return value;
    }

    private static WireValue Circuit(CircuitDefinition circuit)
    {
        WireValue value = WireValue.NewObject();
        Number(value, "failurePercent", circuit.FailurePercent);
        Number(value, "leastRequests", circuit.LeastRequests);
        Number(value, "openTimeInMillis", circuit.OpenTimeInMillis);
        Number(value, "mostOpenTimeInMillis", circuit.MostOpenTimeInMillis);
        Number(value, "probes", circuit.Probes);
        return value;
    }

    private static WireValue Health(HealthCheckDefinition health)
    {
        WireValue value = WireValue.NewObject().Set("path", health.Path);
        Number(value, "intervalInMillis", health.IntervalInMillis);
        Number(value, "timeoutInMillis", health.TimeoutInMillis);
        Texts(value, "statuses", health.Statuses);
        Number(value, "healthy", health.Healthy);
        Number(value, "unhealthy", health.Unhealthy);
        return value;
    }

    private static void Texts(WireValue value, string name, IReadOnlyList<string>? texts)
    {
        if (texts is not null) value[name] = WireValue.Of(texts);
    }

    private static void Number(WireValue value, string name, int? number)
    {
        if (number is { } said) value.Set(name, said);
    }
}
