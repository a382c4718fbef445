using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Writes the head of a request that is to be explained, as a client would send it.</summary>
internal static class ExplainHead
{
    /// <summary>Says what is wrong with a request before it is a message at all; null when nothing is.</summary>
    public static string? ProblemOrNull(ExplainRequest request, ExplainLimits limits)
    {
        if (request.Method.Length == 0) return "The method is empty.";
        if (request.Target.Length == 0) return "The path is empty.";
        if (BreaksLine(request.Method)) return "The method has a line end in it.";
        if (BreaksLine(request.Target)) return "The path has a line end in it.";
        if (request.Host is { } host && BreaksLine(host)) return "The host has a line end in it.";
        if (ProblemOrNull(request.Headers, "header") is { } wrong) return wrong;
        if (request.Body is { } body && body.Length > limits.Body) return string.Create(CultureInfo.InvariantCulture, $"The body has {body.Length} bytes; at most {limits.Body} are explained (explain.body).");
        if (!Core.Text.IpAddress.TryParse(request.SourceIp, out _)) return $"'{Shown(request.SourceIp)}' is no address.";
        if (!TrySplit(request, out _, out _)) return $"'{Shown(request.Target)}' is no path and no http URL: write a path that begins with /.";
        if (request.Answer is not { } answer) return null;
        if (answer.Status is < 200 or > 599) return string.Create(CultureInfo.InvariantCulture, $"The answer's status {answer.Status} is not in 200 to 599.");
        if (answer.Body.Length > limits.Body) return string.Create(CultureInfo.InvariantCulture, $"The answer's body has {answer.Body.Length} bytes; at most {limits.Body} are explained (explain.body).");
        return ProblemOrNull(answer.Headers, "answer's header");
    }

    /// <summary>The head, its empty line included.</summary>
    public static byte[] Write(ExplainRequest request)
    {
        TrySplit(request, out string? host, out string? target);
        var text = new StringBuilder();
        text.Append(request.Method).Append(' ').Append(target).Append(" HTTP/1.1\r\n");

        // A Host among the fields is what the asker wants to say; two of them would be refused.
        if (!request.Headers.Any(static field => field.Key.Equals("Host", StringComparison.OrdinalIgnoreCase))) text.Append("Host: ").Append(host).Append("\r\n");
        foreach ((string name, string value) in request.Headers)
        {
            if (!IsFraming(name)) text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (request.Body is { } body) text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    /// <summary>Whether a field says how the body is framed, which is worked out here.</summary>
    public static bool IsFraming(string name) =>
        name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase);

    private static bool TrySplit(ExplainRequest request, [NotNullWhen(true)] out string? host, [NotNullWhen(true)] out string? target)
    {
        host = request.Host ?? "localhost";
        target = request.Target;
        int scheme = target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : target.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
        if (scheme > 0)
        {
            int end = target.AsSpan(scheme).IndexOfAny('/', '?', '#');
            string authority = end < 0 ? target[scheme..] : target.Substring(scheme, end);
            if (authority.Length == 0) return false;
            host = request.Host ?? authority;
            target = end < 0 ? "/" : target[(scheme + end)..];
            if (!target.StartsWith('/')) target = "/" + target;
        }

        // A fragment stays with the client.
        int fragment = target.IndexOf('#', StringComparison.Ordinal);
        if (fragment >= 0) target = target[..fragment];
        return target.StartsWith('/') || target == "*";
    }

    private static string? ProblemOrNull(IReadOnlyList<KeyValuePair<string, string>> headers, string what)
    {
        if (headers.Count > ExplainLimits.Fields) return string.Create(CultureInfo.InvariantCulture, $"There are {headers.Count} of the {what}s; at most {ExplainLimits.Fields} are explained.");
        foreach ((string name, string value) in headers)
        {
            if (name.Length == 0) return $"A name of the {what}s is empty.";
            if (BreaksLine(name) || BreaksLine(value)) return $"The {what} '{Shown(name)}' has a line end in it.";
        }

        return null;
    }

    private static bool BreaksLine(string text) => text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0;

    private static string Shown(string text)
    {
        string cut = text.Length > 100 ? text[..100] : text;
        return cut.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
    }
}
