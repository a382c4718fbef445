namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A piece of an integration URI: its literal text, or the name of what stands there.</summary>
internal readonly record struct UriSegment(UriSegmentKind Kind, Utf8Text Text);
