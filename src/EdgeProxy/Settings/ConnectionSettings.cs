namespace EdgeProxy.Settings;

/// <summary>How many client connections there may be.</summary>
/// <param name="Total">In all; null for what the descriptor limit allows.</param>
/// <param name="PerIp">From one address; -1 for unlimited.</param>
internal sealed record ConnectionSettings(int? Total, int PerIp);
