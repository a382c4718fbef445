using EdgeProxy.Compiler.Problems;
using EdgeProxy.Http.Client;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Control;

/// <summary>Makes targets of what is configured of functions: looks at code directories and credentials, and starts nothing.</summary>
internal static class FunctionLoader
{
    /// <summary>Makes the targets.</summary>
    /// <param name="settings">What is configured.</param>
    /// <param name="environment">Where credentials may be.</param>
    /// <param name="metrics">What the targets count.</param>
    /// <param name="problems">Gets what is wrong; with an error among it the result must not be used.</param>
    public static LoadedFunctions Load(LambdaSettings settings, IReadOnlyDictionary<string, string> environment, CallMetrics metrics, ProblemList problems)
    {
        var locals = new List<(FunctionPattern, LocalFunctionOptions)>();
        var targets = new List<FunctionTarget>();
        var seen = new HashSet<(string, FunctionTargetKind)>();
        foreach (FunctionSettings function in settings.Functions)
        {
            string name = function.Pattern.Text;
            FunctionTargetKind kind = function.Local is not null ? FunctionTargetKind.Local : function.Url is not null ? FunctionTargetKind.Url : FunctionTargetKind.Endpoint;
            if (!seen.Add((name, kind)))
            {
                problems.Warning(ProblemCode.NotAllowed, function.Origin, $"The function {name} is configured twice in the same way, so that this item is never asked. Remove one.");
            }

            if (function.Local is { } local) locals.Add((function.Pattern, Local(function, local, settings, problems)));
            else if (function.Url is { } url) targets.Add(new UrlTarget(function.Pattern, url, metrics.For(name, kind)));
            else targets.Add(Endpoint(function, function.Endpoint!, settings, environment, metrics.For(name, kind), problems));
        }

        return new LoadedFunctions(settings, locals, targets);
    }

    /// <summary>Files whose change changes credentials.</summary>
    public static IEnumerable<string> FilesOf(LambdaSettings settings, IReadOnlyDictionary<string, string> environment) =>
        settings.Functions.Select(function => function.Endpoint is { } endpoint ? CredentialLoader.FileOf(endpoint.Credentials, environment) : null).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The ways in which functions are called by TLS.</summary>
    public static IEnumerable<UpstreamTls> TlsOf(LambdaSettings settings)
    {
        foreach (FunctionSettings function in settings.Functions)
        {
            if (function.Url?.Upstream.Tls is { } url) yield return url;
            if (function.Endpoint is { } endpoint && (endpoint.Url is null || UrlOf(endpoint, settings.Region, "").Upstream.IsTls)) yield return endpoint.Tls;
        }
    }

    private static void CheckCode(LocalFunctionSettings local, string name, ProblemList problems)
    {
        if (Directory.Exists(local.Code)) return;
        problems.Error(ProblemCode.UnreadableFile, local.CodeOrigin, File.Exists(local.Code)
            ? $"The code of the function {name}, {local.Code}, is a file. Name the directory that it is unpacked to."
            : $"The code directory of the function {name}, {local.Code}, does not exist. Correct the path, or make the directory.");
    }

    private static LocalFunctionOptions Local(FunctionSettings function, LocalFunctionSettings local, LambdaSettings settings, ProblemList problems)
    {
        FunctionName name = function.Pattern.Name!;
        string family = FunctionRuntimes.FamilyOf(local.Runtime)!;
        var options = new LocalFunctionOptions
        {
            Name = name.Name,
            Region = name.Region.Length > 0 ? name.Region : settings.Region,
            Account = name.Account.Length > 0 ? name.Account : settings.Account,
            Runtime = family switch
            {
                FunctionRuntimes.Node => LocalRuntime.Nodejs,
                FunctionRuntimes.Python => LocalRuntime.Python,
                FunctionRuntimes.Command => LocalRuntime.Command,
                _ => LocalRuntime.Provided,
            },
            RuntimeIdentifier = local.Runtime == family ? "" : local.Runtime,
            Handler = local.Handler,
            Code = local.Code,
            CodeStamp = CodeStamp.Of(local.Code),
            Command = local.Command,
            NodeCommand = settings.NodeCommand,
            PythonCommand = settings.PythonCommand,
            Timeout = TimeOf(local.Timeout),
            InitTimeout = TimeOf(local.InitTimeout),
            MemoryMegabytes = local.Memory,
            MinimumWorkers = local.MinimumWorkers,
            MaximumWorkers = local.MaximumWorkers,
            Ahead = local.Ahead,
            IdleTimeout = TimeOf(local.Idle),
            QueueLength = local.QueueLength,
            QueueWait = TimeOf(local.QueueWait),
            Environment = local.Environment,
            StreamLimit = settings.Limits.MaxStream,
        };
        CheckCode(local, name.Name, problems);
        if (options.ProblemOrNull() is { } wrong) problems.Error(ProblemCode.NotAllowed, function.Origin, $"The function {name.Name} cannot be run: {wrong}.");
        return options;
    }

    private static TimeSpan TimeOf(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / 100);

    private static EndpointTarget Endpoint(
        FunctionSettings function, FunctionEndpointSettings endpoint, LambdaSettings settings, IReadOnlyDictionary<string, string> environment, FunctionSeries series, ProblemList problems)
    {
        AwsCredentials? credentials = CredentialLoader.LoadOrNull(endpoint.Credentials with { Origin = endpoint.Credentials.Origin ?? function.Origin }, $"The function {function.Pattern.Text}", environment, problems);
        return new EndpointTarget(function.Pattern, (region, partition) => UrlOf(endpoint, region, partition), series)
        {
            Region = endpoint.Region,
            DefaultRegion = settings.Region,
            Credentials = credentials,
            IsUnsigned = endpoint.Credentials.Source == CredentialSource.None,
        };
    }

    // Both have been read before: a region's name holds nothing that a host's may not.
    private static FunctionUrl UrlOf(FunctionEndpointSettings endpoint, string region, string partition)
    {
        string suffix = partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
        FunctionUrl.TryParse(endpoint.Url ?? $"https://lambda.{region}.{suffix}", endpoint.Protocol, endpoint.Tls, out FunctionUrl? url, out _);
        return url!;
    }
}
