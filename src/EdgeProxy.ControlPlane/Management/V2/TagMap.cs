using System.Globalization;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Tags that come with a create.</summary>
internal static class TagMap
{
    private const int LongestKey = 128;
    private const int LongestValue = 256;

    /// <summary>What is wrong with them; null for nothing.</summary>
    public static Reply? Fault(Call call)
    {
        IReadOnlyList<KeyValuePair<string, WireValue>> tags = call.Body.MembersOf("tags");
        int most = call.Options.Limits.Tags;
        if (tags.Count > most) return Reply.BadRequest(string.Create(CultureInfo.InvariantCulture, $"Invalid tags specified, can be at most {most}."));
        foreach ((string key, WireValue value) in tags)
        {
            if (key.Length is 0 or > LongestKey || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) || value.Text.Length > LongestValue)
            {
                return Reply.BadRequest($"Invalid tag specified: {(key.Length > LongestKey ? key[..LongestKey] : key)}");
            }
        }

        return null;
    }

    /// <summary>The tags as records hold them.</summary>
    public static WireValue Of(Call call)
    {
        WireValue tags = WireValue.NewObject();
        foreach ((string key, WireValue value) in call.Body.MembersOf("tags")) tags[key] = WireValue.Of(value.Text);
        return tags;
    }
}
