using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Makes documentation parts of what a document says for people, and the version it names (control-plane.md 3.7).</summary>
internal sealed class WriteDocumentation
{
    private readonly Call _call;
    private readonly string _scope;
    private readonly Dictionary<string, Record> _there = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly List<string> _warnings;
    private int _count;
    private int _left;

    private WriteDocumentation(Call call, string scope, List<string> warnings)
    {
        _call = call;
        _scope = scope;
        _warnings = warnings;
    }

    /// <summary>The ids of the parts that the document made or changed, in its order.</summary>
    private List<string> WrittenIds { get; } = [];

    /// <summary>Writes the parts. Those that the document lists stand before those that its descriptions make.</summary>
    /// <param name="call">Gets them.</param>
    /// <param name="scope">The API's.</param>
    /// <param name="listed">What the document lists; null for nothing.</param>
    /// <param name="described">What its descriptions say.</param>
    /// <param name="overwrites">Whether parts about something that the document says nothing about go.</param>
    /// <param name="warnings">Gets what was left out.</param>
    /// <param name="ids">The ids of the parts written.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public static Reply? Run(Call call, string scope, DocumentationDefinition? listed, IReadOnlyList<DescriptionReader.Part> described, bool overwrites, List<string> warnings, out IReadOnlyList<string> ids)
    {
        var write = new WriteDocumentation(call, scope, warnings);
        ids = write.WrittenIds;
        foreach (Record record in call.Book.All(scope, Kinds.DocumentationPart)) write._there[record.Open()["location"]?.ToString() ?? ""] = record;
        write._count = write._there.Count;
        foreach (DocumentationPartDefinition part in listed?.Parts ?? [])
        {
            if (!WireValue.TryParse(Encoding.UTF8.GetBytes(part.Location), out WireValue? location)) continue;
            if (DocumentationLocation.Read(location, out WireValue known) is { } wrong) return wrong;
            if (!WireValue.TryParse(Encoding.UTF8.GetBytes(part.Properties), out WireValue? properties) || !properties.IsObject)
            {
                return Reply.BadRequest($"Documentation part properties must be a JSON object: {DocumentationLocation.Describe(known)}");
            }

            write.Write(known, part.Properties);
        }

        foreach (DescriptionReader.Part part in described)
        {
            if (DocumentationLocation.Read(part.Location, out WireValue location) is null) write.Write(location, part.Properties);
        }

        if (overwrites) write.RemoveOthers();
        if (write._left > 0) warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{write._left} documentation parts were left out: an API has at most {call.Options.Limits.DocumentationParts} of at most {call.Options.Limits.DocumentationPartBytes} bytes."));
        if (listed?.Version is { Length: > 0 } version) write.WriteVersion(version);
        return null;
    }

    private void Write(WireValue location, string properties)
    {
        string key = location.ToString();
        if (!_written.Add(key)) return;
        bool isThere = _there.TryGetValue(key, out Record? there);
        bool isTooLong = Encoding.UTF8.GetByteCount(properties) > _call.Options.Limits.DocumentationPartBytes;
        if (isTooLong || (!isThere && _count >= _call.Options.Limits.DocumentationParts))
        {
            _call.Meet(isTooLong ? LimitNames.DocumentationPart : LimitNames.DocumentationParts);
            _left++;
            return;
        }

        if (!isThere) _count++;

        string id = there?.Key ?? Ids.New(Ids.Short, made => _call.Book.Find(_scope, Kinds.DocumentationPart, made) is not null);
        byte[] json = WireValue.NewObject().Set("id", id).Set("location", location).Set("properties", properties).ToBytes();
        WrittenIds.Add(id);
        if (there is null || !there.Json.Span.SequenceEqual(json)) _call.Book.Put(_scope, Kinds.DocumentationPart, new Record(id, json));
    }

    private void RemoveOthers()
    {
        foreach ((string location, Record record) in _there)
        {
            if (!_written.Contains(location)) _call.Book.Remove(_scope, Kinds.DocumentationPart, record.Key);
        }
    }

    // A version is what parts were when it was made: the same document again changes nothing, another one of that version is not it.
    private void WriteVersion(string version)
    {
        WireValue parts = WireValue.NewList();
        foreach (Record part in _call.Book.All(_scope, Kinds.DocumentationPart)) parts.Items.Add(part.Open());
        byte[] snapshot = WireValue.NewObject().Set("item", parts).ToBytes();
        if (_call.Book.Find(_scope, Kinds.DocumentationVersion, version) is not null)
        {
            bool isSame = _call.Book.Find(_scope, Kinds.DocumentationSnapshot, version) is { } kept && kept.Json.Span.SequenceEqual(snapshot);
            if (!isSame) _warnings.Add($"The documentation version {version} exists already and stays as it was.");
            return;
        }

        if (_call.Book.All(_scope, Kinds.DocumentationVersion).Count >= _call.Options.Limits.DocumentationVersions)
        {
            _call.Meet(LimitNames.DocumentationVersions);
            _warnings.Add($"The documentation version {version} was not made: an API has at most {_call.Options.Limits.DocumentationVersions}.");
            return;
        }

        _call.Book.Put(_scope, Kinds.DocumentationVersion, version, WireValue.NewObject().Set("version", version).Set("createdDate", _call.NowSeconds));
        _call.Book.Put(_scope, Kinds.DocumentationSnapshot, new Record(version, snapshot));
    }
}
