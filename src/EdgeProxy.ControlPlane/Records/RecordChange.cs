namespace EdgeProxy.ControlPlane.Records;

/// <summary>A record that came, changed or went.</summary>
/// <param name="Scope">Its scope.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Key">Its key.</param>
/// <param name="Record">What it is now; null when it went.</param>
public readonly record struct RecordChange(string Scope, string Kind, string Key, Record? Record);
