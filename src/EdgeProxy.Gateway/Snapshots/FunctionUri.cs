using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The URI of an integration with an AWS service, taken apart (rest-api.md 5.14, "URI grammar").</summary>
/// <remarks>
/// <code>
///   arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:pets/invocations
///   arn:aws:lambda:eu-west-1:111122223333:function:pets        the function alone, as templates are often written
/// </code>
/// </remarks>
internal sealed record FunctionUri
{
    private const string Buffered = "2015-03-31/functions/";
    private const string BufferedEnd = "/invocations";
    private const string Streamed = "2021-11-15/functions/";
    private const string StreamedEnd = "/response-streaming-invocations";

    /// <summary>What is wrong, and what to change; null when nothing is.</summary>
    public string? Problem { get; private init; }

    /// <summary>The service, such as <c>lambda</c>; empty when the URI is not even an ARN of one.</summary>
    public string Service { get; private init; } = "";

    /// <summary>The function; null with a <see cref="Problem"/>, or for another service.</summary>
    public FunctionName? Function { get; private init; }

    /// <summary>Whether the function's answer is asked for as a stream (<c>response-streaming-invocations</c>).</summary>
    public bool Streams { get; private init; }

    /// <summary>Whether only the function's own ARN is written.</summary>
    public bool IsFunctionAlone { get; private init; }

    /// <summary>Takes a URI apart, with stage variables and placeholders filled in.</summary>
    public static FunctionUri Parse(string uri)
    {
        string[] parts = uri.Split(':', 6);
        if (parts is ["arn", _, "lambda", ..])
        {
            return FunctionName.TryParse(uri, out FunctionName? alone)
                ? new FunctionUri { Service = "lambda", Function = alone, IsFunctionAlone = true }
                : Wrong("lambda", "Invalid function ARN. Write arn:aws:lambda:{region}:{account}:function:{name}, and a qualifier behind another colon where one is wanted.");
        }

        if (parts is not ["arn", { Length: > 0 } partition, "apigateway", { Length: > 0 } region, { Length: > 0 } service, var rest])
        {
            return Wrong("", "Invalid ARN specified in the request. Write arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function ARN}/invocations.");
        }

        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || rest[..slash] is not ("path" or "action")) return Wrong(service, "AWS ARN for integration must contain path or action. Write path/ or action/ behind the service.");
        if (service != "lambda") return new FunctionUri { Service = service };
        return ParseFunction(partition, region, rest[..slash] == "path" ? rest[slash..].TrimStart('/') : "");
    }

    private static FunctionUri ParseFunction(string partition, string region, string path)
    {
        bool streams = path.StartsWith(Streamed, StringComparison.Ordinal) && path.EndsWith(StreamedEnd, StringComparison.Ordinal);
        bool buffered = path.StartsWith(Buffered, StringComparison.Ordinal) && path.EndsWith(BufferedEnd, StringComparison.Ordinal);
        int start = streams ? Streamed.Length : Buffered.Length;
        int end = path.Length - (streams ? StreamedEnd.Length : BufferedEnd.Length);
        if (!(streams || buffered) || end <= start)
        {
            return Wrong("lambda", "Lambda is called at path/2015-03-31/functions/{function ARN}/invocations, or path/2021-11-15/functions/{function ARN}/response-streaming-invocations. Correct what follows lambda:.");
        }

        string name = Uri.UnescapeDataString(path[start..end]);
        if (!FunctionName.TryParse(name, out FunctionName? function))
        {
            return Wrong("lambda", $"Between functions/ and the next slash stands \"{name}\", which is no function: name, name:alias or arn:aws:lambda:{{region}}:{{account}}:function:{{name}}. Correct it.");
        }

        // A function that names no region is one of the integration's.
        if (function.Region.Length == 0) function = function with { Partition = partition, Region = region };
        return new FunctionUri { Service = "lambda", Function = function, Streams = streams };
    }

    private static FunctionUri Wrong(string service, string problem) => new() { Service = service, Problem = problem };
}
