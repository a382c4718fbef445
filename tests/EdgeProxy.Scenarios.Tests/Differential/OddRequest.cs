namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>Bytes that two servers might read differently, and what the gateway is to make of them.</summary>
/// <param name="Name">What is odd about them.</param>
/// <param name="Bytes">All that the client sends on its connection, as Latin-1 text.</param>
/// <param name="Forwarded">The requests that may reach the origin, and must; empty when all of it is refused.</param>
internal sealed record OddRequest(string Name, string Bytes, IReadOnlyList<ReadRequest> Forwarded)
{
    public override string ToString() => Name;
}
