using System.Text;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Makes response fields of the headers in a function's result (rest-api.md 5.8 "Header merge", 4.3, 4.5).</summary>
/// <remarks>
/// Not confirmed, and chosen here: a value of null is left out; a name that is no field name, and a value with a byte that no field may have, make the result malformed,
/// because a response must not be split by it; more fields than the node's limits allow do so, too.
/// </remarks>
internal static class FunctionHeaders
{
    private const int LongestName = 256;

    /// <summary>Adds the fields.</summary>
    /// <param name="view">The result.</param>
    /// <param name="result">Its members.</param>
    /// <param name="headers">Gets the fields.</param>
    /// <param name="limits">How many there may be.</param>
    /// <param name="scratch">For values without their escapes.</param>
    /// <returns>Whether they are all there; where not, some may have been added.</returns>
    public static FieldVerdict Add(JsonView view, in FunctionResult result, HeaderTable headers, in FunctionFieldLimits limits, Span<byte> scratch)
    {
        if (result.MultiValueHeaders >= 0)
        {
            for (int name = result.MultiValueHeaders + 1; name < view.Nodes[result.MultiValueHeaders].Next; name = view.After(name + 1))
            {
                if (view.Nodes[name + 1].Kind != JsonKind.Array) return FieldVerdict.Malformed;
                if (AddEach(view, name, name + 1, headers, limits, scratch) is not FieldVerdict.Added and var refused) return refused;
            }
        }

        int fromLists = headers.Count;
        if (result.Headers >= 0)
        {
            for (int name = result.Headers + 1; name < view.Nodes[result.Headers].Next; name = view.After(name + 1))
            {
                if (AddOne(view, name, name + 1, fromLists, headers, limits, scratch) is not FieldVerdict.Added and var refused) return refused;
            }
        }

        if (result.Cookies < 0) return FieldVerdict.Added;
        for (int value = result.Cookies + 1; value < view.Nodes[result.Cookies].Next; value = view.After(value))
        {
            if (view.Nodes[value].Kind != JsonKind.String || !TryReadValue(view, value, scratch, out ReadOnlySpan<byte> cookie)) return FieldVerdict.Malformed;
            if (Add(headers, "Set-Cookie"u8, cookie, 0, limits) is not FieldVerdict.Added and var refused) return refused;
        }

        return FieldVerdict.Added;
    }

    private static FieldVerdict AddEach(JsonView view, int name, int list, HeaderTable headers, in FunctionFieldLimits limits, Span<byte> scratch)
    {
        for (int value = list + 1; value < view.Nodes[list].Next; value = view.After(value))
        {
            // The list of one name does not look for itself: its own casing is the one that counts.
            if (AddOne(view, name, value, 0, headers, limits, scratch) is not FieldVerdict.Added and var refused) return refused;
        }

        return FieldVerdict.Added;
    }

    private static FieldVerdict AddOne(JsonView view, int nameToken, int value, int fromLists, HeaderTable headers, in FunctionFieldLimits limits, Span<byte> scratch)
    {
        Span<byte> plain = stackalloc byte[LongestName];
        scoped ReadOnlySpan<byte> name = view.Raw(nameToken);
        if (name.IsEmpty || name.Length > LongestName) return FieldVerdict.Malformed;
        if (view.Nodes[nameToken].IsEscaped) name = plain[..JsonText.Unescape(name, plain)];
        if (!Syntax.IsFieldName(name)) return FieldVerdict.Malformed;
        if (view.Nodes[value].Kind == JsonKind.Null) return FieldVerdict.Added;
        return TryReadValue(view, value, scratch, out ReadOnlySpan<byte> text) ? Add(headers, name, text, fromLists, limits) : FieldVerdict.Malformed;
    }

    private static bool TryReadValue(JsonView view, int value, Span<byte> scratch, out ReadOnlySpan<byte> text)
    {
        text = view.Raw(value);
        JsonNode token = view.Nodes[value];
        if (token.Kind is JsonKind.Array or JsonKind.Object or JsonKind.Null) return false;
        if (text.Length > scratch.Length) return false;
        if (token.Kind == JsonKind.String && token.IsEscaped)
        {
            Span<byte> plain = scratch[..JsonText.Unescape(text, scratch)];
            Surrogates.Replace(plain);
            text = plain;
        }

        text = text.Trim(" \t"u8);
        return Syntax.IsFieldValue(text);
    }

    /// <summary>Adds a field as the client may get it, unless the same is there already.</summary>
    private static FieldVerdict Add(HeaderTable headers, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, int fromLists, in FunctionFieldLimits limits)
    {
        KnownHeader known = KnownHeaders.Find(name);
        if (HeaderRules.Has(known, HeaderRule.NotReturnedByFunction)) return FieldVerdict.Added;
        if (headers.Count >= limits.Count) return FieldVerdict.TooMany;
        if (headers.BlockLength + name.Length + value.Length > limits.Bytes) return FieldVerdict.TooLarge;

        ReadOnlySpan<byte> prefix = "x-amzn-Remapped-"u8;
        Span<byte> renamed = stackalloc byte[LongestName + 16];
        if (HeaderRules.Has(known, HeaderRule.RemappedFromFunction))
        {
            prefix.CopyTo(renamed);
            name.CopyTo(renamed[prefix.Length..]);
            name = renamed[..(prefix.Length + name.Length)];
            known = KnownHeader.Other;
        }

        int same = -1;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != known || headers[i].NameLength != name.Length || !Ascii.EqualsIgnoreCase(headers.Name(i), name)) continue;
            if (headers.Value(i).SequenceEqual(value)) return FieldVerdict.Added; // identical pairs are not repeated
            if (same < 0 && i < fromLists) same = i;
        }

        if (same < 0)
        {
            headers.Add(known, name, value);
            return FieldVerdict.Added;
        }

        // The casing of multiValueHeaders is kept.
        HeaderField first = headers[same];
        headers.AddAt(first.NameStart, first.NameLength, headers.Append(value), value.Length, known);
        return FieldVerdict.Added;
    }
}
