namespace EdgeProxy.Http.Http2.Frames;

/// <summary>Where the useful part of a padded frame lies.</summary>
/// <param name="Start">Bytes of payload before it.</param>
/// <param name="Length">Its bytes; what is left after it is padding.</param>
public readonly record struct FramePart(int Start, int Length);
