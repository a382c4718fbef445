using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>What is told of one management call, before it has its place in a chain.</summary>
/// <remarks>
/// A record says which one comes before it, by the hash of all of that one's bytes: <c>"additionalEventData":{"trail":"changes","sequence":7,"previousHash":"..."}</c> at its end. So a record that was
/// changed, removed or moved breaks the chain at that place, in the store as well as in a file of lines.
/// </remarks>
/// <param name="trail">The chain that it belongs to.</param>
/// <param name="time">When the call was over.</param>
/// <param name="name">The operation's name.</param>
/// <param name="user">Who called: the id of a key; empty for nobody known.</param>
/// <param name="json">The record without its last brace.</param>
public sealed class AuditEntry(AuditTrailKind trail, DateTimeOffset time, string name, string user, byte[] json)
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    public AuditTrailKind Trail { get; } = trail;

    public DateTimeOffset Time { get; } = time;

    public string Name { get; } = name;

    public string User { get; } = user;

    /// <summary>A chain's name in records.</summary>
    public static string NameOf(AuditTrailKind trail) => trail == AuditTrailKind.Changes ? "changes" : "reads";

    /// <summary>The record at a place of its chain.</summary>
    /// <param name="sequence">Its number, from 1.</param>
    /// <param name="previous">The hash of the record before it; zeros for the first.</param>
    public byte[] Seal(long sequence, ReadOnlySpan<byte> previous) => [.. json, .. EndOf(Trail, sequence, previous)];

    /// <summary>The hash of a record.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> record) => SHA256.HashData(record);

    /// <summary>How the record at a place of a chain ends.</summary>
    public static byte[] EndOf(AuditTrailKind trail, long sequence, ReadOnlySpan<byte> previous) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $",\"additionalEventData\":{{\"trail\":\"{NameOf(trail)}\",\"sequence\":{sequence},\"previousHash\":\"{Convert.ToHexStringLower(previous)}\"}}}}"));
}
