using EdgeProxy.Gateway.Compression;

namespace EdgeProxy.Settings;

/// <summary>Content codings: <c>compression.*</c>.</summary>
/// <param name="Decode">The codings of request bodies that are decoded.</param>
/// <param name="Codings">The codings of answers, the one preferred first.</param>
/// <param name="Level">How hard answers are compressed, 1 to 9.</param>
internal sealed record CompressionSettings(IReadOnlyList<ContentCoding> Decode, IReadOnlyList<ContentCoding> Codings, int Level);
