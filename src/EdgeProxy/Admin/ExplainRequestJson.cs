using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using EdgeProxy.Gateway.Operations.Explanations;

namespace EdgeProxy.Admin;

/// <summary>Reads what is posted to <c>/explain</c>.</summary>
/// <remarks><code>
///   { "method": "POST", "path": "/pets?x=1", "host": "api.example.com",        or "url" instead of path and host
///     "headers": { "Content-Type": "application/json", "X-Two": ["a", "b"] },
///     "body": "text" or any JSON, or "bodyBase64": "...", "sourceIp": "10.1.2.3",
///     "answer": { "status": 200, "headers": {...}, "body": ..., "bodyBase64": ..., "functionError": false } }
/// </code></remarks>
internal static class ExplainRequestJson
{
    /// <summary>Reads a document; what is wrong with it is said in a sentence for its author.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out ExplainRequest? request, [NotNullWhen(false)] out string? problem)
    {
        request = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            request = Request(document.RootElement);
            problem = null;
            return true;
        }
        catch (JsonException exception)
        {
            problem = $"The body is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.";
        }
        catch (Refused refused)
        {
            problem = refused.Message;
        }
        catch (InvalidOperationException)
        {
            // A string whose escapes make no text.
            problem = "A string of the body has half of a surrogate pair in it.";
        }

        return false;
    }

    private static ExplainRequest Request(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new Refused("The body must be a JSON object.");
        string? method = null, path = null, url = null, host = null, sourceIp = null;
        IReadOnlyList<KeyValuePair<string, string>> headers = [];
        byte[]? body = null;
        ExplainAnswer? answer = null;
        foreach (JsonProperty member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "method": method = Text(member); break;
                case "path": path = Text(member); break;
                case "url": url = Text(member); break;
                case "host": host = Text(member); break;
                case "sourceIp": sourceIp = Text(member); break;
                case "headers": headers = Headers(member); break;
                case "body": body = Body(member, body); break;
                case "bodyBase64": body = Base64(member, body); break;
                case "answer": answer = Answer(member); break;
                default: throw new Refused($"There is no member '{Shown(member.Name)}'. There are method, path, url, host, headers, body, bodyBase64, sourceIp and answer.");
            }
        }

        if (method is null) throw new Refused("The member 'method' is missing.");
        if ((path is null) == (url is null)) throw new Refused("Give either 'path' or 'url'.");
        if (path is not null && !path.StartsWith('/')) throw new Refused("The member 'path' must begin with /; a whole URL is for 'url'.");
        if (url is not null && host is not null) throw new Refused("The member 'url' names the host already; give either it or 'host'.");
        return new ExplainRequest
        {
            Method = method,
            Target = path ?? url!,
            Host = host,
            Headers = headers,
            Body = body,
            SourceIp = sourceIp ?? ExplainRequest.DefaultSourceIp,
            Answer = answer,
        };
    }

    private static ExplainAnswer Answer(JsonProperty member)
    {
        if (member.Value.ValueKind != JsonValueKind.Object) throw new Refused("The member 'answer' must be an object.");
        int status = 200;
        IReadOnlyList<KeyValuePair<string, string>> headers = [];
        byte[]? body = null;
        bool isFunctionError = false;
        foreach (JsonProperty part in member.Value.EnumerateObject())
        {
            switch (part.Name)
            {
                case "status":
                    if (part.Value.ValueKind != JsonValueKind.Number || !part.Value.TryGetInt32(out status)) throw new Refused("The member 'answer.status' must be a whole number.");
                    break;
                case "headers": headers = Headers(part); break;
                case "body": body = Body(part, body); break;
                case "bodyBase64": body = Base64(part, body); break;
                case "functionError":
                    if (part.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) throw new Refused("The member 'answer.functionError' must be true or false.");
                    isFunctionError = part.Value.GetBoolean();
                    break;
                default: throw new Refused($"There is no member 'answer.{Shown(part.Name)}'. There are status, headers, body, bodyBase64 and functionError.");
            }
        }

        return new ExplainAnswer { Status = status, Headers = headers, Body = body ?? [], IsFunctionError = isFunctionError };
    }

    private static List<KeyValuePair<string, string>> Headers(JsonProperty member)
    {
        if (member.Value.ValueKind != JsonValueKind.Object) throw new Refused($"The member '{member.Name}' must be an object of names and values.");
        var headers = new List<KeyValuePair<string, string>>();
        foreach (JsonProperty header in member.Value.EnumerateObject())
        {
            if (header.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement value in header.Value.EnumerateArray()) headers.Add(new(header.Name, HeaderText(header.Name, value)));
            }
            else
            {
                headers.Add(new(header.Name, HeaderText(header.Name, header.Value)));
            }
        }

        return headers;
    }

    private static string HeaderText(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new Refused($"The header '{Shown(name)}' must be a string, or an array of them.");

    private static string Text(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw new Refused($"The member '{member.Name}' must be a string.");

    // A body that is written as JSON is sent as it is written.
    private static byte[]? Body(JsonProperty member, byte[]? before)
    {
        if (before is not null) throw new Refused("Give either 'body' or 'bodyBase64', once.");
        return member.Value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Encoding.UTF8.GetBytes(member.Value.GetString()!),
            _ => Encoding.UTF8.GetBytes(member.Value.GetRawText()),
        };
    }

    private static byte[] Base64(JsonProperty member, byte[]? before)
    {
        if (before is not null) throw new Refused("Give either 'body' or 'bodyBase64', once.");
        return member.Value.ValueKind == JsonValueKind.String && member.Value.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw new Refused("The member 'bodyBase64' is no base64.");
    }

    private static string Shown(string name) => name.Length > 100 ? name[..100] : name;

    // Never leaves this file: reading goes many ways down, and all of them end here.
    private sealed class Refused(string message) : Exception(message);
}
