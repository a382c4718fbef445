namespace EdgeProxy.Http.Http2.Frames;

/// <summary>One setting of a SETTINGS frame.</summary>
public readonly record struct SettingValue(Http2Setting Setting, uint Value);
