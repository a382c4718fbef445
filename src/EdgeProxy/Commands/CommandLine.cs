using System.Globalization;
using EdgeProxy.Commands.Syntax;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>The command line: its shape, its help, and what it means.</summary>
internal sealed class CommandLine
{
    private readonly string _workingDirectory;
    private readonly IReadOnlyDictionary<string, string> _environment;

    private readonly Argument _files = new("FILE") { Description = "OpenAPI documents (JSON or YAML), served beside those of the settings file.", IsRepeated = true };
    private readonly Option _config = new("--config", "-c") { Description = "The settings file (edgeproxy.yaml).", ValueName = "FILE" };
    private readonly Option _listen = new("--listen") { Description = "Serve the APIs here; may be given several times, and replaces the configured listeners.", ValueName = "URL", IsRepeated = true };
    private readonly Option _admin = new("--admin") { Description = "Metrics and health are here (http://127.0.0.1:9080), or off.", ValueName = "URL" };
    private readonly Option _tlsSelfSigned = new("--tls-self-signed") { Description = "Make a certificate for trying out; without an https listener, serve at https://127.0.0.1:8443 too." };
    private readonly Option _data = new("--data") { Description = "Directory for what the node must remember.", ValueName = "DIR" };
    private readonly Option _loops = new("--loops") { Description = "How many event loops; auto is one for each core.", ValueName = "N" };
    private readonly Option _logLevel = new("--log-level") { Description = "error, warn, info or debug.", ValueName = "LEVEL" };
    private readonly Option _basePath = new("--basepath") { Description = "How documents' own base paths enter their resources, as in API Gateway's import.", Values = ["ignore", "prepend", "split"] };
    private readonly Option _strict = new("--strict") { Description = "Refuse what API Gateway refuses, where EdgeProxy is more generous." };
    private readonly Option _allowUnsupported = new("--allow-unsupported") { Description = "Accept definitions that need what this version cannot do; their routes answer 500." };
    private readonly Option _output = new("--output") { Description = "What to write (text).", Values = ["text", "json"] };
    private readonly Option _timeout = new("--timeout") { Description = "How long to wait for an answer (2s).", ValueName = "TIME", Check = CheckTimeout };
    private readonly Argument _api = new("API") { Description = "The id or name of an API." };
    private readonly Argument _stages = new("STAGE") { Description = "Its stages; all without any.", IsRepeated = true };
    private readonly Argument _template = new("TEMPLATE") { Description = "The file with the mapping template." };
    private readonly Option _body = new("--body") { Description = "A file with the body that $input reads.", ValueName = "FILE" };
    private readonly Option _context = new("--context") { Description = "A file with $context as a JSON object.", ValueName = "FILE" };
    private readonly Option _params = new("--params") { Description = "A file with a JSON object of path, querystring and header: what $input.params() gives.", ValueName = "FILE" };
    private readonly Option _param = new("--param") { Description = "One parameter, as in header.X-Id=7; may be given several times.", ValueName = "PLACE.NAME=VALUE", IsRepeated = true };
    private readonly Option _stageVariable = new("--stage-variable") { Description = "One stage variable; may be given several times.", ValueName = "NAME=VALUE", IsRepeated = true };
    private readonly Argument _document = new("FILE") { Description = "An OpenAPI document (JSON or YAML), served beside those of the settings file." };
    private readonly Argument _method = new("METHOD") { Description = "The request's method." };
    private readonly Argument _target = new("PATH") { Description = "The request's path and query, or a URL." };
    private readonly Option _header = new("--header", "-H") { Description = "One header; may be given several times.", ValueName = "NAME: VALUE", IsRepeated = true };
    private readonly Option _requestBody = new("--data", "-d") { Description = "The body, or the file that holds it behind an @.", ValueName = "TEXT|@FILE" };
    private readonly Option _host = new("--host") { Description = "What Host says (localhost).", ValueName = "HOST" };
    private readonly Option _sourceIp = new("--source-ip") { Description = "The address that the request comes from (127.0.0.1).", ValueName = "ADDRESS" };
    private readonly Option _answerStatus = new("--answer-status") { Description = "Take the integration to answer with this status (200).", ValueName = "STATUS", Check = CheckStatus };
    private readonly Option _answerHeader = new("--answer-header") { Description = "One header of the integration's answer; may be given several times.", ValueName = "NAME: VALUE", IsRepeated = true };
    private readonly Option _answerBody = new("--answer-body") { Description = "The body of the integration's answer, or the result of its function.", ValueName = "TEXT|@FILE" };
    private readonly Option _answerFunctionError = new("--answer-function-error") { Description = "Take the function to have failed; the answer's body is its error document." };
    private readonly Option _showSecrets = new("--show-secrets") { Description = "Print tokens, cookies and API keys as they are." };
    private readonly Argument _plan = new("PLAN") { Description = "The usage plan's id." };
    private readonly Option _key = new("--key") { Description = "Only this API key, by its id.", ValueName = "ID" };
    private readonly Option _from = new("--from") { Description = "The first day, in UTC (today).", ValueName = "YYYY-MM-DD", Check = CheckDay };
    private readonly Option _to = new("--to") { Description = "The last day, in UTC (today).", ValueName = "YYYY-MM-DD", Check = CheckDay };
    private readonly Option _since = new("--since") { Description = "Only calls since then: a time in UTC, or how long ago.", ValueName = "TIME", Check = CheckMoment };
    private readonly Option _until = new("--until") { Description = "Only calls before then.", ValueName = "TIME", Check = CheckMoment };
    private readonly Option _event = new("--event") { Description = "Only calls of this operation, as in CreateRestApi.", ValueName = "NAME" };
    private readonly Option _user = new("--user") { Description = "Only calls signed with this key, by its id.", ValueName = "ID" };
    private readonly Option _limit = new("--limit") { Description = "Most calls (1000).", ValueName = "N", Check = CheckLimit };
    private readonly Argument _auditFiles = new("FILE") { Description = "Files of audit.path, the oldest first; without any, what the node keeps.", IsRepeated = true };
    private readonly Argument _folder = new("DIR") { Description = "The folder to write to; made when it is not there." };
    private readonly Option _withSecrets = new("--with-secrets") { Description = "Write the API keys too, to a file of its own that only its owner can read." };
    private readonly Argument _importFile = new("FILE") { Description = "An OpenAPI document (JSON or YAML)." };
    private readonly Option _intoApi = new("--api") { Description = "Take it for the definition of this API, by its id; without, for a new one.", ValueName = "ID" };
    private readonly Option _importType = new("--type") { Description = "Which kind of API the document describes; without, the document says it, else rest.", Values = ["rest", "http"] };
    private readonly Option _deployTo = new("--stage") { Description = "Deploy it to this stage.", ValueName = "NAME" };
    private readonly Argument _apiId = new("API") { Description = "The API's id." };
    private readonly Argument _stage = new("STAGE") { Description = "The stage." };
    private readonly Argument _resource = new("RESOURCE") { Description = "The resource's path, as in /pets/{id}." };
    private readonly Option _path = new("--path") { Description = "The request's path and query (the resource's own path).", ValueName = "PATH" };
    private readonly Option _autoDeploy = new("--auto-deploy") { Description = "Deploy each change to a REST API to all of its stages at once." };
    private readonly Command _root;

    /// <summary>Builds the command line.</summary>
    /// <param name="verbs">What to do for each command.</param>
    /// <param name="environment">The environment, for settings.</param>
    /// <param name="workingDirectory">Where relative paths start.</param>
    public CommandLine(ICommandVerbs verbs, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        _workingDirectory = workingDirectory;
        _environment = environment;
        var run = new Command("run", "Serve APIs until SIGTERM.") { _files, _config, _listen, _tlsSelfSigned, _admin, _data, _autoDeploy, _loops, _logLevel, _basePath, _strict };
        run.Action = parsed => verbs.Run(OptionsOf(parsed));

        var validate = new Command("validate", "Report everything that is wrong with documents and settings, and exit 3 if anything is.") { _files, _config, _basePath, _strict, _allowUnsupported, _output };
        validate.Check = NeedsSomething;
        validate.Action = parsed => verbs.Validate(OptionsOf(parsed));

        var routes = new Command("routes", "Print the compiled route table.") { _files, _config, _basePath, _strict, _output };
        routes.Check = NeedsSomething;
        routes.Action = parsed => verbs.Routes(OptionsOf(parsed));

        var version = new Command("version", "Print which build this is.") { _output };
        version.Action = parsed => verbs.Version(FormOf(parsed));

        var health = new Command("health", "Ask a running node whether it is ready: exit 0 if it is, 1 if not.") { _config, _admin, _timeout, _output };
        health.Action = parsed => verbs.Health(SourcesOf(parsed), TimeoutOf(parsed), FormOf(parsed));

        var flush = new Command("flush", "Have a running node empty the caches of an API's stages.") { _api, _stages, _config, _admin, _timeout };
        flush.Action = parsed => verbs.Flush(SourcesOf(parsed), TimeoutOf(parsed), parsed.TextOrNull(_api)!, parsed.TextsOf(_stages));

        var usage = new Command("usage", "Ask a running node what the API keys of a usage plan used, day by day.") { _plan, _key, _from, _to, _config, _admin, _timeout, _output };
        usage.Action = parsed => verbs.Usage(new UsageOptions
        {
            Sources = SourcesOf(parsed),
            Plan = parsed.TextOrNull(_plan)!,
            Key = parsed.TextOrNull(_key),
            From = parsed.TextOrNull(_from),
            To = parsed.TextOrNull(_to),
            Timeout = TimeoutOf(parsed),
            Output = FormOf(parsed),
        });

        var verify = new Command("verify", "Say whether records of calls are as they were written: none changed, removed or moved.") { _auditFiles, _config, _admin, _timeout, _output };
        verify.Action = parsed => verbs.VerifyAudit(AuditOptionsOf(parsed));
        var audit = new Command("audit", "Ask a running node which calls its management APIs got, the newest first.") { _since, _until, _event, _user, _limit, _config, _admin, _timeout, _output, verify };
        audit.Action = parsed => verbs.Audit(AuditOptionsOf(parsed));

        var diff = new Command("diff", "Tell what a deployment of a REST API would change of what a stage serves.") { _apiId, _stage, _config, _admin, _timeout, _output };
        diff.Action = parsed => verbs.Diff(SourcesOf(parsed), TimeoutOf(parsed), parsed.TextOrNull(_apiId)!, parsed.TextOrNull(_stage)!, FormOf(parsed));

        var testInvoke = new Command("test-invoke", "Have a running node call a method as it is written now, without a deployment, and tell how it went.")
        {
            _apiId, _method, _resource, _path, _header, _requestBody, _stageVariable, _config, _admin, _timeout, _output,
        };
        testInvoke.Action = parsed => verbs.TestInvoke(new TestInvokeOptions
        {
            Sources = SourcesOf(parsed),
            Api = parsed.TextOrNull(_apiId)!,
            Method = parsed.TextOrNull(_method)!,
            Resource = parsed.TextOrNull(_resource)!,
            Path = parsed.TextOrNull(_path),
            Headers = parsed.TextsOf(_header),
            Body = parsed.TextOrNull(_requestBody),
            WorkingDirectory = _workingDirectory,
            StageVariables = parsed.TextsOf(_stageVariable),
            Timeout = parsed.Has(_timeout) ? TimeoutOf(parsed) : TestInvokeOptions.LongestCall,
            Output = FormOf(parsed),
        });

        var render = new Command("render", "Write what a template renders; overrides and faults go to standard error.") { _template, _body, _context, _params, _param, _stageVariable, _output };
        render.Action = parsed => verbs.Vtl(VtlOptionsOf(parsed, VtlAction.Render));
        var trace = new Command("trace", "Write each step a template takes, with its value, line and column, and then what it renders.") { _template, _body, _context, _params, _param, _stageVariable, _output };
        trace.Action = parsed => verbs.Vtl(VtlOptionsOf(parsed, VtlAction.Trace));
        var vtl = new Command("vtl", "Try out a mapping template without an API.") { render, trace };

        var export = new Command("export", "Write what a node's store serves as files: a document for each deployment, and settings over them. With --data, of a node that does not run.")
        {
            _folder, _withSecrets, _config, _admin, _data, _timeout,
        };
        export.Action = parsed => verbs.Export(new ExportOptions
        {
            Sources = SourcesOf(parsed),
            Data = parsed.TextOrNull(_data) is { } data ? Path.GetFullPath(data, _workingDirectory) : null,
            Folder = Path.GetFullPath(parsed.TextOrNull(_folder)!, _workingDirectory),
            WithSecrets = parsed.Has(_withSecrets),
            Timeout = parsed.Has(_timeout) ? TimeoutOf(parsed) : LongTimeout,
        });

        var import = new Command("import", "Have a running node take a document into its store, and print the API's id.") { _importFile, _intoApi, _importType, _deployTo, _config, _admin, _timeout };
        import.Action = parsed => verbs.Import(new ImportOptions
        {
            Sources = SourcesOf(parsed),
            File = Path.GetFullPath(parsed.TextOrNull(_importFile)!, _workingDirectory),
            Api = parsed.TextOrNull(_intoApi),
            Type = parsed.TextOrNull(_importType),
            Stage = parsed.TextOrNull(_deployTo),
            Timeout = parsed.Has(_timeout) ? TimeoutOf(parsed) : LongTimeout,
        });

        var explain = new Command("explain", "Tell what a request would meet, phase by phase and why, and send nothing.")
        {
            _document, _method, _target, _header, _requestBody, _host, _sourceIp, _stageVariable, _answerStatus, _answerHeader, _answerBody, _answerFunctionError,
            _showSecrets, _config, _basePath, _strict, _output,
        };
        explain.Action = parsed => verbs.Explain(ExplainOptionsOf(parsed));

        _root = new Command("edgeproxy", "Amazon API Gateway as one static binary on your own nodes.\n\nExit status: 0 ok, 1 failed, 2 wrong usage, 3 invalid configuration.")
        {
            run, validate, routes, explain, diff, testInvoke, version, health, flush, usage, audit, vtl, export, import,
        };
    }

    /// <summary>Reads the arguments, does what they ask for, and gives the exit status.</summary>
    public int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        // As everybody tries it.
        if (arguments is ["--version"]) arguments = ["version"];
        ParsedCommand parsed = CommandParser.Parse(_root, arguments);
        if (parsed.AsksForHelp)
        {
            CommandHelp.Write(parsed, output);
            return ExitStatus.Ok;
        }

        if (parsed.Faults.Count == 0) return parsed.Command.Action!(parsed);
        foreach (string fault in parsed.Faults) errors.WriteLine(fault);
        errors.WriteLine($"See '{parsed.Path} --help'.");
        return ExitStatus.WrongUsage;
    }

    // What goes over all that a store has may take a while.
    private const long LongTimeout = 60_000_000_000;

    private long TimeoutOf(ParsedCommand parsed) => parsed.TextOrNull(_timeout) is { } text && Duration.TryParse(text, out long time) ? time : 2_000_000_000;

    private static string? CheckDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : $"'{text}' is no day: write it as 2026-11-22.";

    private static string? CheckMoment(string text) =>
        AuditCommand.IsMoment(text) ? null : $"'{text}' is no time: write 2026-11-22T10:00:00Z, or 15m for a quarter of an hour ago.";

    private static string? CheckLimit(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0 ? null : $"--limit is '{text}': write a number.";

    private static string? CheckTimeout(string text) =>
        Duration.TryParse(text, out long time) && time > 0 ? null : $"--timeout is '{text}': write a time as 2s or 500ms.";

    private static string? CheckStatus(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"--answer-status is '{text}': write a status as 200.";

    private string? NeedsSomething(ParsedCommand parsed) =>
        parsed.Has(_files) || parsed.Has(_config) ? null : "Name at least one FILE, or a settings file with -c.";

    private RunOptions OptionsOf(ParsedCommand parsed) => new()
    {
        Sources = SourcesOf(parsed),
        BasePath = parsed.TextOrNull(_basePath),
        Strict = parsed.Has(_strict),
        AllowUnsupported = parsed.Has(_allowUnsupported),
        Output = FormOf(parsed),
    };

    private ExplainOptions ExplainOptionsOf(ParsedCommand parsed) => new()
    {
        Run = OptionsOf(parsed),
        Method = parsed.TextOrNull(_method)!,
        Target = parsed.TextOrNull(_target)!,
        Host = parsed.TextOrNull(_host),
        Headers = parsed.TextsOf(_header),
        Body = parsed.TextOrNull(_requestBody),
        SourceIp = parsed.TextOrNull(_sourceIp),
        StageVariables = parsed.TextsOf(_stageVariable),
        AnswerStatus = parsed.TextOrNull(_answerStatus) is { } status ? int.Parse(status, CultureInfo.InvariantCulture) : null,
        AnswerHeaders = parsed.TextsOf(_answerHeader),
        AnswerBody = parsed.TextOrNull(_answerBody),
        AnswerIsFunctionError = parsed.Has(_answerFunctionError),
        ShowsSecrets = parsed.Has(_showSecrets),
        Output = FormOf(parsed),
    };

    private AuditOptions AuditOptionsOf(ParsedCommand parsed) => new()
    {
        Sources = SourcesOf(parsed),
        Since = parsed.TextOrNull(_since),
        Until = parsed.TextOrNull(_until),
        Event = parsed.TextOrNull(_event),
        User = parsed.TextOrNull(_user),
        Limit = parsed.TextOrNull(_limit) is { } limit ? int.Parse(limit, CultureInfo.InvariantCulture) : 1000,
        Files = parsed.TextsOf(_auditFiles),
        Timeout = TimeoutOf(parsed),
        Output = FormOf(parsed),
    };

    private VtlOptions VtlOptionsOf(ParsedCommand parsed, VtlAction action) => new()
    {
        Action = action,
        Template = parsed.TextOrNull(_template)!,
        WorkingDirectory = _workingDirectory,
        Body = parsed.TextOrNull(_body),
        Context = parsed.TextOrNull(_context),
        Params = parsed.TextOrNull(_params),
        Param = parsed.TextsOf(_param),
        StageVariables = parsed.TextsOf(_stageVariable),
        Output = FormOf(parsed),
    };

    private SettingSources SourcesOf(ParsedCommand parsed)
    {
        var flags = new List<(string, string, string)>();
        Add(_admin, "admin.url");
        Add(_data, "data");
        Add(_loops, "loops");
        Add(_logLevel, "logs.level");
        if (parsed.Has(_autoDeploy)) flags.Add(("management.autoDeploy", "true", _autoDeploy.Name));
        return new SettingSources
        {
            File = parsed.TextOrNull(_config),
            Environment = _environment,
            Flags = flags,
            TlsSelfSigned = parsed.Has(_tlsSelfSigned),
            Listen = parsed.TextsOf(_listen),
            ApiFiles = parsed.TextOrNull(_document) is { } document ? [document] : parsed.TextsOf(_files),
            WorkingDirectory = _workingDirectory,
        };

        void Add(Option option, string path)
        {
            if (parsed.TextOrNull(option) is { } text) flags.Add((path, text, option.Name));
        }
    }

    private OutputForm FormOf(ParsedCommand parsed) => parsed.TextOrNull(_output) == "json" ? OutputForm.Json : OutputForm.Text;
}
