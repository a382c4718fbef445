using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>Collects the settings of a node from file, environment and flags, and reports everything that is wrong with them at once.</summary>
internal sealed class SettingsReader
{
    private const string EnvironmentPrefix = "EDGEPROXY_";

    private readonly SettingSources _sources;
    private readonly ProblemList _problems;
    private readonly SettingValues _values = new();
    private readonly string _fileDirectory;

    private SettingsReader(SettingSources sources, ProblemList problems)
    {
        _sources = sources;
        _problems = problems;
        _fileDirectory = sources.File is null
            ? sources.WorkingDirectory
            : Path.GetDirectoryName(Path.GetFullPath(sources.File, sources.WorkingDirectory)) ?? sources.WorkingDirectory;
    }

    /// <summary>Reads the settings; null when something is wrong with them, which then stands in <paramref name="problems"/>.</summary>
    public static NodeSettings? Read(SettingSources sources, ProblemList problems)
    {
        var reader = new SettingsReader(sources, problems);
        if (sources.File is not null) reader.ReadFile(sources.File);
        reader.ReadEnvironment();
        reader.ReadFlags();
        if (problems.HasErrors) return null;
        reader.FillDefaults();
        NodeSettings settings = NodeSettingsBuilder.Build(reader._values, sources, problems);
        return problems.HasErrors ? null : settings;
    }

    private void ReadFile(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(Path.GetFullPath(file, _sources.WorkingDirectory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _problems.Error(ProblemCode.UnreadableFile, new Origin(file, "", 1, 1), $"The settings file cannot be read: {FileFailure.ReasonOf(exception)}.");
            return;
        }

        if (DocumentReader.Read(file, bytes, _problems) is not { } root) return;
        if (root.ExpectMapping("The settings file", _problems)) ReadObject(root, section: "", concrete: "");
    }

    private void ReadObject(DocumentNode node, string section, string concrete)
    {
        foreach (DocumentEntry entry in node.Entries)
        {
            string path = section.Length == 0 ? entry.Name : $"{section}.{entry.Name}";
            string at = concrete.Length == 0 ? entry.Name : $"{concrete}.{entry.Name}";
            if (SettingsReference.Find(path) is { } setting && setting.Path == path) ReadValue(setting, at, entry.Value);
            else if (SettingsReference.IsSection(path + "[]")) ReadList(entry.Value, path, at);
            else if (SettingsReference.IsSection(path)) ReadSection(entry.Value, path, at);
            else ReportUnknown(entry, section);
        }
    }

    private void ReadSection(DocumentNode node, string path, string at)
    {
        // A section whose members are all commented out reads as null.
        if (!node.IsNull && node.ExpectMapping($"\"{at}\"", _problems)) ReadObject(node, path, at);
    }

    private void ReadList(DocumentNode node, string path, string at)
    {
        if (node.IsNull || !node.ExpectSequence($"\"{at}\"", _problems)) return;
        for (int i = 0; i < node.Items.Count; i++)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]");
            if (!node.Items[i].ExpectMapping($"\"{item}\"", _problems)) continue;
            ReadObject(node.Items[i], path + "[]", item);
            foreach (Setting setting in SettingsReference.All)
            {
                if (!setting.IsRequired || !setting.Path.StartsWith(path + "[].", StringComparison.Ordinal)) continue;
                string name = setting.Path[(path.Length + 3)..];
                if (node.Items[i].Find(name) is null) _problems.Error(ProblemCode.Missing, node.Items[i].Origin, $"\"{item}\" has no \"{name}\". Add it.");
            }
        }
    }

    private void ReadValue(Setting setting, string at, DocumentNode node)
    {
        switch (setting.Kind)
        {
            case SettingKind.Cidrs or SettingKind.Texts when node.IsSequence:
                ReadTexts(setting, at, node);
                return;
            case SettingKind.TextMap:
                ReadMap(at, node);
                return;
            case SettingKind.Throttle or SettingKind.Concurrency when node.IsMapping:
                if (FiguresText(setting.Kind, at, node) is { } figures) SetParsed(setting, at, figures, _fileDirectory, node.Origin, $"\"{at}\"");
                return;
            case SettingKind.Methods:
                ReadMethods(at, node);
                return;
            case SettingKind.Stages:
                ReadStages(at, node);
                return;
        }

        if (node.ExpectText($"\"{at}\"", _problems) is { } text && Substitute(text, at, node.Origin) is { } value)
        {
            SetParsed(setting, at, value, _fileDirectory, node.Origin, $"\"{at}\"");
        }
    }

    private void ReadTexts(Setting setting, string at, DocumentNode node)
    {
        var texts = new List<string>();
        foreach (DocumentNode item in node.Items)
        {
            if (item.ExpectText($"An item of \"{at}\"", _problems) is not { } text || Substitute(text, at, item.Origin) is not { } value) continue;
            if (setting.Kind == SettingKind.Texts)
            {
                texts.Add(value);
                continue;
            }

            // A variable may hold several; each is checked here, so that a problem stands at its own line.
            foreach (string part in SettingParser.Split(value))
            {
                if (SettingParser.TryParseCidrs([part], out _, out string wrong)) texts.Add(part);
                else _problems.Error(ProblemCode.BadFormat, item.Origin, $"\"{at}\": {wrong}.");
            }
        }

        if (setting.Kind == SettingKind.Texts) _values.Set(at, texts, node.Origin);
        else if (SettingParser.TryParseCidrs(texts, out object ranges, out _)) _values.Set(at, ranges, node.Origin);
    }

    private void ReadMap(string at, DocumentNode node)
    {
        if (node.IsNull || !node.ExpectMapping($"\"{at}\"", _problems)) return;
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DocumentEntry entry in node.Entries)
        {
            string name = $"{at}.{entry.Name}";
            if (entry.Value.ExpectText($"\"{name}\"", _problems) is { } text && Substitute(text, name, entry.Value.Origin) is { } value) map[entry.Name] = value;
        }

        _values.Set(at, map, node.Origin);
    }

    // As the one text that stands for all figures elsewhere: the first, then the others behind their names.
    private string? FiguresText(SettingKind kind, string at, DocumentNode node)
    {
        string[] names = kind == SettingKind.Throttle ? ThrottleSettings.Names : ConcurrencySettings.Names;
        string?[] figures = new string?[names.Length];
        foreach (DocumentEntry entry in node.Entries)
        {
            string name = $"{at}.{entry.Name}";
            int index = Array.IndexOf(names, entry.Name);
            if (index < 0)
            {
                ReportUnknown(entry, at, names);
                return null;
            }

            if (entry.Value.ExpectText($"\"{name}\"", _problems) is not { } text || Substitute(text, name, entry.Value.Origin) is not { } value) return null;
            figures[index] = value;
        }

        if (figures[0] is null) _problems.Error(ProblemCode.Missing, node.Origin, $"\"{at}\" has no \"{names[0]}\". Add it.");
        if (figures[0] is not { } whole) return null;
        for (int i = 1; i < names.Length; i++)
        {
            if (figures[i] is { } figure) whole += $" {names[i]} {figure}";
        }

        return whole;
    }

    private void ReadMethods(string at, DocumentNode node)
    {
        if (node.IsNull || !node.ExpectMapping($"\"{at}\"", _problems)) return;
        var methods = new List<MethodSettings>();
        foreach (DocumentEntry entry in node.Entries)
        {
            string name = $"{at}.\"{entry.Name}\"";
            if (!MethodSettings.TryParseName(entry.Name, out string path, out string verb))
            {
                _problems.Error(ProblemCode.BadFormat, entry.Key.Origin, $"\"{at}\": \"{entry.Name}\" is no method. Write the path as in the document, and behind it the verb: /pets/{{id}}/GET.");
                continue;
            }

            if (!entry.Value.ExpectMapping(name, _problems)) continue;
            var method = new MethodSettings(path, verb, entry.Key.Origin);
            foreach (DocumentEntry member in entry.Value.Entries) method = ReadMethod(method, name, member);
            if (entry.Value.Entries.Count > 0) methods.Add(method);
        }

        _values.Set(at, methods, node.Origin);
    }

    private void ReadStages(string at, DocumentNode node)
    {
        if (node.IsNull || !node.ExpectSequence($"\"{at}\"", _problems)) return;
        var stages = new List<UsagePlanStageDefinition>();
        for (int i = 0; i < node.Items.Count; i++)
        {
            string item = string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]");
            if (!node.Items[i].ExpectMapping($"\"{item}\"", _problems)) continue;
            string? api = null;
            string? stage = null;
            var methods = new List<UsagePlanMethodDefinition>();
            foreach (DocumentEntry member in node.Items[i].Entries)
            {
                string name = $"{item}.{member.Name}";
                if (member.Name == "methods") ReadStageMethods(name, member.Value, methods);
                else if (member.Name is not ("api" or "stage")) ReportUnknown(member, item, ["api", "stage", "methods"]);
                else if (member.Value.ExpectText($"\"{name}\"", _problems) is { } text && Substitute(text, name, member.Value.Origin) is { } value) (api, stage) = member.Name == "api" ? (value, stage) : (api, value);
            }

            if (api is null) _problems.Error(ProblemCode.Missing, node.Items[i].Origin, $"\"{item}\" has no \"api\". Add it: an API's id.");
            else stages.Add(new UsagePlanStageDefinition(api, stage ?? SettingsReference.Find("apis[].stage")!.Default!, methods, node.Items[i].Origin));
        }

        _values.Set(at, stages, node.Origin);
    }

    private void ReadStageMethods(string at, DocumentNode node, List<UsagePlanMethodDefinition> methods)
    {
        if (node.IsNull || !node.ExpectMapping($"\"{at}\"", _problems)) return;
        foreach (DocumentEntry entry in node.Entries)
        {
            if (!MethodSettings.TryParseName(entry.Name, out string path, out string verb))
            {
                _problems.Error(ProblemCode.BadFormat, entry.Key.Origin, $"\"{at}\": \"{entry.Name}\" is no method. Write the path as in the document, and behind it the verb: /pets/{{id}}/GET.");
            }
            else if (ReadFigures("usagePlans[].throttle", $"{at}.\"{entry.Name}\"", entry.Value) is { } figures)
            {
                var throttle = figures as ThrottleSettings;
                methods.Add(new UsagePlanMethodDefinition(path, verb, throttle?.Rate, throttle?.Burst, entry.Key.Origin));
            }
        }
    }

    private MethodSettings ReadMethod(MethodSettings method, string name, DocumentEntry member)
    {
        string at = $"{name}.{member.Name}";
        switch (member.Name)
        {
            case "throttle":
                return ReadFigures("apis[].throttle", at, member.Value) is { } throttle ? method with { Throttle = throttle as ThrottleSettings, SaysThrottle = true } : method;
            case "concurrency":
                return ReadFigures("apis[].concurrency", at, member.Value) is { } cap ? method with { Concurrency = cap as ConcurrencySettings, SaysConcurrency = true } : method;
            case "cache":
                return method with { Cache = ReadCache(at, member.Value) };
            default:
                ReportUnknown(member, name, MethodSettings.Names);
                return method;
        }
    }

    private CacheSettings ReadCache(string at, DocumentNode node)
    {
        var cache = new CacheSettings();
        if (node.IsNull || !node.ExpectMapping(at, _problems)) return cache;
        foreach (DocumentEntry entry in node.Entries)
        {
            if (!CacheSettings.Names.Contains(entry.Name, StringComparer.Ordinal)) ReportUnknown(entry, at, CacheSettings.Names);
            else if (ReadFigures($"apis[].cache.{entry.Name}", $"{at}.{entry.Name}", entry.Value) is { } value) cache = cache.With(entry.Name, value);
        }

        return cache;
    }

    // Figures that are an item of something else; written as the API's own are. The setting's word in place of figures is a text.
    private object? ReadFigures(string path, string at, DocumentNode node)
    {
        Setting setting = SettingsReference.Find(path)!;
        string? text = node.IsMapping ? FiguresText(setting.Kind, at, node) : node.ExpectText(at, _problems) is { } written ? Substitute(written, at, node.Origin) : null;
        if (text is null) return null;
        if (SettingParser.TryParse(setting, text.Trim(), _fileDirectory, out object value, out ProblemCode code, out string wrong)) return value;
        _problems.Error(code, node.Origin, $"{at} is \"{text}\": {wrong}.");
        return null;
    }

    private string? Substitute(string text, string at, Origin origin)
    {
        if (Substitution.TryApply(text, name => _sources.Environment.GetValueOrDefault(name), out string result, out string wrong)) return result;
        _problems.Error(ProblemCode.BadFormat, origin, $"\"{at}\": {wrong}.");
        return null;
    }

    private void ReadEnvironment()
    {
        foreach ((string variable, string text) in _sources.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(EnvironmentPrefix, StringComparison.Ordinal)) continue;
            string written = variable[EnvironmentPrefix.Length..];
            if (Resolve(written.Split("__")) is { } found)
            {
                SetParsed(found.Setting, found.At, text, _sources.WorkingDirectory, origin: null, variable);
                continue;
            }

            // Kubernetes puts EDGEPROXY_SERVICE_HOST and the like into pods beside a service of that name; those are not ours to refuse, nor to talk about.
            string path = written.Replace("__", ".", StringComparison.Ordinal);
            string suggestion = Suggest.DidYouMean(path, SettingsReference.All.Select(setting => setting.Path));
            string message = $"The environment variable {variable} names no setting.{suggestion} Correct or remove it.";
            if (written.Contains("__", StringComparison.Ordinal)) _problems.Error(ProblemCode.UnknownKey, null, message);
            else if (suggestion.Length > 0) _problems.Warning(ProblemCode.UnknownKey, null, message);
        }
    }

    // Shells and orchestrators like upper case, so names are compared without case here; list items are numbers.
    private static (Setting Setting, string At)? Resolve(string[] parts)
    {
        string path = "";
        string index = "";
        foreach (string part in parts)
        {
            if (part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit) && SettingsReference.IsSection(path + "[]"))
            {
                path += "[]";
                index = int.Parse(part, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            }
            else
            {
                path = path.Length == 0 ? part : $"{path}.{part}";
            }
        }

        return SettingsReference.Find(path) is { } setting && path.Contains("[]", StringComparison.Ordinal) == (index.Length > 0)
            ? (setting, setting.Path.Replace("[]", $"[{index}]", StringComparison.Ordinal))
            : null;
    }

    private void ReadFlags()
    {
        foreach ((string path, string text, string flag) in _sources.Flags)
        {
            SetParsed(SettingsReference.Find(path)!, path, text, _sources.WorkingDirectory, origin: null, flag);
        }

        if (_sources.Listen.Count == 0) return;
        _values.RemoveList("listeners");
        Setting url = SettingsReference.Find("listeners[].url")!;
        for (int i = 0; i < _sources.Listen.Count; i++)
        {
            SetParsed(url, string.Create(CultureInfo.InvariantCulture, $"listeners[{i}].url"), _sources.Listen[i], _sources.WorkingDirectory, origin: null, "--listen");
        }
    }

    private void FillDefaults()
    {
        foreach (Setting setting in SettingsReference.All)
        {
            if (setting.Default is null) continue;
            int bracket = setting.Path.IndexOf("[]", StringComparison.Ordinal);
            if (bracket < 0)
            {
                SetDefault(setting, setting.Path);
                continue;
            }

            foreach (int index in _values.IndexesOf(setting.Path[..bracket]))
            {
                SetDefault(setting, setting.Path.Replace("[]", string.Create(CultureInfo.InvariantCulture, $"[{index}]"), StringComparison.Ordinal));
            }
        }
    }

    private void SetDefault(Setting setting, string at)
    {
        if (_values.Has(at) || setting.Kind == SettingKind.TextMap) return;
        if (!SettingParser.TryParse(setting, setting.Default!, _sources.WorkingDirectory, out object value, out _, out string wrong))
        {
            throw new InvalidOperationException($"The default of {setting.Path} cannot be read: {wrong}");
        }

        _values.Set(at, value, origin: null);
    }

    private void SetParsed(Setting setting, string at, string text, string directory, Origin? origin, string source)
    {
        if (SettingParser.TryParse(setting, text.Trim(), directory, out object value, out ProblemCode code, out string wrong)) _values.Set(at, value, origin);
        else _problems.Error(code, origin, $"{source} is \"{text}\": {wrong}{(wrong.EndsWith('?') ? "" : ".")}");
    }

    private void ReportUnknown(DocumentEntry entry, string section) => ReportUnknown(entry, section, SettingsReference.NamesBelow(section));

    private void ReportUnknown(DocumentEntry entry, string section, IReadOnlyList<string> here)
    {
        string suggestion = Suggest.DidYouMean(entry.Name, here);

        // The right name at the wrong depth is the other usual mistake.
        if (suggestion.Length == 0)
        {
            Setting? elsewhere = SettingsReference.All.FirstOrDefault(setting => setting.Path.EndsWith("." + entry.Name, StringComparison.OrdinalIgnoreCase))
                ?? SettingsReference.Find(entry.Name);
            if (elsewhere is not null) suggestion = $" Did you mean \"{elsewhere.Path}\"?";
        }

        string where = section.Length == 0 ? "The settings file" : $"\"{section}\"";
        _problems.Error(ProblemCode.UnknownKey, entry.Key.Origin,
            $"{where} has no setting \"{entry.Name}\".{suggestion} {(suggestion.Length == 0 ? $"Known here: {string.Join(", ", here)}." : "Correct or remove it.")}");
    }
}
