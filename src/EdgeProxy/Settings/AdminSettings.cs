using EdgeProxy.Core.Text;

namespace EdgeProxy.Settings;

/// <summary>The admin listener.</summary>
/// <param name="Url">Where it binds; null for no admin listener.</param>
/// <param name="MetricsAllow">Who may read metrics and health when it is not on loopback.</param>
/// <param name="SignatureSkew">How far the clock of who signs may be off, in nanoseconds.</param>
/// <param name="Rate">How often each client off loopback may call; null for as often as it likes.</param>
/// <param name="Replays">Signatures of changes that are remembered, so that none is taken twice; 0 for none.</param>
internal sealed record AdminSettings(ListenUrl? Url, CidrSet MetricsAllow, long SignatureSkew, ThrottleSettings? Rate, int Replays);
