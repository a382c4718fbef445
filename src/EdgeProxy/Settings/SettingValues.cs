using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>Values by concrete path (<c>listeners[0].url</c>), as collected from all sources, before they become records.</summary>
internal sealed class SettingValues
{
    private readonly Dictionary<string, (object Value, Origin? Origin)> _values = new(StringComparer.Ordinal);

    /// <summary>Sets a value; a later source replaces an earlier one.</summary>
    public void Set(string path, object value, Origin? origin) => _values[path] = (value, origin);

    /// <summary>Forgets a list, because a later source replaces it as a whole.</summary>
    public void RemoveList(string list)
    {
        foreach (string path in _values.Keys.Where(path => path.StartsWith(list + "[", StringComparison.Ordinal)).ToArray()) _values.Remove(path);
    }

    /// <summary>The indexes that a list has, ascending.</summary>
    public IReadOnlyList<int> IndexesOf(string list) =>
        [.. _values.Keys.Where(path => path.StartsWith(list + "[", StringComparison.Ordinal))
            .Select(path => int.Parse(path.AsSpan(list.Length + 1, path.IndexOf(']', StringComparison.Ordinal) - list.Length - 1), CultureInfo.InvariantCulture))
            .Distinct().Order()];

    /// <summary>The items of a list by their places, such as <c>listeners[0]</c>.</summary>
    public IEnumerable<string> ItemsOf(string list) => IndexesOf(list).Select(index => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]"));

    /// <summary>What an item cannot do without; null once it is told. Only the environment can name a part of an item that the file does not have.</summary>
    /// <param name="at">The item.</param>
    /// <param name="member">What it needs.</param>
    /// <param name="origin">Where something else of it was said.</param>
    /// <param name="problems">Gets told.</param>
    public string? RequiredOrNull(string at, string member, Origin? origin, ProblemList problems)
    {
        if (TextOrNull($"{at}.{member}") is { } found) return found;
        TellMissing(at, member, origin, problems);
        return null;
    }

    /// <summary>Tells that an item lacks what it cannot do without.</summary>
    public static void TellMissing(string at, string member, Origin? origin, ProblemList problems) => problems.Error(ProblemCode.Missing, origin, $"\"{at}\" has no \"{member}\". Add it.");

    public bool Has(string path) => _values.ContainsKey(path);

    public Origin? OriginOf(string path) => _values.TryGetValue(path, out (object, Origin? Origin) found) ? found.Origin : null;

    /// <summary>A number, size or time; the reader has put in -1 for the setting's word.</summary>
    public long Number(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (long)found.Value : throw Absent(path);

    public int Count(string path) => checked((int)Number(path));

    public bool Boolean(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (bool)found.Value : throw Absent(path);

    public string Text(string path) => TextOrNull(path) ?? throw Absent(path);

    public string? TextOrNull(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (string)found.Value : null;

    public ListenUrl? UrlOrNull(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? found.Value as ListenUrl : null;

    public CidrSet Cidrs(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (CidrSet)found.Value : throw Absent(path);

    public IReadOnlyList<string> Texts(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (IReadOnlyList<string>)found.Value : [];

    public IReadOnlyDictionary<string, string> Map(string path) =>
        _values.TryGetValue(path, out (object Value, Origin?) found) ? (IReadOnlyDictionary<string, string>)found.Value : new Dictionary<string, string>();

    /// <summary>A throttle; null for the setting's word.</summary>
    public ThrottleSettings? ThrottleOrNull(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? found.Value as ThrottleSettings : null;

    /// <summary>A cap of requests at once; null for the setting's word.</summary>
    public ConcurrencySettings? ConcurrencyOrNull(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? found.Value as ConcurrencySettings : null;

    public double? PercentOrNull(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (double)found.Value : null;

    public IReadOnlyList<MethodSettings> Methods(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (IReadOnlyList<MethodSettings>)found.Value : [];

    public IReadOnlyList<UsagePlanStageDefinition> Stages(string path) => _values.TryGetValue(path, out (object Value, Origin?) found) ? (IReadOnlyList<UsagePlanStageDefinition>)found.Value : [];

    // Defaults are filled in before anything is read, so this is a hole in the reference.
    private static InvalidOperationException Absent(string path) => new($"The setting {path} has no value.");
}
