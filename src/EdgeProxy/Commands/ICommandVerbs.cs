using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>What the commands do, apart from how they are written on the command line. Each returns an exit status.</summary>
internal interface ICommandVerbs
{
    int Run(RunOptions options);

    int Validate(RunOptions options);

    int Routes(RunOptions options);

    int Version(OutputForm form);

    /// <summary>Asks a node.</summary>
    /// <param name="sources">Tell where its admin listener is.</param>
    /// <param name="timeout">In nanoseconds.</param>
    /// <param name="form">Who reads the answer.</param>
    int Health(SettingSources sources, long timeout, OutputForm form);

    /// <summary>Has a node empty caches.</summary>
    /// <param name="sources">Tell where its admin listener is.</param>
    /// <param name="timeout">In nanoseconds.</param>
    /// <param name="api">The API's id or name.</param>
    /// <param name="stages">Its stages; none for all.</param>
    int Flush(SettingSources sources, long timeout, string api, IReadOnlyList<string> stages);

    /// <summary>Tells what a request would meet.</summary>
    int Explain(ExplainOptions options);

    /// <summary>Asks a node what API keys used of a usage plan.</summary>
    int Usage(UsageOptions options);

    /// <summary>Asks a node which calls its management APIs got.</summary>
    int Audit(AuditOptions options);

    /// <summary>Looks whether what is told of calls is as it was written.</summary>
    int VerifyAudit(AuditOptions options);

    /// <summary>Asks a node what a deployment would change of what a stage serves.</summary>
    /// <param name="sources">Tell where its admin listener is.</param>
    /// <param name="timeout">In nanoseconds.</param>
    /// <param name="api">The API's id.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="form">Who reads the answer.</param>
    int Diff(SettingSources sources, long timeout, string api, string stage, OutputForm form);

    /// <summary>Has a node call a method as it is written now.</summary>
    int TestInvoke(TestInvokeOptions options);

    /// <summary>Renders a mapping template.</summary>
    int Vtl(VtlOptions options);

    /// <summary>Writes what a store holds as files.</summary>
    int Export(ExportOptions options);

    /// <summary>Takes a document into a node's store.</summary>
    int Import(ImportOptions options);
}
