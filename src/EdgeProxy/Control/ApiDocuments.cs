using System.IO.Hashing;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>Reads the documents of a node's APIs into definitions. One that did not change since the last time is not read again.</summary>
/// <remarks>
/// Of an unchanged document only what is said of the API as a whole is kept, not its routes: those stand compiled in the plan that
/// the compiler finds by <see cref="LoadedApi.Content"/>. Control thread only.
/// </remarks>
internal sealed class ApiDocuments
{
    private const int ApiGatewayTimeout = 29_000;

    private Dictionary<Source, Imported> _imported = [];

    /// <summary>Loads all; those that cannot be read at all are left out, with a problem.</summary>
    public IReadOnlyList<LoadedApi> Load(IReadOnlyList<ApiSettings> apis, ImportChoices choices, ProblemList problems)
    {
        var loaded = new List<LoadedApi>(apis.Count);
        foreach (ApiSettings api in apis)
        {
            if (LoadOne(api, apis.Count, choices, problems) is not { } main) continue;
            LoadedApi? canary = null;
            if (api.Canary is { File: { } file } own)
            {
                // Another id makes another deployment id, which is how requests are told apart.
                canary = LoadOne(api with { File = file, DisplayFile = own.DisplayFile!, Id = main.Definition.Id + "-canary", Origin = own.Origin }, apis.Count, choices, problems);
                if (canary is null) continue;
            }

            loaded.Add(main with { Canary = canary });
        }

        return loaded;
    }

    private LoadedApi? LoadOne(ApiSettings api, int count, ImportChoices choices, ProblemList problems)
    {
        if (Read(api, problems) is not { } bytes) return null;
        var source = new Source(api.File, XxHash128.HashToUInt128(bytes), api.Id, api.Name, api.Type, choices);
        if (_imported.TryGetValue(source, out Imported? known))
        {
            problems.AddRange(known.Problems);
            return new LoadedApi(api, known.Definition, BasePathOf(api, known.Definition, count), known);
        }

        var found = new ProblemList();
        ApiDefinition? definition = OpenApiImporter.Import(api.DisplayFile, bytes, OptionsFor(api, choices), found);
        problems.AddRange(found);
        if (definition is null) return null;
        if (api.Name is { } name) definition = definition with { Name = name };
        definition = WithTimeouts(definition, choices.LongestTimeoutInMillis);
        return new LoadedApi(api, definition, BasePathOf(api, definition, count), new Imported(source, WithoutRoutes(definition), found));
    }

    /// <summary>Remembers what was loaded, once its plans serve: from then on an unchanged document is not imported again.</summary>
    public void Keep(IReadOnlyList<LoadedApi> loaded)
    {
        var kept = new Dictionary<Source, Imported>();
        foreach (LoadedApi api in loaded.Concat(loaded.Select(api => api.Canary).OfType<LoadedApi>()))
        {
            var imported = (Imported)api.Content;
            kept[imported.Source] = imported;
        }

        _imported = kept;
    }

    /// <summary>As the compiler wants them.</summary>
    public static IReadOnlyList<MountedApi> Mounted(IReadOnlyList<LoadedApi> apis) => [.. apis.Select(api => new MountedApi(
        api.Definition,
        StageOf(api.Settings),
        api.BasePath.Trim('/'),
        [.. api.Settings.Domains.Select(domain => domain.ToLowerInvariant())],
        api.Content)
        {
            Canary = api.Canary is { } canary ? new MountedCanary(canary.Definition, canary.Content) : null,
        })];

    /// <summary>How the compiler is to judge them.</summary>
    public static CheckOptions OptionsOf(ImportChoices choices) => new() { Strict = choices.Strict, LongestTimeoutInMillis = choices.LongestTimeoutInMillis };

    private static StageDefinition StageOf(ApiSettings api) => new()
    {
        Name = api.Stage,
        Origin = api.Origin,
        Variables = api.StageVariables,
        ClientCertificateId = api.ClientCertificateId,
        Canary = api.Canary is { } canary
            ? new CanaryDefinition { PercentTraffic = canary.Percent, UseStageCache = canary.UseStageCache, StageVariableOverrides = canary.StageVariables, Origin = canary.Origin }
            : null,
        CacheClusterEnabled = Caches(api),
        CacheStatusHeader = api.CacheHeader,
        MethodSettings =
        [
            .. api.Throttle is null && api.Concurrency is null && !Caches(api) ? Array.Empty<MethodSettingsDefinition>() : [MethodSettingsOf("*", "*", api.Throttle, api.Concurrency, api.Cache, api.Origin)],

            // A definition's settings of one method take the place of those of all; here only what is written does.
            .. api.Methods.Select(method => MethodSettingsOf(
                method.Path, method.Verb, method.SaysThrottle ? method.Throttle : api.Throttle, method.SaysConcurrency ? method.Concurrency : api.Concurrency, api.Cache.Overlaid(method.Cache ?? new CacheSettings()), method.Origin)),
        ],
    };

    // A method may be cached where the API as such is not.
    private static bool Caches(ApiSettings api) => api.Cache.Enabled == true || api.Methods.Any(static method => method.Cache is { Enabled: true });

    private static MethodSettingsDefinition MethodSettingsOf(string path, string verb, ThrottleSettings? throttle, ConcurrencySettings? concurrency, CacheSettings cache, Origin? origin) => new()
    {
        ResourcePath = path,
        Verb = verb,
        Origin = origin,
        ThrottlingRateLimit = throttle?.Rate,
        ThrottlingBurstLimit = throttle?.Burst,
        CachingEnabled = cache.Enabled,
        CacheTtlInSeconds = cache.TtlInSeconds,
        RequireAuthorizationForCacheControl = cache.RequireAuthorization ?? true,
        UnauthorizedCacheControlHeaderStrategy = cache.Unauthorized ?? default,
        Concurrency = concurrency is null ? null : new ConcurrencyDefinition { Max = concurrency.Max, Queue = concurrency.Queue, WaitNanoseconds = concurrency.Wait },
    };

    private static byte[]? Read(ApiSettings api, ProblemList problems)
    {
        try
        {
            return File.ReadAllBytes(api.File);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Error(ProblemCode.UnreadableFile, api.Origin ?? new Origin(api.DisplayFile, "", 1, 1), $"The document {api.DisplayFile} cannot be read: {FileFailure.ReasonOf(exception)}.");
            return null;
        }
    }

    private static OpenApiImportOptions OptionsFor(ApiSettings api, ImportChoices choices) => new()
    {
        ApiId = api.Id?.ToLowerInvariant(),
        Kind = api.Type switch
        {
            "rest" => ApiKind.Rest,
            "http" => ApiKind.Http,
            _ => null,
        },
        Strict = choices.Strict,
        BasePath = choices.BasePath,
    };

    // An integration that asks for nothing gets what the settings say rather than API Gateway's 29 s, as far as its kind of API allows; one that streams has a limit of its own (decision 0060).
    private static ApiDefinition WithTimeouts(ApiDefinition definition, int milliseconds) => milliseconds == ApiGatewayTimeout
        ? definition
        : definition with
        {
            Methods = [.. definition.Methods.Select(method => method.Integration is { TimeoutInMillis: null, ResponseTransferMode: not ResponseTransferMode.Stream } integration
                ? method with { Integration = integration with { TimeoutInMillis = definition.Kind == ApiKind.Http ? Math.Min(milliseconds, CheckOptions.LongestHttpApiTimeoutInMillis) : milliseconds } }
                : method)],
        };

    /// <summary>The settings' base path, else the document's own, else the root for one API and the file's stem for several (architecture.md 5).</summary>
    private static string BasePathOf(ApiSettings api, ApiDefinition definition, int count)
    {
        string basePath = api.BasePath ?? definition.BasePath ?? (count == 1 ? "/" : "/" + Stem(api.File));
        return basePath.Length > 1 ? basePath.TrimEnd('/') : basePath;
    }

    // pets.openapi.yaml is called pets.
    private static string Stem(string file)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        foreach (string kind in (ReadOnlySpan<string>)[".openapi", ".swagger"])
        {
            if (stem.EndsWith(kind, StringComparison.OrdinalIgnoreCase) && stem.Length > kind.Length) return stem[..^kind.Length];
        }

        return stem;
    }

    private static ApiDefinition WithoutRoutes(ApiDefinition definition) => new()
    {
        Id = definition.Id,
        Name = definition.Name,
        Kind = definition.Kind,
        Origin = definition.Origin,
        BasePath = definition.BasePath,
        Endpoint = definition.Endpoint,
    };

    /// <summary>All that the outcome of an import depends on.</summary>
    private sealed record Source(string File, UInt128 Hash, string? Id, string? Name, string? Type, ImportChoices Choices);

    /// <summary>The outcome of an import.</summary>
    private sealed record Imported(Source Source, ApiDefinition Definition, ProblemList Problems);
}
