namespace EdgeProxy.Definitions;

/// <summary>Which of API Gateway's products an API is.</summary>
public enum ApiKind
{
    /// <summary>REST API (V1).</summary>
    Rest,

    /// <summary>HTTP API (V2).</summary>
    Http,
}
