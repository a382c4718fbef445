using System.Text.Json;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Operations.Upstreams;

namespace EdgeProxy.Admin;

/// <summary><c>GET /upstreams</c>: how each target of each upstream stands, and why.</summary>
/// <param name="snapshots">What serves.</param>
internal sealed class UpstreamsPage(SnapshotHolder snapshots)
{
    /// <summary>Writes the members of the answer.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="now">Monotonic nanoseconds, as loops count them.</param>
    public void Write(Utf8JsonWriter json, long now)
    {
        json.WriteStartArray("upstreams");
        foreach (UpstreamReport upstream in ReadUpstreams.Run(snapshots, now)) Write(json, upstream);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, UpstreamReport upstream)
    {
        json.WriteStartObject();
        json.WriteString("apiId", upstream.ApiId);
        json.WriteString("stage", upstream.Stage);
        json.WriteString("upstream", upstream.Name);
        json.WriteString("balance", upstream.Balance);
        if (upstream.Circuit is not null)
        {
            json.WriteString("circuit", upstream.Circuit);
            json.WriteNumber("requests", upstream.Requests);
            json.WriteNumber("failures", upstream.Failures);
        }

        json.WriteNumber("waiting", upstream.Waiting);
        if (upstream.IsPanic) json.WriteBoolean("panic", true);
        json.WriteStartArray("targets");
        foreach (TargetReport target in upstream.Targets)
        {
            json.WriteStartObject();
            json.WriteString("address", target.Address);
            json.WriteNumber("weight", target.Weight);
            json.WriteNumber("inFlight", target.InFlight);
            json.WriteNumber("picks", target.Picks);
            json.WriteString("state", target.State);
            if (target.EjectedFor is not null)
            {
                json.WriteString("ejectedFor", target.EjectedFor);
                json.WriteNumber("secondsLeft", Math.Round(target.EjectedForSeconds, 1));
            }

            json.WriteNumber("consecutiveFailures", target.ConsecutiveFailures);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
