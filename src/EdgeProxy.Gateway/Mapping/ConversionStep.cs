namespace EdgeProxy.Gateway.Mapping;

/// <summary>What is done to a body, by the tables of rest-api.md 5.5.</summary>
internal enum ConversionStep : byte
{
    /// <summary>Nothing: it stays bytes, and no template can read it.</summary>
    KeepBytes,

    /// <summary>It is text; what is no UTF-8 in it becomes U+FFFD.</summary>
    ReadText,

    /// <summary>It is text in base64, and becomes bytes, which no template can read.</summary>
    DecodeBase64,

    /// <summary>It is bytes, and becomes text in base64.</summary>
    EncodeBase64,
}
