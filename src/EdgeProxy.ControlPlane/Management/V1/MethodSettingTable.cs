using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Settings of a stage by method (control-plane.md 3.2), under the keys <c>*/*</c> and <c>pets/{id}/GET</c>.</summary>
internal static class MethodSettingTable
{
    /// <summary>The settings for all methods, which others start from.</summary>
    public const string AllMethods = "*/*";

    private static readonly string[] s_verbs = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY", "*"];

    private static readonly MethodSetting[] s_settings =
    [
        new("metrics/enabled", "metricsEnabled", PatchType.Boolean, "false"),
        new("logging/loglevel", "loggingLevel", PatchType.Text, null) { Values = ["OFF", "ERROR", "INFO"] },
        new("logging/dataTrace", "dataTraceEnabled", PatchType.Boolean, "false"),
        new("throttling/burstLimit", "throttlingBurstLimit", PatchType.Integer, "5000") { Least = -1, Most = int.MaxValue },
        new("throttling/rateLimit", "throttlingRateLimit", PatchType.Double, "10000.0") { Least = -1 },
        new("caching/enabled", "cachingEnabled", PatchType.Boolean, "false"),
        new("caching/ttlInSeconds", "cacheTtlInSeconds", PatchType.Integer, "300") { Least = 0, Most = 3600 },
        new("caching/dataEncrypted", "cacheDataEncrypted", PatchType.Boolean, "false"),
        new("caching/requireAuthorizationForCacheControl", "requireAuthorizationForCacheControl", PatchType.Boolean, "true"),
        new("caching/unauthorizedCacheControlHeaderStrategy", "unauthorizedCacheControlHeaderStrategy", PatchType.Text, "\"SUCCEED_WITH_RESPONSE_HEADER\"")
        {
            Values = ["FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"],
        },
    ];

    public static MethodSetting? FindOrNull(string tail) => Array.Find(s_settings, setting => setting.Tail == tail);

    /// <summary>The key of a resource path and a verb, the path in one part or in several; null when that is no method.</summary>
    public static string? KeyOrNull(ReadOnlySpan<string> method)
    {
        if (method.Length < 2 || Array.IndexOf(s_verbs, method[^1]) < 0) return null;
        string path = string.Join('/', method[..^1].ToArray()).TrimStart('/');

        // All methods are meant by two stars, never by one.
        if ((path == "*") != (method[^1] == "*")) return null;

        // The root has no name of its own; clients look for the one they sent.
        return (path.Length == 0 ? "~1" : path) + "/" + method[^1];
    }

    /// <summary>Sets one setting of a method, whose others come from those of all methods, or are as at first.</summary>
    public static Reply? Set(Call call, WireValue stage, string key, MethodSetting setting, PatchOperation operation)
    {
        string text = operation.Value ?? "";
        if (ApplyPatch.ValueOrNull(text, setting.Type) is not { } value || !Fits(setting, value)) return Wrong(setting, text);
        WireValue settings = stage.ObjectAt("methodSettings");
        if (settings[key] is not { IsObject: true } method)
        {
            // One for each method there may be, so that nobody fills a stage with names.
            int most = call.Options.Limits.ResourcesPerApi;
            if (settings.Members.Count >= most) return Reply.LimitExceeded(LimitNames.Resources, $"Maximum number of method settings for this stage has been reached. The limit is {most}");
            settings[key] = method = settings[AllMethods] is { IsObject: true } general ? general.Clone() : Initial();
        }

        method[setting.Member] = value;
        return null;
    }

    /// <summary>Drops the settings of a method; false when it has none.</summary>
    public static bool Remove(WireValue stage, string[] segments)
    {
        if (KeyOrNull(segments) is not { } key || stage["methodSettings"] is not { IsObject: true } settings || settings[key] is null) return false;
        settings[key] = null;
        return true;
    }

    /// <summary>Puts other settings in the place of all.</summary>
    /// <param name="call">Bounds them.</param>
    /// <param name="stage">Gets them.</param>
    /// <param name="text">A JSON object of settings by method; null for none.</param>
    public static Reply? Replace(Call call, WireValue stage, string? text)
    {
        WireValue replaced = WireValue.NewObject();
        WireValue? given = null;
        if (text is not null && (!WireValue.TryParse(Encoding.UTF8.GetBytes(text), out given) || !given.IsObject)) return Reply.BadRequest("Invalid methodSettings specified. Must be a JSON object");
        foreach ((string name, WireValue settings) in given?.Members ?? [])
        {
            if (KeyOrNull(SegmentsOf(name)) is not { } key) return Reply.BadRequest($"Invalid method setting key specified: {StageRules.Shortened(name)}");
            if (replaced.Members.Count >= call.Options.Limits.ResourcesPerApi) return Reply.LimitExceeded(LimitNames.Resources, $"Maximum number of method settings for this stage has been reached. The limit is {call.Options.Limits.ResourcesPerApi}");
            WireValue method = Initial();
            foreach ((string member, WireValue value) in settings.Members)
            {
                if (Array.Find(s_settings, setting => setting.Member == member) is not { } known) return Reply.BadRequest($"Invalid method setting specified: {StageRules.Shortened(member)}");

                // As in a patch, numbers and booleans may come as texts.
                if (ApplyPatch.ValueOrNull(value.Text, known.Type) is not { } typed || !Fits(known, typed)) return Wrong(known, value.Text);
                method[member] = typed;
            }

            replaced[key] = method;
        }

        stage["methodSettings"] = replaced;
        return null;
    }

    private static string[] SegmentsOf(string name)
    {
        string[] segments = name.TrimStart('/').Split('/');
        return Array.ConvertAll(segments, static segment => segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
    }

    private static WireValue Initial()
    {
        WireValue method = WireValue.NewObject();
        foreach (MethodSetting setting in s_settings)
        {
            if (setting.Initial is { } json) method[setting.Member] = WireValue.Parse(Encoding.UTF8.GetBytes(json));
        }

        return method;
    }

    private static bool Fits(MethodSetting setting, WireValue value)
    {
        if (setting.Values is { } values) return Array.IndexOf(values, value.Text) >= 0;
        return setting.Type == PatchType.Boolean || (double.Parse(value.Text, CultureInfo.InvariantCulture) is double number && number >= setting.Least && number <= setting.Most);
    }

    private static Reply Wrong(MethodSetting setting, string text)
    {
        string allowed = setting.Values is { } values ? $"Must be one of: [{string.Join(", ", values)}]"
            : setting.Most < int.MaxValue ? $"Must be between {setting.Least:0} and {setting.Most:0}"
            : "Must be a number that is not negative, or -1 for none";
        return Reply.BadRequest($"Invalid {setting.Member} specified: {StageRules.Shortened(text)}. {allowed}");
    }
}
