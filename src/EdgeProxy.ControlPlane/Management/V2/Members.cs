using System.Globalization;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>The members that clients may set of a kind of parts, and how long their texts may be. A create is a change of nothing.</summary>
/// <remarks>
/// A change is a partial object (control-plane.md 2.1): members that are there replace, and an empty text removes. Maps marked with <c>+</c> are merged by key,
/// where an empty text removes a key; of maps of maps, marked with <c>++</c>, an empty map removes a group. Other maps, structures and lists are replaced whole.
/// </remarks>
internal sealed class Members
{
    private const int LongestText = 2048;

    private readonly (string Name, int Merged, int Longest)[] _members;

    /// <param name="members"><c>name</c>, or <c>name:128</c> with the most characters of a text, or <c>name+</c>, <c>name++</c>; by blanks.</param>
    public Members(string members) => _members = Array.ConvertAll(members.Split(' '), static text =>
    {
        int end = text.AsSpan().IndexOfAny(':', '+');
        return end < 0 ? (text, 0, LongestText)
            : text[end] == '+' ? (text[..end], text.Length - end, LongestText)
            : (text[..end], 0, int.Parse(text.AsSpan(end + 1), CultureInfo.InvariantCulture));
    });

    /// <summary>Takes over what a body says.</summary>
    /// <param name="target">What is created or changed.</param>
    /// <param name="body">What the client sent, its types already checked.</param>
    /// <param name="limits">How many entries maps and lists may have.</param>
    public Reply? Merge(WireValue target, WireValue body, ManagementLimits limits)
    {
        foreach ((string name, int merged, int longest) in _members)
        {
            if (body[name] is not { Kind: not WireKind.Null } given) continue;
            if (Fault(name, given, longest, limits.Entries) is { } fault) return fault;
            if (merged > 0) MergeMap(target, name, given, merged);
            else target[name] = given is { IsText: true, Text: "" } ? null : WithoutNulls(given);
            if (target[name] is { } now && now.Members.Count > limits.Entries) return TooMany(name, limits.Entries);
        }

        return null;
    }

    private static void MergeMap(WireValue target, string name, WireValue given, int depth)
    {
        WireValue map = target.ObjectAt(name);
        foreach ((string key, WireValue value) in given.Members)
        {
            if (value is { Kind: WireKind.Null } or { IsText: true, Text: "" } || (depth > 1 && value.Members.Count == 0)) map[key] = null;
            else if (depth > 1) MergeMap(map, key, value, depth - 1);
            else map[key] = WithoutNulls(value);
        }

        if (map.Members.Count == 0) target[name] = null;
    }

    private static WireValue WithoutNulls(WireValue value)
    {
        if (!value.IsObject) return value;
        WireValue copy = WireValue.NewObject();
        foreach ((string key, WireValue item) in value.Members)
        {
            if (item.Kind != WireKind.Null) copy[key] = WithoutNulls(item);
        }

        return copy;
    }

    private static Reply? Fault(string name, WireValue value, int longest, int entries)
    {
        if (value.Text.Length > longest)
        {
            return Reply.BadRequest(string.Create(CultureInfo.InvariantCulture, $"Invalid {name} specified, can be at most {longest} characters."));
        }

        if (Math.Max(value.Members.Count, value.Items.Count) > entries) return TooMany(name, entries);
        foreach ((string key, WireValue item) in value.Members)
        {
            if (key.Length is 0 or > LongestText) return Reply.BadRequest($"Invalid key specified in {name}.");
            if (Fault(name, item, longest, entries) is { } fault) return fault;
        }

        foreach (WireValue item in value.Items)
        {
            if (Fault(name, item, longest, entries) is { } fault) return fault;
        }

        return null;
    }

    private static Reply TooMany(string name, int entries) =>
        Reply.TooLarge(LimitNames.Entries, string.Create(CultureInfo.InvariantCulture, $"Invalid {name} specified, can have at most {entries} entries."));
}
