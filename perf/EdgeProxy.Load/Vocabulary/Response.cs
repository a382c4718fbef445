namespace EdgeProxy.Load.Vocabulary;

/// <summary>An outcome with what came of it.</summary>
internal sealed class Response<T> : IResponse
{
    /// <inheritdoc/>
    public required bool IsError { get; init; }

    /// <inheritdoc/>
    public string StatusCode { get; init; } = "";

    /// <inheritdoc/>
    public long SizeBytes { get; init; }

    /// <inheritdoc/>
    public string Message { get; init; } = "";

    /// <summary>What came of it; the default where there is nothing.</summary>
    public T? Payload { get; init; }
}

/// <summary>Makes outcomes.</summary>
internal static class Response
{
    private static readonly Response<object> Plain = new() { IsError = false };

    /// <summary>It went well.</summary>
    public static Response<object> Ok() => Plain;

    /// <summary>It went well, and this is what came of it.</summary>
    public static Response<object> Ok(string statusCode = "", string message = "", long sizeBytes = 0) =>
        new() { IsError = false, StatusCode = statusCode, Message = message, SizeBytes = sizeBytes };

    /// <summary>It failed.</summary>
    public static Response<object> Fail(string statusCode = "", string message = "", long sizeBytes = 0) =>
        new() { IsError = true, StatusCode = statusCode, Message = message, SizeBytes = sizeBytes };
}
