namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What <c>contentHandling</c> asks for (rest-api.md 5.5).</summary>
internal enum ContentConversion : byte
{
    /// <summary>Nothing: the media types alone decide.</summary>
    None,

    /// <summary>Bytes, out of base64 text where the body is text.</summary>
    ToBinary,

    /// <summary>Text, in base64 where the body is bytes.</summary>
    ToText,
}
