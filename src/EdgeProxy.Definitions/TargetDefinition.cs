namespace EdgeProxy.Definitions;

/// <summary>One of the places that an upstream's requests may be sent to.</summary>
/// <param name="Address"><c>host</c> or <c>host:port</c>; stage variables may stand in it.</param>
/// <param name="Weight">Its share beside the others'; 0 for none.</param>
/// <param name="Origin">Where it was written.</param>
public sealed record TargetDefinition(string Address, int Weight, Origin? Origin);
