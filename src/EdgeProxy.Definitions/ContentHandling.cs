namespace EdgeProxy.Definitions;

/// <summary>Conversion of a body between text and base64 (rest-api.md 5.5).</summary>
public enum ContentHandling
{
    /// <summary>No conversion asked for.</summary>
    Passthrough,

    /// <summary>Bytes to base64 text.</summary>
    ConvertToText,

    /// <summary>Base64 text to bytes.</summary>
    ConvertToBinary,
}
