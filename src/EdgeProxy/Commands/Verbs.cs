using EdgeProxy.Control;
using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>The commands as the process runs them.</summary>
internal sealed class Verbs(TextWriter output, TextWriter errors) : ICommandVerbs
{
    public int Run(RunOptions options) => Node.Run(options, errors);

    public int Validate(RunOptions options) => ValidateCommand.Run(options, output);

    public int Routes(RunOptions options) => RoutesCommand.Run(options, output, errors);

    public int Version(OutputForm form) => VersionCommand.Run(form, output);

    public int Health(SettingSources sources, long timeout, OutputForm form) => HealthCommand.Run(sources, timeout, form, output, errors);

    public int Flush(SettingSources sources, long timeout, string api, IReadOnlyList<string> stages) => FlushCommand.Run(sources, timeout, api, stages, output, errors);

    public int Explain(ExplainOptions options) => ExplainCommand.Run(options, output, errors);

    public int Usage(UsageOptions options) => UsageCommand.Run(options, TimeProvider.System, output, errors);

    public int Audit(AuditOptions options) => AuditCommand.Run(options, TimeProvider.System, output, errors);

    public int VerifyAudit(AuditOptions options) => AuditCommand.Verify(options, output, errors);

    public int Diff(SettingSources sources, long timeout, string api, string stage, OutputForm form) => DiffCommand.Run(sources, timeout, api, stage, form, output, errors);

    public int TestInvoke(TestInvokeOptions options) => TestInvokeCommand.Run(options, output, errors);

    public int Vtl(VtlOptions options) => VtlCommand.Run(options, output, errors);

    public int Export(ExportOptions options) => ExportCommand.Run(options, output, errors);

    public int Import(ImportOptions options) => ImportCommand.Run(options, output, errors);
}
