namespace EdgeProxy.Gateway.Responses;

/// <summary>Whose doing a fault is.</summary>
internal enum Blame : byte
{
    Client,
    Upstream,
    Us,
}
