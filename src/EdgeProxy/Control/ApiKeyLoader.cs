using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Imports.ApiKeys;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Loads the API keys of the settings, of their file and of the management API into the table by which requests are known.</summary>
internal static class ApiKeyLoader
{
    /// <summary>Loads all.</summary>
    /// <param name="settings">What is configured.</param>
    /// <param name="plans">The plans that keys are in.</param>
    /// <param name="problems">Gets what is wrong; with an error among it the result must not be used.</param>
    /// <param name="stored">The records of the management API; null for none.</param>
    public static KeyTable Load(NodeSettings settings, UsagePlanSet plans, ProblemList problems, RecordBook? stored = null) =>
        Load(LoadFiled(settings, plans, problems), plans, problems, stored);

    /// <summary>Puts the keys of the management API over those of files.</summary>
    /// <param name="filed">The keys of files.</param>
    /// <param name="plans">The plans that keys are in.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="stored">The records of the management API; null for none.</param>
    public static KeyTable Load(FiledKeys filed, UsagePlanSet plans, ProblemList problems, RecordBook? stored)
    {
        plans.FiledConfiguration = filed.Configuration;
        using var keys = new CompileApiKeys(plans, problems, filed);
        if (stored is not null) ReadUsagePlans.Keys(stored, (value, id, isEnabled) => keys.Add(value, id, isEnabled, default, static () => null));
        return keys.Build();
    }

    /// <summary>Loads the keys of settings and of their file, which takes its time where there are a million.</summary>
    public static FiledKeys LoadFiled(NodeSettings settings, UsagePlanSet plans, ProblemList problems)
    {
        using var keys = new CompileApiKeys(plans, problems);
        var holders = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < settings.ApiKeys.Count; i++)
        {
            ApiKeySettings key = settings.ApiKeys[i];

            // Of two keys of one file nobody could say which is meant; a file of keys may give one of these another id.
            string name = key.Id ?? $"apiKeys.keys[{i}]";
            if (!holders.TryAdd(key.Value, name))
            {
                problems.Error(ProblemCode.NotAllowed, key.Origin, $"The API keys {holders[key.Value]} and {name} have the same value. Give one of them another.");
                continue;
            }

            keys.Add(Encoding.UTF8.GetBytes(key.Value), Encoding.UTF8.GetBytes(key.Id ?? ""), key.IsEnabled, default, () => key.Origin);
        }

        if (settings.ApiKeyFile is { } file) LoadFile(file, settings.ApiKeyFileOrigin, keys, problems);
        return keys.BuildFiled();
    }

    private static void LoadFile(string file, Origin? origin, CompileApiKeys keys, ProblemList problems)
    {
        string name = Path.GetFileName(file);
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var reader = new ApiKeyFileReader(stream, name, problems);
            Func<Origin?> place = () => reader.Origin;
            if (!reader.TryReadColumns()) return;
            while (reader.TryRead()) keys.Add(reader.Value, reader.Id, reader.IsEnabled, reader.PlanIds, place);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Error(ProblemCode.UnreadableFile, origin ?? new Origin(name, "", 1, 1), $"The file of API keys {file} cannot be read: {FileFailure.ReasonOf(exception)}.");
        }
    }
}
