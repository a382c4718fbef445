using System.Globalization;
using System.Text;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>Writes JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    /// <summary>The pointer of a value; empty for the whole text.</summary>
    /// <remarks>Goes down from the root, over the members before the one wanted. For explanations, not for requests.</remarks>
    public static string Of(JsonView view, int wanted)
    {
        var pointer = new StringBuilder();
        int container = 0;
        while (container < wanted)
        {
            bool isObject = view.Nodes[container].Kind == JsonKind.Object;
            int index = 0;
            int child = container + 1;
            while (child < wanted)
            {
                int value = isObject ? child + 1 : child;
                int after = view.After(value);
                if (wanted < after) break;
                child = after;
                index++;
            }

            int found = isObject ? child + 1 : child;
            pointer.Append('/');
            if (isObject) pointer.Append(NameOf(view, child));
            else pointer.Append(CultureInfo.InvariantCulture, $"{index}");
            container = found;
        }

        return pointer.ToString();
    }

    private static string NameOf(JsonView view, int name)
    {
        ReadOnlySpan<byte> raw = view.Raw(name);
        if (view.Nodes[name].IsEscaped)
        {
            Span<byte> text = new byte[raw.Length];
            raw = text[..JsonText.Unescape(raw, text)];
        }

        return Encoding.UTF8.GetString(raw).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }
}
