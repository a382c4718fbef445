using System.Buffers;
using System.Text;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Makes response fields of the headers in a function's result (rest-api.md 5.8 "Header merge", 4.3, 4.5).</summary>
/// <remarks>
/// Not confirmed, and chosen here: a value of null is left out; a name that is no field name, and a value with a byte that no field may have, make the result malformed,
/// because a response must not be split by it; more than <see cref="MostBytes"/> of fields do so, too.
/// </remarks>
internal static class FunctionHeaders
{
    /// <summary>Most bytes of names and values.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Most fields.</summary>
    public const int MostFields = 1000;

    private const int LongestName = 256;

    private static readonly SearchValues<byte> s_tokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);

    /// <summary>Adds the fields.</summary>
    /// <param name="view">The result.</param>
    /// <param name="result">Its members.</param>
    /// <param name="headers">Gets the fields.</param>
    /// <param name="scratch">For values without their escapes.</param>
    /// <returns>False when the result is malformed; some fields may have been added then.</returns>
    public static bool TryAdd(JsonView view, in FunctionResult result, HeaderTable headers, Span<byte> scratch)
    {
        if (result.MultiValueHeaders >= 0)
        {
            for (int name = result.MultiValueHeaders + 1; name < view.Tokens[result.MultiValueHeaders].Next; name = view.Tokens[name + 1].Next)
            {
                if (view.Tokens[name + 1].Kind != JsonTokenKind.Array || !TryAddEach(view, name, name + 1, headers, scratch)) return false;
            }
        }

        int fromLists = headers.Count;
        if (result.Headers >= 0)
        {
            for (int name = result.Headers + 1; name < view.Tokens[result.Headers].Next; name = view.Tokens[name + 1].Next)
            {
                if (!TryAddOne(view, name, name + 1, fromLists, headers, scratch)) return false;
            }
        }

        if (result.Cookies < 0) return true;
        for (int value = result.Cookies + 1; value < view.Tokens[result.Cookies].Next; value = view.Tokens[value].Next)
        {
            if (view.Tokens[value].Kind != JsonTokenKind.String || !TryReadValue(view, value, scratch, out ReadOnlySpan<byte> cookie)) return false;
            if (!TryAdd(headers, "Set-Cookie"u8, cookie, 0)) return false;
        }

        return true;
    }

    private static bool TryAddEach(JsonView view, int name, int list, HeaderTable headers, Span<byte> scratch)
    {
        for (int value = list + 1; value < view.Tokens[list].Next; value = view.Tokens[value].Next)
        {
            // The list of one name does not look for itself: its own casing is the one that counts.
            if (!TryAddOne(view, name, value, 0, headers, scratch)) return false;
        }

        return true;
    }

    private static bool TryAddOne(JsonView view, int nameToken, int value, int fromLists, HeaderTable headers, Span<byte> scratch)
    {
        Span<byte> plain = stackalloc byte[LongestName];
        scoped ReadOnlySpan<byte> name = view.Raw(nameToken);
        if (name.IsEmpty || name.Length > LongestName) return false;
        if (view.Tokens[nameToken].IsEscaped) name = plain[..JsonText.Unescape(name, plain)];
        if (name.ContainsAnyExcept(s_tokenBytes)) return false;
        if (view.Tokens[value].Kind == JsonTokenKind.Null) return true;
        return TryReadValue(view, value, scratch, out ReadOnlySpan<byte> text) && TryAdd(headers, name, text, fromLists);
    }

    private static bool TryReadValue(JsonView view, int value, Span<byte> scratch, out ReadOnlySpan<byte> text)
    {
        text = view.Raw(value);
        JsonToken token = view.Tokens[value];
        if (token.Kind is JsonTokenKind.Array or JsonTokenKind.Object or JsonTokenKind.Null) return false;
        if (text.Length > scratch.Length) return false;
        if (token.Kind == JsonTokenKind.String && token.IsEscaped)
        {
            Span<byte> plain = scratch[..JsonText.Unescape(text, scratch)];
            Surrogates.Replace(plain);
            text = plain;
        }

        text = text.Trim(" \t"u8);
        return ValueReader.IsFieldValue(text);
    }

    /// <summary>Adds a field as the client may get it, unless the same is there already.</summary>
    private static bool TryAdd(HeaderTable headers, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, int fromLists)
    {
        KnownHeader known = KnownHeaders.Find(name);
        if (HeaderRules.Has(known, HeaderRule.NotReturnedByFunction)) return true;
        if (headers.Count == MostFields || headers.BlockLength + name.Length + value.Length > MostBytes) return false;

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
            if (headers.Value(i).SequenceEqual(value)) return true; // identical pairs are not repeated
            if (same < 0 && i < fromLists) same = i;
        }

        if (same < 0)
        {
            headers.Add(known, name, value);
            return true;
        }

        // The casing of multiValueHeaders is kept.
        HeaderField first = headers[same];
        headers.AddAt(first.NameStart, first.NameLength, headers.Append(value), value.Length, known);
        return true;
    }
}
