using System.Text.Json;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Says what is wrong with a function's result (rest-api.md 5.8, 5.13), which its client only hears as 502.</summary>
/// <remarks>Only says why: whether a result is taken is decided by the phase.</remarks>
internal static class ResultProblems
{
    /// <summary>The first problem, with a JSON pointer where it has a place.</summary>
    public static string Of(ReadOnlyMemory<byte> result, bool isStreamed)
    {
        if (result.IsEmpty) return isStreamed ? "the metadata before the eight NUL bytes are empty" : "the result is empty; it has to be an object";
        try
        {
            using var document = JsonDocument.Parse(result);
            return Of(document.RootElement, isStreamed);
        }
        catch (JsonException exception)
        {
            return $"the result is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
        }
        catch (InvalidOperationException)
        {
            return "a name in the result has half of a surrogate pair in it";
        }
    }

    private static string Of(JsonElement root, bool isStreamed)
    {
        if (root.ValueKind != JsonValueKind.Object) return $"the result is {Kind(root)}; it has to be an object with statusCode, headers and body";
        foreach (JsonProperty member in root.EnumerateObject())
        {
            JsonElement value = member.Value;
            if (value.ValueKind == JsonValueKind.Null) continue;
            string? problem = member.Name switch
            {
                "statusCode" => IsStatus(value) ? null : "has to be a whole number from 200 to 599, or a text of one",
                "headers" => value.ValueKind == JsonValueKind.Object ? ProblemOf(value, "/headers") : $"is {Kind(value)}; it has to be an object",
                "multiValueHeaders" => value.ValueKind == JsonValueKind.Object ? ProblemOfLists(value) : $"is {Kind(value)}; it has to be an object of arrays",
                "cookies" when isStreamed => value.ValueKind == JsonValueKind.Array ? null : $"is {Kind(value)}; it has to be an array",
                "body" when !isStreamed => value.ValueKind == JsonValueKind.String ? null : $"is {Kind(value)}; it has to be a string (JSON.stringify it)",
                "isBase64Encoded" when !isStreamed => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"is {Kind(value)}; it has to be true or false",
                _ => isStreamed ? "is none of statusCode, headers, multiValueHeaders and cookies" : "is none of statusCode, headers, multiValueHeaders, body and isBase64Encoded",
            };
            if (problem is not null) return problem.StartsWith('/') ? problem : $"/{member.Name} {problem}";
        }

        return "a header in it is none that HTTP allows, or there are too many";
    }

    private static string? ProblemOf(JsonElement headers, string at)
    {
        foreach (JsonProperty header in headers.EnumerateObject())
        {
            if (header.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return $"{at}/{header.Name} is {Kind(header.Value)}; it has to be a string";
        }

        return null;
    }

    private static string? ProblemOfLists(JsonElement headers)
    {
        foreach (JsonProperty header in headers.EnumerateObject())
        {
            if (header.Value.ValueKind != JsonValueKind.Array) return $"/multiValueHeaders/{header.Name} is {Kind(header.Value)}; it has to be an array of strings";
        }

        return null;
    }

    private static bool IsStatus(JsonElement value)
    {
        int status;
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt32(out status) && status is >= 200 and <= 599;
        return value.ValueKind == JsonValueKind.String
            && int.TryParse(value.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out status) && status is >= 200 and <= 599;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
