using System.Text;
using EdgeProxy.Lambda.Runtime;

namespace EdgeProxy.Lambda.Workers;

/// <summary>Why a process could not serve an event, in the form that any caller can be told (specification lambda.md 7).</summary>
/// <param name="ErrorType">Such as <c>Runtime.ExitError</c>.</param>
/// <param name="What">The sentence after <c>RequestId: ... Error:</c>.</param>
/// <param name="Document">What the runtime itself said, to be handed on as it is; null when it said nothing.</param>
internal sealed record WorkerFailure(string ErrorType, string What, byte[]? Document = null)
{
    /// <summary>Whether another start can only fail likewise.</summary>
    public bool IsFinal => ErrorType == "Runtime.InvalidEntrypoint";

    /// <summary>Whether a signal that nobody here sent ended the process: it had no time for last words.</summary>
    public bool IsSudden { get; private init; }

    /// <summary>The document for one caller.</summary>
    public PooledBytes For(ReadOnlySpan<byte> requestId) => Document is null ? RuntimeDocuments.Failure(ErrorType, requestId, What) : PooledBytes.Of(Document);

    /// <summary>The runtime said that it could not start.</summary>
    public static WorkerFailure Said(PooledBytes document)
    {
        byte[] bytes = document.Span.ToArray();
        document.Return();
        return new WorkerFailure(TypeIn(bytes), "", bytes);
    }

    /// <summary>The process ended.</summary>
    /// <param name="code">Its exit code; 128 + n when signal n ended it.</param>
    public static WorkerFailure Exited(int code) => new("Runtime.ExitError", TextOf(code)) { IsSudden = code is 132 or 134 or 135 or 136 or 137 or 139 or 143 };

    /// <summary>What is said of a process that ended.</summary>
    public static string TextOf(int code) => code switch
    {
        0 => "Runtime exited without providing a reason",
        132 => "Runtime exited with error: signal: illegal instruction",
        134 => "Runtime exited with error: signal: aborted",
        135 => "Runtime exited with error: signal: bus error",
        136 => "Runtime exited with error: signal: floating point exception",
        137 => "Runtime exited with error: signal: killed",
        139 => "Runtime exited with error: signal: segmentation fault",
        143 => "Runtime exited with error: signal: terminated",
        _ => $"Runtime exited with error: exit status {code}",
    };

    private static string TypeIn(byte[] document)
    {
        try
        {
            using var parsed = System.Text.Json.JsonDocument.Parse(document);
            return parsed.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object && parsed.RootElement.TryGetProperty("errorType"u8, out var type)
                && type.ValueKind == System.Text.Json.JsonValueKind.String ? type.GetString()! : "Runtime.Unknown";
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException)
        {
            // The latter is how half a surrogate pair is refused.
            return "Runtime.Unknown";
        }
    }
}
