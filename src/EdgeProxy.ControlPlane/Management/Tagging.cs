using System.Diagnostics.CodeAnalysis;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Tags of what can have them: the member <c>tags</c> of its record, which is left away when there are none.</summary>
public static class Tagging
{
    /// <summary>Longest key of a tag, in characters.</summary>
    public const int LongestKey = 128;

    /// <summary>Longest value of a tag, in characters.</summary>
    public const int LongestValue = 256;

    private const int LongestId = 64;

    /// <summary>Takes the tags of a create over into a record. Null when they are as they may be.</summary>
    public static Reply? Take(Call call, WireValue record, WireValue body)
    {
        if (body["tags"] is not { IsObject: true, Members.Count: > 0 } tags) return null;
        foreach ((string key, WireValue value) in tags.Members) record.ObjectAt("tags").Set(key, value.Text);
        return Check(call, record.ObjectAt("tags"));
    }

    /// <summary>Judges all tags that a thing has.</summary>
    public static Reply? Check(Call call, WireValue tags)
    {
        foreach ((string key, WireValue value) in tags.Members)
        {
            if (key.Length is 0 or > LongestKey) return Reply.BadRequest($"Invalid tag key specified, it takes 1 to {LongestKey} characters.");
            if (value.Text.Length > LongestValue) return Reply.BadRequest($"Invalid value of the tag {key} specified, can be at most {LongestValue} characters.");
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)) return Reply.BadRequest($"Invalid tag key specified: {key}. Keys that begin with aws: are reserved.");
        }

        int most = call.Options.Limits.Tags;
        if (tags.Members.Count <= most) return null;
        string text = $"A resource takes at most {most} tags.";
        return call.Operation.Version == ServiceVersion.V2 ? Reply.TooMany(LimitNames.Tags, text, "Tags") : Reply.LimitExceeded(LimitNames.Tags, text);
    }

    /// <summary>The id of what is created: the one that a tag chooses, as emulators of the service have it, or a new one.</summary>
    /// <param name="call">The create.</param>
    /// <param name="length">Characters of a new id.</param>
    /// <param name="isTaken">Whether there is something with an id.</param>
    /// <param name="id">The id.</param>
    /// <param name="fault">Why the chosen one cannot be.</param>
    public static bool TryTakeId(Call call, int length, Func<string, bool> isTaken, [NotNullWhen(true)] out string? id, [NotNullWhen(false)] out Reply? fault) =>
        TryTakeId(call.Body["tags"]?.TextOf(Ids.CustomIdTag), length, isTaken, out id, out fault);

    /// <param name="custom">The id that the client chose; null for a new one.</param>
    /// <param name="length">Characters of a new id.</param>
    /// <param name="isTaken">Whether there is something with an id.</param>
    /// <param name="id">The id.</param>
    /// <param name="fault">Why the chosen one cannot be.</param>
    public static bool TryTakeId(string? custom, int length, Func<string, bool> isTaken, [NotNullWhen(true)] out string? id, [NotNullWhen(false)] out Reply? fault)
    {
        fault = null;
        id = custom;
        if (id is null)
        {
            id = Ids.New(length, isTaken);
            return true;
        }

        if (!IsId(id)) fault = Reply.BadRequest($"Invalid tag {Ids.CustomIdTag} specified, ids have 1 to {LongestId} lower-case letters, digits, hyphens and underscores.");
        else if (isTaken(id)) fault = Reply.Conflict($"The id {id} is taken.");
        return fault is null;
    }

    /// <summary>A record as gets and updates show it: with its tags even when there are none (control-plane.md 1.1). Creates and lists show it as it is.</summary>
    public static Reply Show(Record record) => Show(record.Json);

    /// <param name="json">A record's JSON.</param>
    public static Reply Show(ReadOnlyMemory<byte> json)
    {
        // No text holds a quote that is not escaped, and no member within a record is called so.
        if (json.Span.IndexOf("\"tags\":{"u8) >= 0) return Reply.Of(json);
        ReadOnlySpan<byte> none = ",\"tags\":{}}"u8;
        byte[] shown = new byte[json.Length - 1 + none.Length];
        json.Span[..^1].CopyTo(shown);
        none.CopyTo(shown.AsSpan(json.Length - 1));
        return Reply.Of(shown);
    }

    private static bool IsId(string id)
    {
        if (id.Length is 0 or > LongestId) return false;
        foreach (char c in id)
        {
            // Host names have no capitals, and ids stand in them.
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_')) return false;
        }

        return true;
    }
}
