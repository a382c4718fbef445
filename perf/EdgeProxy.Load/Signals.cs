using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>Turns the signals that end a process into a cancellation, so that what was started is also stopped.</summary>
internal static class Signals
{
    /// <summary>Cancels <paramref name="stop"/> at the first SIGINT or SIGTERM, for as long as the result is not disposed.</summary>
    public static IDisposable Cancel(CancellationTokenSource stop)
    {
        Action<PosixSignalContext> cancel = context =>
        {
            context.Cancel = true;
            stop.Cancel();
        };
        return new Both(PosixSignalRegistration.Create(PosixSignal.SIGINT, cancel), PosixSignalRegistration.Create(PosixSignal.SIGTERM, cancel));
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
