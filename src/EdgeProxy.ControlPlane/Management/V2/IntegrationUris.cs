using System.Buffers;
using System.Globalization;
using System.Net;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>What integrations and authorizers may call (http-api.md 3, 7.1; websocket-api.md 6.1). Stage variables may stand anywhere but in the scheme.</summary>
internal static class IntegrationUris
{
    private const string StageVariable = "${stageVariables.";
    private const string Functions = "path/2015-03-31/functions/";
    private const string Invocations = "/invocations";

    private static readonly SearchValues<char> s_variableCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    // RFC 3986, and the braces of our placeholders.
    private static readonly SearchValues<char> s_uriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%{}");

    private static readonly SearchValues<char> s_hostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Whether a back end can be called at it: <c>http</c> or <c>https</c>, and <c>{name}</c> only behind the host, which no request may choose.</summary>
    public static bool IsUrl(string uri)
    {
        if (Filled(uri) is not { } filled) return false;
        ReadOnlySpan<char> rest = filled;
        if (rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) rest = rest[8..];
        else if (rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) rest = rest[7..];
        else return false;
        int end = rest.IndexOfAny('/', '?');
        ReadOnlySpan<char> host = end < 0 ? rest : rest[..end];
        return IsHost(host) && rest.IndexOfAnyExcept(s_uriCharacters) < 0 && HasClosedBraces(rest) && HasCodes(rest);
    }

    /// <summary>Whether it names a function: by its ARN, or as <c>…:lambda:path/2015-03-31/functions/{ARN}/invocations</c>.</summary>
    public static bool IsFunction(string uri)
    {
        if (Filled(uri) is not { } filled) return false;
        if (!TryService(filled, out string service, out string rest)) return IsFunctionArn(filled);
        return service == "lambda" && rest.StartsWith(Functions, StringComparison.Ordinal) && rest.EndsWith(Invocations, StringComparison.Ordinal)
            && rest.Length > Functions.Length + Invocations.Length && IsFunctionArn(Uri.UnescapeDataString(rest[Functions.Length..^Invocations.Length]));
    }

    /// <summary>Whether it names a function in the form with <c>/invocations</c>, the only one for authorizers.</summary>
    public static bool IsInvocation(string uri) => uri.EndsWith(Invocations, StringComparison.Ordinal) && IsFunction(uri);

    /// <summary>What is wrong with the URI of a service's action; null for nothing.</summary>
    public static string? FaultOfService(string uri)
    {
        if (Filled(uri) is not { } filled) return "Invalid ARN specified in the request";
        if (!TryService(filled, out string service, out string rest)) return IsFunctionArn(filled) ? null : "Invalid ARN specified in the request";
        if (!rest.StartsWith("path/", StringComparison.Ordinal) && !rest.StartsWith("action/", StringComparison.Ordinal)) return "AWS ARN for integration must contain path or action";
        return service != "lambda" || IsFunction(uri) ? null : "Invalid ARN specified in the request";
    }

    /// <summary>Whether it is what a VPC link leads to: a listener of a load balancer, or a Cloud Map service with attributes behind a question mark.</summary>
    public static bool IsPrivate(string uri)
    {
        string[] parts = (Filled(uri) ?? "").Split(':', 6);
        if (parts is not ["arn", { Length: > 0 }, var service, { Length: > 0 }, { Length: > 0 }, var resource]) return false;
        return service == "elasticloadbalancing" ? resource.StartsWith("listener/", StringComparison.Ordinal) && resource.Split('/').Length >= 4
            : service == "servicediscovery" && resource.StartsWith("service/", StringComparison.Ordinal) && resource.Length > "service/".Length && resource["service/".Length] != '?';
    }

    /// <summary>Whether credentials are those of a role, or of the caller.</summary>
    public static bool IsRole(string arn)
    {
        string[] parts = (Filled(arn) ?? "").Split(':', 6);
        return parts is ["arn", { Length: > 0 }, "iam", "", { Length: > 0 }, { Length: > 0 }] || (arn.StartsWith(StageVariable, StringComparison.Ordinal) && Filled(arn) is not null);
    }

    /// <summary>Whether a text holds a stage variable, so that what it names is not known yet.</summary>
    public static bool HasStageVariable(string text) => text.Contains(StageVariable, StringComparison.Ordinal);

    // The text with a stand-in for each stage variable; null when one is written wrong.
    private static string? Filled(string text)
    {
        int at;
        while ((at = text.IndexOf("${", StringComparison.Ordinal)) >= 0)
        {
            int close = text.IndexOf('}', at);
            if (close < 0 || string.CompareOrdinal(text, at, StageVariable, 0, StageVariable.Length) != 0) return null;
            ReadOnlySpan<char> name = text.AsSpan(at + StageVariable.Length, close - at - StageVariable.Length);
            if (name.Length is 0 or > 64 || name.IndexOfAnyExcept(s_variableCharacters) >= 0) return null;
            text = string.Concat(text.AsSpan(0, at), "x", text.AsSpan(close + 1));
        }

        return text;
    }

    private static bool TryService(string uri, out string service, out string rest)
    {
        bool isService = uri.Split(':', 6) is ["arn", { Length: > 0 }, "apigateway", { Length: > 0 }, { Length: > 0 }, { Length: > 0 }];
        string[] parts = uri.Split(':', 6);
        service = isService ? parts[4] : "";
        rest = isService ? parts[5] : "";
        return isService;
    }

    private static bool IsFunctionArn(string arn) =>
        arn.Split(':') is ["arn", { Length: > 0 }, "lambda", { Length: > 0 }, { Length: > 0 }, "function", { Length: > 0 } name, .. var qualifier]
        && name.AsSpan().IndexOfAnyExcept(s_nameCharacters) < 0
        && (qualifier is [] || (qualifier is [{ Length: > 0 } only] && (only == "$LATEST" || only.AsSpan().IndexOfAnyExcept(s_nameCharacters) < 0)));

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        int colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith("]"))
        {
            ReadOnlySpan<char> port = host[(colon + 1)..];
            if (!port.SequenceEqual("x") && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65_535)) return false;
            host = host[..colon];
        }

        if (host.Length > 2 && host[0] == '[') return host[^1] == ']' && IPAddress.TryParse(host[1..^1], out _);
        return host.Length > 0 && host.IndexOfAnyExcept(s_hostCharacters) < 0;
    }

    private static bool HasClosedBraces(ReadOnlySpan<char> text)
    {
        for (int open = text.IndexOf('{'); open >= 0; open = text.IndexOf('{'))
        {
            if (text[..open].Contains('}')) return false;
            int close = text[open..].IndexOf('}');
            if (close < 2 || !EdgeProxy.Compiler.Passes.PathSyntax.IsName(text.Slice(open + 1, close - 1))) return false;
            text = text[(open + close + 1)..];
        }

        return !text.Contains('}');
    }

    private static bool HasCodes(ReadOnlySpan<char> text)
    {
        for (int at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%'))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2])) return false;
            text = text[(at + 3)..];
        }

        return true;
    }
}
