using EdgeProxy.Commands;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Commands;

public sealed class CommandLineTests
{
    private readonly Recorder _verbs = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [Fact]
    public void Run_takes_files_and_flags()
    {
        Assert.Equal(7, Invoke("run", "a.yaml", "b.json", "-c", "edgeproxy.yaml", "--listen", "http://127.0.0.1:1", "--listen", "http://127.0.0.1:2",
            "--admin", "off", "--data", "d", "--loops", "2", "--log-level", "debug", "--basepath", "prepend", "--strict"));
        Assert.Equal("run", _verbs.Verb);
        SettingSources sources = _verbs.Options!.Sources;
        Assert.Equal(["a.yaml", "b.json"], sources.ApiFiles);
        Assert.Equal("edgeproxy.yaml", sources.File);
        Assert.Equal(["http://127.0.0.1:1", "http://127.0.0.1:2"], sources.Listen);
        Assert.Equal([("admin.url", "off", "--admin"), ("data", "d", "--data"), ("loops", "2", "--loops"), ("logs.level", "debug", "--log-level")], sources.Flags);
        Assert.Equal(("prepend", true, false), (_verbs.Options.BasePath, _verbs.Options.Strict, _verbs.Options.AllowUnsupported));
    }

    [Fact]
    public void Every_flag_names_a_setting()
    {
        Invoke("run", "--admin", "off", "--data", "d", "--loops", "2", "--log-level", "debug");
        foreach ((string path, string _, string _) in _verbs.Options!.Sources.Flags) Assert.NotNull(SettingsReference.Find(path));
    }

    [Fact]
    public void Validate_takes_its_own_options()
    {
        Assert.Equal(7, Invoke("validate", "--output", "json", "--allow-unsupported", "a.yaml"));
        Assert.Equal(("validate", OutputForm.Json, true), (_verbs.Verb, _verbs.Options!.Output, _verbs.Options.AllowUnsupported));
    }

    [Fact]
    public void Health_waits_two_seconds_unless_told_otherwise()
    {
        Assert.Equal(7, Invoke("health"));
        Assert.Equal(2_000_000_000, _verbs.Timeout);
        Assert.Equal(7, Invoke("health", "--timeout", "500ms", "--admin", "http://127.0.0.1:1"));
        Assert.Equal(500_000_000, _verbs.Timeout);
    }

    [Fact]
    public void Audit_takes_which_calls_and_verify_which_files()
    {
        Assert.Equal(7, Invoke("audit", "--since", "15m", "--until", "2026-11-22T10:00:00Z", "--event", "CreateRestApi", "--user", "ANN", "--limit", "5", "--output", "json"));
        AuditOptions options = _verbs.LastAudit!;
        Assert.Equal(("15m", "2026-11-22T10:00:00Z", "CreateRestApi", "ANN", 5, OutputForm.Json), (options.Since, options.Until, options.Event, options.User, options.Limit, options.Output));
        Assert.Equal(2, Invoke("audit", "--since", "yesterday"));
        Assert.Equal(2, Invoke("audit", "--limit", "0"));
        Assert.Equal(7, Invoke("audit", "verify", "a.log", "b.log"));
        Assert.Equal(["a.log", "b.log"], _verbs.LastAudit!.Files);
    }

    [Fact]
    public void Diff_takes_an_API_and_a_stage()
    {
        Assert.Equal(ExitStatus.Ok, Invoke("diff", "abc", "prod", "--output", "json", "--timeout", "1s"));
        Assert.Equal("abc/prod Json 1000000000", _verbs.Diffed);
        Assert.Equal(ExitStatus.WrongUsage, Invoke("diff", "abc"));
    }

    [Fact]
    public void Test_invoke_takes_a_method_and_what_to_send_and_waits_as_long_as_an_integration_may()
    {
        Assert.Equal(ExitStatus.Ok, Invoke("test-invoke", "abc", "GET", "/pets/{id}", "--path", "/pets/1?x=2", "-H", "X-A: b", "-d", "{}", "--stage-variable", "a=b"));
        TestInvokeOptions options = _verbs.LastTest!;
        Assert.Equal(("abc", "GET", "/pets/{id}", "/pets/1?x=2", "{}"), (options.Api, options.Method, options.Resource, options.Path, options.Body));
        Assert.Equal(["X-A: b"], options.Headers);
        Assert.Equal(["a=b"], options.StageVariables);
        Assert.Equal(35_000_000_000, options.Timeout);
    }

    [Fact]
    public void Auto_deploy_is_a_flag_of_the_setting()
    {
        Assert.Equal(7, Invoke("run", "a.yaml", "--auto-deploy"));
        Assert.Contains(("management.autoDeploy", "true", "--auto-deploy"), _verbs.Options!.Sources.Flags);
    }

    [Fact]
    public void Usage_takes_a_plan_and_which_days_and_key()
    {
        Assert.Equal(7, Invoke("usage", "gold", "--key", "ann", "--from", "2026-11-01", "--to", "2026-11-22", "--timeout", "500ms", "--output", "json", "--admin", "http://127.0.0.1:1"));
        UsageOptions options = _verbs.LastUsage!;
        Assert.Equal(("gold", "ann", "2026-11-01", "2026-11-22", 500_000_000, OutputForm.Json), (options.Plan, options.Key, options.From, options.To, options.Timeout, options.Output));
        Assert.Equal([("admin.url", "http://127.0.0.1:1", "--admin")], options.Sources.Flags);
        Assert.Equal(2, Invoke("usage", "gold", "--from", "1.11.2026"));
        Assert.Equal(2, Invoke("usage"));
    }

    [Fact]
    public void Export_takes_a_folder_and_where_the_store_is()
    {
        Assert.Equal(7, Invoke("export", "out", "--with-secrets", "--admin", "http://127.0.0.1:1"));
        Assert.Equal(("/out", null, true, 60_000_000_000), (_verbs.LastExport!.Folder, _verbs.LastExport.Data, _verbs.LastExport.WithSecrets, _verbs.LastExport.Timeout));
        Assert.Equal([("admin.url", "http://127.0.0.1:1", "--admin")], _verbs.LastExport.Sources.Flags);
        Assert.Equal(7, Invoke("export", "/a/b", "--data", "store", "--timeout", "3s"));
        Assert.Equal(("/a/b", "/store", false, 3_000_000_000), (_verbs.LastExport.Folder, _verbs.LastExport.Data, _verbs.LastExport.WithSecrets, _verbs.LastExport.Timeout));
        Assert.Equal(2, Invoke("export"));
    }

    [Fact]
    public void Import_takes_a_document_and_what_it_is_for()
    {
        Assert.Equal(7, Invoke("import", "pets.yaml", "--api", "abc", "--stage", "prod"));
        Assert.Equal(("/pets.yaml", "abc", "prod"), (_verbs.LastImport!.File, _verbs.LastImport.Api, _verbs.LastImport.Stage));
        Assert.Equal(2, Invoke("import"));
    }

    [Fact]
    public void Vtl_takes_a_template_and_what_it_may_ask()
    {
        Assert.Equal(7, Invoke("vtl", "trace", "t.vtl", "--body", "b.json", "--context", "c.json", "--params", "p.json", "--param", "path.id=1", "--param", "header.A=b", "--stage-variable", "x=y", "--output", "json"));
        VtlOptions options = _verbs.Template!;
        Assert.Equal((VtlAction.Trace, "t.vtl", "/", "b.json", "c.json", "p.json"), (options.Action, options.Template, options.WorkingDirectory, options.Body, options.Context, options.Params));
        Assert.Equal(["path.id=1", "header.A=b"], options.Param);
        Assert.Equal(["x=y"], options.StageVariables);
        Assert.Equal(OutputForm.Json, options.Output);
        Assert.Equal(7, Invoke("vtl", "render", "t.vtl"));
        Assert.Equal(VtlAction.Render, _verbs.Template!.Action);
    }

    [Theory]
    [InlineData("Required command was not provided", "vtl")]
    [InlineData("Required argument missing", "vtl render")]
    [InlineData("Required command was not provided", "")]
    [InlineData("rnu", "rnu")]
    [InlineData("--nope", "run --nope")]
    [InlineData("Name at least one FILE", "validate")]
    [InlineData("xml", "version --output xml")]
    [InlineData("'-c'", "run -c")]
    [InlineData("twice", "run --basepath twice")]
    [InlineData("--timeout is 'soon'", "health --timeout soon")]
    public void Wrong_usage_is_status_2_with_the_reason_on_standard_error(string reason, string line)
    {
        Assert.Equal(ExitStatus.WrongUsage, Invoke(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(reason, _errors.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_output.ToString());
        Assert.Null(_verbs.Verb);
    }

    [Theory]
    [InlineData("--help", "validate")]
    [InlineData("run --help", "--listen")]
    [InlineData("health -h", "--timeout")]
    public void Help_goes_to_standard_output(string line, string contains)
    {
        Assert.Equal(ExitStatus.Ok, Invoke(line.Split(' ')));
        Assert.Contains(contains, _output.ToString(), StringComparison.Ordinal);
        Assert.Null(_verbs.Verb);
    }

    [Theory]
    [InlineData("pets: ", "flush", "pets")]
    [InlineData("pets: prod test", "flush", "pets", "prod", "test", "--timeout", "3s")]
    public void Flush_takes_an_API_and_its_stages(string flushed, params string[] arguments)
    {
        Assert.Equal(7, Invoke(arguments));
        Assert.Equal(flushed, _verbs.Flushed);
        Assert.Equal(arguments.Length > 2 ? 3_000_000_000 : 2_000_000_000, _verbs.Timeout);
    }

    [Fact]
    public void An_argument_that_starts_with_an_at_sign_is_not_read_as_a_file()
    {
        Assert.Equal(7, Invoke("run", "@nothing"));
        Assert.Equal(["@nothing"], _verbs.Options!.Sources.ApiFiles);
    }

    private int Invoke(params string[] arguments) =>
        new CommandLine(_verbs, new Dictionary<string, string>(), "/").Invoke(arguments, _output, _errors);

    private sealed class Recorder : ICommandVerbs
    {
        public string? Verb { get; private set; }

        public RunOptions? Options { get; private set; }

        public long Timeout { get; private set; }

        public UsageOptions? LastUsage { get; private set; }

        public AuditOptions? LastAudit { get; private set; }

        public VtlOptions? Template { get; private set; }

        public int Run(RunOptions options) => Record("run", options);

        public int Validate(RunOptions options) => Record("validate", options);

        public int Routes(RunOptions options) => Record("routes", options);

        public int Version(OutputForm form) => Record("version", null);

        public ExportOptions? LastExport { get; private set; }

        public ImportOptions? LastImport { get; private set; }

        public int Export(ExportOptions options)
        {
            LastExport = options;
            return Record("export", null);
        }

        public int Import(ImportOptions options)
        {
            LastImport = options;
            return Record("import", null);
        }

        public int Audit(AuditOptions options)
        {
            LastAudit = options;
            return Record("audit", null);
        }

        public int VerifyAudit(AuditOptions options)
        {
            LastAudit = options;
            return Record("audit verify", null);
        }

        public int Usage(UsageOptions options)
        {
            LastUsage = options;
            return Record("usage", null);
        }

        public int Health(SettingSources sources, long timeout, OutputForm form)
        {
            Timeout = timeout;
            return Record("health", null);
        }

        public string Diffed { get; private set; } = "";

        public int Diff(SettingSources sources, long timeout, string api, string stage, OutputForm form)
        {
            Diffed = $"{api}/{stage} {form} {timeout}";
            return ExitStatus.Ok;
        }

        public TestInvokeOptions? LastTest { get; private set; }

        public int TestInvoke(TestInvokeOptions options)
        {
            LastTest = options;
            return ExitStatus.Ok;
        }

        public string Flushed { get; private set; } = "";

        public int Flush(SettingSources sources, long timeout, string api, IReadOnlyList<string> stages)
        {
            Timeout = timeout;
            Flushed = $"{api}: {string.Join(' ', stages)}";
            return Record("flush", null);
        }

        public ExplainOptions? Explained { get; private set; }

        public int Explain(ExplainOptions options)
        {
            Explained = options;
            return Record("explain", options.Run);
        }

        public int Vtl(VtlOptions options)
        {
            Template = options;
            return Record("vtl", null);
        }

        private int Record(string verb, RunOptions? options)
        {
            (Verb, Options) = (verb, options);
            return 7;
        }
    }
}
