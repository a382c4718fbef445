using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Exports.Files;

/// <summary>Writes the settings of an HTTP API's stage as an item of <c>apis</c> has them.</summary>
internal static class HttpStageWriter
{
    /// <param name="entry">Gets them.</param>
    /// <param name="stage">The stage's record.</param>
    /// <param name="note">Gets what settings cannot say.</param>
    public static void Write(WireValue entry, WireValue stage, Action<string> note)
    {
        if (stage["accessLogSettings"] is { Members.Count: > 0 }) note("The access log format");
        if (stage.IsTrueOf("autoDeploy")) note("That each change is deployed at once");
        if (ThrottleOf(stage["defaultRouteSettings"]) is { } all) entry["throttle"] = all;
        WireValue methods = WireValue.NewObject();
        foreach ((string key, WireValue settings) in stage.MembersOf("routeSettings"))
        {
            if (ThrottleOf(settings) is not { } throttle) continue;
            int blank = key.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 0 || key.StartsWith("ANY ", StringComparison.Ordinal)) note($"The throttle of the route {key}");
            else methods[$"{key[(blank + 1)..].TrimEnd('/')}/{key[..blank]}"] = WireValue.NewObject().Set("throttle", throttle);
        }

        if (methods.Members.Count > 0) entry["methods"] = methods;
        if (stage.MembersOf("stageVariables") is not { Count: > 0 } variables) return;
        foreach ((string name, WireValue value) in variables) StageWriter.AddVariable(entry.ObjectAt("stageVariables"), name, value.Text);
    }

    private static WireValue? ThrottleOf(WireValue? settings) => StageWriter.Throttle(settings?.DoubleOf("throttlingRateLimit"), settings?.NumberOf("throttlingBurstLimit"));
}
