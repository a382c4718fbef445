namespace EdgeProxy.Load.Compare;

/// <summary>A contender that serves.</summary>
internal sealed record RunningServer(Contender Contender, ServerSetup Setup, ServerProcess Process) : IDisposable
{
    public int Port => Setup.Port;

    public void Dispose() => Process.Dispose();
}
