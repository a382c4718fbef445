using System.Buffers.Text;
using EdgeProxy.Core.Json;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Where the members of a function's result stand among its tokens (rest-api.md 5.8, "Function result"; 5.13 for a streamed one).</summary>
/// <remarks>
/// Not confirmed, and chosen here: a member written twice counts as it was written last; null counts as missing; a status is a whole number, or a text of digits, from 200 to 599;
/// <c>isBase64Encoded</c> is a boolean; a streamed result's metadata have no members but the four of 5.13.
/// </remarks>
internal struct FunctionResult
{
    /// <summary>Containers within each other: a result needs three.</summary>
    private const int DeepestResult = 16;

    /// <summary>Values and names: a result has a few for each header.</summary>
    private const int MostTokens = 16 * 1024;

    /// <summary>200 when the result says none.</summary>
    public int Status;

    /// <summary>The token of <c>headers</c>; -1 for none.</summary>
    public int Headers;

    /// <summary>The token of <c>multiValueHeaders</c>; -1 for none.</summary>
    public int MultiValueHeaders;

    /// <summary>The token of <c>cookies</c>; -1 for none. Of streamed results only.</summary>
    public int Cookies;

    /// <summary>The token of <c>body</c>; -1 for none.</summary>
    public int Body;

    public bool IsBase64Encoded;

    /// <summary>Reads a result. Nothing that it holds makes this throw.</summary>
    /// <param name="text">The result, or the metadata of a streamed one.</param>
    /// <param name="isStreamed">Whether it is the latter.</param>
    /// <param name="tape">Gets the tokens that the members stand among.</param>
    /// <param name="result">The members.</param>
    /// <returns>False when it is not of the form: 502.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, bool isStreamed, JsonTape tape, out FunctionResult result)
    {
        result = new FunctionResult { Status = 200, Headers = -1, MultiValueHeaders = -1, Cookies = -1, Body = -1 };
        if (JsonReader.ReadUtf8(tape, text, new JsonLimits(DeepestResult, MostTokens)) != JsonFault.None) return false;
        JsonView view = tape.View(text);
        if (view.Nodes[0].Kind != JsonKind.Object) return false;
        for (int name = 1; name < view.Nodes[0].Next; name = view.After(name + 1))
        {
            if (!result.TryTake(view, name, isStreamed)) return false;
        }

        return true;
    }

    private bool TryTake(JsonView view, int name, bool isStreamed)
    {
        // The longest name is "multiValueHeaders"; each of its characters may be escaped.
        Span<byte> plain = stackalloc byte[128];
        scoped ReadOnlySpan<byte> key = view.Raw(name);
        if (view.Nodes[name].IsEscaped)
        {
            if (key.Length > plain.Length) return false;
            key = plain[..JsonText.Unescape(key, plain)];
        }

        int value = name + 1;
        JsonKind kind = view.Nodes[value].Kind;
        int present = kind == JsonKind.Null ? -1 : value;
        if (key.SequenceEqual("statusCode"u8)) return present < 0 || TryReadStatus(view, value);
        if (key.SequenceEqual("headers"u8))
        {
            Headers = present;
            return present < 0 || kind == JsonKind.Object;
        }

        if (key.SequenceEqual("multiValueHeaders"u8))
        {
            MultiValueHeaders = present;
            return present < 0 || kind == JsonKind.Object;
        }

        if (isStreamed)
        {
            Cookies = present;
            return key.SequenceEqual("cookies"u8) && (present < 0 || kind == JsonKind.Array);
        }

        if (key.SequenceEqual("body"u8))
        {
            Body = present;
            return present < 0 || kind == JsonKind.String;
        }

        IsBase64Encoded = kind == JsonKind.True;
        return key.SequenceEqual("isBase64Encoded"u8) && kind is JsonKind.True or JsonKind.False or JsonKind.Null;
    }

    private bool TryReadStatus(JsonView view, int token)
    {
        ReadOnlySpan<byte> text = view.Raw(token);
        bool isNumber = view.Nodes[token].Kind is JsonKind.Integer or JsonKind.String;
        if (!isNumber || !Utf8Parser.TryParse(text, out int status, out int read) || read != text.Length || text[0] is (byte)'+' or (byte)'-') return false;
        Status = status;
        return status is >= 200 and <= 599;
    }
}
