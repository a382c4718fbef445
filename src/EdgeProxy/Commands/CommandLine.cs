using System.CommandLine;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>The command line: its shape, its help, and what it means.</summary>
internal sealed class CommandLine
{
    private readonly string _workingDirectory;
    private readonly IReadOnlyDictionary<string, string> _environment;

    private readonly Argument<string[]> _files = new("FILE") { Description = "OpenAPI documents (JSON or YAML), served beside those of the settings file.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _config = new("--config", "-c") { Description = "The settings file (edgeproxy.yaml).", HelpName = "FILE" };
    private readonly Option<string[]> _listen = new("--listen") { Description = "Serve the APIs here; may be given several times, and replaces the configured listeners.", HelpName = "URL", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _admin = new("--admin") { Description = "Metrics and health are here (http://127.0.0.1:9080), or off.", HelpName = "URL" };
    private readonly Option<bool> _tlsSelfSigned = new("--tls-self-signed") { Description = "Make a certificate for trying out; without an https listener, serve at https://127.0.0.1:8443 too." };
    private readonly Option<string?> _data = new("--data") { Description = "Directory for what the node must remember.", HelpName = "DIR" };
    private readonly Option<string?> _loops = new("--loops") { Description = "How many event loops; auto is one for each core.", HelpName = "N" };
    private readonly Option<string?> _logLevel = new("--log-level") { Description = "error, warn, info or debug.", HelpName = "LEVEL" };
    private readonly Option<string?> _basePath = new("--basepath") { Description = "How documents' own base paths enter their resources, as in API Gateway's import: ignore, prepend or split." };
    private readonly Option<bool> _strict = new("--strict") { Description = "Refuse what API Gateway refuses, where EdgeProxy is more generous." };
    private readonly Option<bool> _allowUnsupported = new("--allow-unsupported") { Description = "Accept definitions that need what this version cannot do; their routes answer 500." };
    private readonly Option<string> _output = new("--output") { Description = "text or json.", DefaultValueFactory = _ => "text" };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long to wait for an answer (2s).", HelpName = "TIME" };
    private readonly Argument<string> _template = new("TEMPLATE") { Description = "The file with the mapping template." };
    private readonly Option<string?> _body = new("--body") { Description = "A file with the body that $input reads.", HelpName = "FILE" };
    private readonly Option<string?> _context = new("--context") { Description = "A file with $context as a JSON object.", HelpName = "FILE" };
    private readonly Option<string?> _params = new("--params") { Description = "A file with a JSON object of path, querystring and header: what $input.params() gives.", HelpName = "FILE" };
    private readonly Option<string[]> _param = new("--param") { Description = "One parameter, as in header.X-Id=7; may be given several times.", HelpName = "PLACE.NAME=VALUE", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _stageVariable = new("--stage-variable") { Description = "One stage variable; may be given several times.", HelpName = "NAME=VALUE", Arity = ArgumentArity.ZeroOrMore };
    private readonly Argument<string> _document = new("FILE") { Description = "An OpenAPI document (JSON or YAML), served beside those of the settings file." };
    private readonly Argument<string> _method = new("METHOD") { Description = "The request's method." };
    private readonly Argument<string> _target = new("PATH") { Description = "The request's path and query, or a URL." };
    private readonly Option<string[]> _header = new("--header", "-H") { Description = "One header; may be given several times.", HelpName = "NAME: VALUE", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _requestBody = new("--data", "-d") { Description = "The body, or the file that holds it behind an @.", HelpName = "TEXT|@FILE" };
    private readonly Option<string?> _host = new("--host") { Description = "What Host says (localhost).", HelpName = "HOST" };
    private readonly Option<string?> _sourceIp = new("--source-ip") { Description = "The address that the request comes from (127.0.0.1).", HelpName = "ADDRESS" };
    private readonly Option<int?> _answerStatus = new("--answer-status") { Description = "Take the integration to answer with this status (200).", HelpName = "STATUS" };
    private readonly Option<string[]> _answerHeader = new("--answer-header") { Description = "One header of the integration's answer; may be given several times.", HelpName = "NAME: VALUE", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _answerBody = new("--answer-body") { Description = "The body of the integration's answer, or the result of its function.", HelpName = "TEXT|@FILE" };
    private readonly Option<bool> _answerFunctionError = new("--answer-function-error") { Description = "Take the function to have failed; the answer's body is its error document." };
    private readonly Option<bool> _showSecrets = new("--show-secrets") { Description = "Print tokens, cookies and API keys as they are." };
    private readonly RootCommand _root;

    /// <summary>Builds the command line.</summary>
    /// <param name="verbs">What to do for each command.</param>
    /// <param name="environment">The environment, for settings.</param>
    /// <param name="workingDirectory">Where relative paths start.</param>
    public CommandLine(ICommandVerbs verbs, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        _workingDirectory = workingDirectory;
        _environment = environment;
        _output.AcceptOnlyFromAmong("text", "json");
        _basePath.AcceptOnlyFromAmong("ignore", "prepend", "split");
        _files.Validators.Add(result =>
        {
            // The parser takes an option it does not know for one more file.
            foreach (System.CommandLine.Parsing.Token token in result.Tokens)
            {
                if (token.Value.StartsWith('-')) result.AddError($"There is no option '{token.Value}'. A file of that name is ./{token.Value}.");
            }
        });
        _timeout.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (!Duration.TryParse(text, out long time) || time <= 0) result.AddError($"--timeout is '{text}': write a time as 2s or 500ms.");
        });

        var run = new Command("run", "Serve APIs until SIGTERM.") { _files, _config, _listen, _tlsSelfSigned, _admin, _data, _loops, _logLevel, _basePath, _strict };
        run.SetAction(parsed => verbs.Run(OptionsOf(parsed)));

        var validate = new Command("validate", "Report everything that is wrong with documents and settings, and exit 3 if anything is.") { _files, _config, _basePath, _strict, _allowUnsupported, _output };
        validate.Validators.Add(NeedsSomething);
        validate.SetAction(parsed => verbs.Validate(OptionsOf(parsed)));

        var routes = new Command("routes", "Print the compiled route table.") { _files, _config, _basePath, _strict, _output };
        routes.Validators.Add(NeedsSomething);
        routes.SetAction(parsed => verbs.Routes(OptionsOf(parsed)));

        var version = new Command("version", "Print which build this is.") { _output };
        version.SetAction(parsed => verbs.Version(FormOf(parsed)));

        var health = new Command("health", "Ask a running node whether it is ready: exit 0 if it is, 1 if not.") { _config, _admin, _timeout, _output };
        health.SetAction(parsed =>
        {
            long timeout = parsed.GetValue(_timeout) is { } text && Duration.TryParse(text, out long time) ? time : 2_000_000_000;
            return verbs.Health(SourcesOf(parsed), timeout, FormOf(parsed));
        });

        var render = new Command("render", "Write what a template renders; overrides and faults go to standard error.") { _template, _body, _context, _params, _param, _stageVariable, _output };
        render.SetAction(parsed => verbs.Vtl(VtlOptionsOf(parsed, VtlAction.Render)));
        var trace = new Command("trace", "Write each step a template takes, with its value, line and column, and then what it renders.") { _template, _body, _context, _params, _param, _stageVariable, _output };
        trace.SetAction(parsed => verbs.Vtl(VtlOptionsOf(parsed, VtlAction.Trace)));
        var vtl = new Command("vtl", "Try out a mapping template without an API.") { render, trace };

        var explain = new Command("explain", "Tell what a request would meet, phase by phase and why, and send nothing.")
        {
            _document, _method, _target, _header, _requestBody, _host, _sourceIp, _stageVariable, _answerStatus, _answerHeader, _answerBody, _answerFunctionError,
            _showSecrets, _config, _basePath, _strict, _output,
        };
        explain.SetAction(parsed => verbs.Explain(ExplainOptionsOf(parsed)));

        _root = new RootCommand("Amazon API Gateway as one static binary on your own nodes.\n\nExit status: 0 ok, 1 failed, 2 wrong usage, 3 invalid configuration.")
        {
            run, validate, routes, explain, version, health, vtl,
        };
    }

    /// <summary>Reads the arguments, does what they ask for, and gives the exit status.</summary>
    public int Invoke(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        // No @file expansion: an argument that starts with @ is an argument.
        ParseResult parsed = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Errors.Count > 0)
        {
            foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) errors.WriteLine(error.Message);
            errors.WriteLine($"See 'edgeproxy {(parsed.CommandResult.Command == _root ? "" : parsed.CommandResult.Command.Name + " ")}--help'.");
            return ExitStatus.WrongUsage;
        }

        return parsed.Invoke(configuration);
    }

    private void NeedsSomething(System.CommandLine.Parsing.CommandResult result)
    {
        if (result.GetResult(_files) is not { Tokens.Count: > 0 } && result.GetResult(_config) is null) result.AddError("Name at least one FILE, or a settings file with -c.");
    }

    private RunOptions OptionsOf(ParseResult parsed) => new()
    {
        Sources = SourcesOf(parsed),
        BasePath = Has(parsed, _basePath) ? parsed.GetValue(_basePath) : null,
        Strict = Has(parsed, _strict) && parsed.GetValue(_strict),
        AllowUnsupported = Has(parsed, _allowUnsupported) && parsed.GetValue(_allowUnsupported),
        Output = Has(parsed, _output) ? FormOf(parsed) : OutputForm.Text,
    };

    private ExplainOptions ExplainOptionsOf(ParseResult parsed) => new()
    {
        Run = OptionsOf(parsed),
        Method = parsed.GetValue(_method)!,
        Target = parsed.GetValue(_target)!,
        Host = parsed.GetValue(_host),
        Headers = parsed.GetValue(_header) ?? [],
        Body = parsed.GetValue(_requestBody),
        SourceIp = parsed.GetValue(_sourceIp),
        StageVariables = parsed.GetValue(_stageVariable) ?? [],
        AnswerStatus = parsed.GetValue(_answerStatus),
        AnswerHeaders = parsed.GetValue(_answerHeader) ?? [],
        AnswerBody = parsed.GetValue(_answerBody),
        AnswerIsFunctionError = parsed.GetValue(_answerFunctionError),
        ShowsSecrets = parsed.GetValue(_showSecrets),
        Output = FormOf(parsed),
    };

    private VtlOptions VtlOptionsOf(ParseResult parsed, VtlAction action) => new()
    {
        Action = action,
        Template = parsed.GetValue(_template)!,
        WorkingDirectory = _workingDirectory,
        Body = parsed.GetValue(_body),
        Context = parsed.GetValue(_context),
        Params = parsed.GetValue(_params),
        Param = parsed.GetValue(_param) ?? [],
        StageVariables = parsed.GetValue(_stageVariable) ?? [],
        Output = FormOf(parsed),
    };

    private SettingSources SourcesOf(ParseResult parsed)
    {
        var flags = new List<(string, string, string)>();
        Add(_admin, "admin.url");
        Add(_data, "data");
        Add(_loops, "loops");
        Add(_logLevel, "logs.level");
        return new SettingSources
        {
            File = parsed.GetValue(_config),
            Environment = _environment,
            Flags = flags,
            TlsSelfSigned = Has(parsed, _tlsSelfSigned) && parsed.GetValue(_tlsSelfSigned),
            Listen = Has(parsed, _listen) ? parsed.GetValue(_listen) ?? [] : [],
            ApiFiles = parsed.CommandResult.Command.Arguments.Contains(_files) ? parsed.GetValue(_files) ?? []
                : parsed.CommandResult.Command.Arguments.Contains(_document) ? [parsed.GetValue(_document)!] : [],
            WorkingDirectory = _workingDirectory,
        };

        void Add(Option<string?> option, string path)
        {
            if (Has(parsed, option) && parsed.GetValue(option) is { } text) flags.Add((path, text, option.Name));
        }
    }

    private static bool Has(ParseResult parsed, Option option) => parsed.CommandResult.Command.Options.Contains(option);

    private OutputForm FormOf(ParseResult parsed) => parsed.GetValue(_output) == "json" ? OutputForm.Json : OutputForm.Text;
}
