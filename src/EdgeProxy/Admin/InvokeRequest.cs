using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Admin;

/// <summary>What a request to the Invoke API asks for (specification lambda.md 11 to 13).</summary>
internal sealed record InvokeRequest(FunctionName Function, InvocationType Type, bool Streams, bool WantsLog)
{
    private const string Invoke = "/2015-03-31/functions/";
    private const string InvokeEnd = "/invocations";
    private const string Stream = "/2021-11-15/functions/";
    private const string StreamEnd = "/response-streaming-invocations";
    private const string Async = "/2014-11-13/functions/";
    private const string AsyncEnd = "/invoke-async";

    /// <summary>Whether a path is one of the API's.</summary>
    public static bool IsPath(ReadOnlySpan<byte> path) => Find(Encoding.Latin1.GetString(path), out _, out _, out _);

    /// <summary>Reads a request's head.</summary>
    /// <param name="path">One of the API's.</param>
    /// <param name="query">Without the question mark.</param>
    /// <param name="headers">The request's.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="wrong">What is wrong with it, when false.</param>
    public static bool TryRead(string path, string query, HeaderTable headers, [NotNullWhen(true)] out InvokeRequest? request, out string wrong)
    {
        request = null;
        Find(path, out string name, out bool streams, out bool isAsync);
        name = Uri.UnescapeDataString(name);
        wrong = $"Value '{name}' at 'functionName' is no function name: write name, name:qualifier or an ARN";
        if (!FunctionName.TryParse(name, out FunctionName? function)) return false;
        string? qualifier = QualifierOrNull(query);
        if (qualifier is { Length: > 0 } && qualifier != function.Qualifier)
        {
            wrong = "The derived qualifier from the function name does not match the specified qualifier.";
            if (function.Qualifier.Length > 0) return false;
            wrong = $"Value '{qualifier}' at 'qualifier' is no qualifier";
            if (!FunctionName.TryParse($"{function.Name}:{qualifier}", out _)) return false;
            function = function with { Qualifier = qualifier };
        }

        string? type = isAsync ? "Event" : ValueOf(headers, "X-Amz-Invocation-Type");
        wrong = $"Unsupported invocation type '{type}'";
        InvocationType? known = type switch
        {
            null or "" or "RequestResponse" => InvocationType.RequestResponse,
            "Event" when !streams => InvocationType.Event,
            "DryRun" => InvocationType.DryRun,
            _ => null,
        };
        if (known is not { } kind) return false;
        string? log = ValueOf(headers, "X-Amz-Log-Type");
        wrong = $"Unsupported log type '{log}'";
        if (log is not (null or "" or "None" or "Tail")) return false;
        request = new InvokeRequest(function, kind, streams, log == "Tail" && kind == InvocationType.RequestResponse);
        return true;
    }

    /// <summary>The value of a field; null when there is none.</summary>
    public static string? ValueOf(HeaderTable headers, string name)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers.Name(i).Length == name.Length && string.Equals(Encoding.Latin1.GetString(headers.Name(i)), name, StringComparison.OrdinalIgnoreCase)) return Encoding.Latin1.GetString(headers.Value(i));
        }

        return null;
    }

    private static bool Find(string path, out string name, out bool streams, out bool isAsync)
    {
        streams = path.StartsWith(Stream, StringComparison.Ordinal);
        isAsync = path.StartsWith(Async, StringComparison.Ordinal);
        name = "";
        if (!streams && !isAsync && !path.StartsWith(Invoke, StringComparison.Ordinal)) return false;
        string end = streams ? StreamEnd : isAsync ? AsyncEnd : InvokeEnd;
        string rest = path[Invoke.Length..].TrimEnd('/');
        if (!rest.EndsWith(end, StringComparison.Ordinal)) return false;
        name = rest[..^end.Length];
        return name.Length > 0 && !name.Contains('/', StringComparison.Ordinal);
    }

    private static string? QualifierOrNull(string query)
    {
        const string Name = "Qualifier=";
        string? pair = query.Split('&').FirstOrDefault(static pair => pair.StartsWith(Name, StringComparison.Ordinal));
        return pair is null ? null : Uri.UnescapeDataString(pair[Name.Length..]);
    }
}
