namespace EdgeProxy.Gateway.Snapshots;

/// <summary>One of the places that an upstream's requests may be sent to.</summary>
/// <param name="Address">Host, with a port or without (then the URI's); stage variables may stand in it.</param>
/// <param name="Weight">Its share beside the others', from 0 to 100.</param>
internal sealed record TargetPlan(UriTemplate Address, int Weight);
