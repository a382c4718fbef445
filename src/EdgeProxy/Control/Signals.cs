using System.Runtime.InteropServices;

namespace EdgeProxy.Control;

/// <summary>Turns signals into control events for as long as it lives.</summary>
internal sealed class Signals : IDisposable
{
    // Not in PosixSignal; raw numbers are allowed. 10 on x86-64 and arm64 (signal(7)).
    private const PosixSignal SigUsr1 = (PosixSignal)10;

    private readonly PosixSignalRegistration[] _registrations;

    public Signals(ControlQueue queue)
    {
        _registrations =
        [
            Register(PosixSignal.SIGTERM, ControlEvent.Stop),
            Register(PosixSignal.SIGINT, ControlEvent.Stop),
            Register(PosixSignal.SIGHUP, ControlEvent.Reload),
            Register(SigUsr1, ControlEvent.ReopenLogs),
        ];

        PosixSignalRegistration Register(PosixSignal signal, ControlEvent happened) => PosixSignalRegistration.Create(signal, context =>
        {
            // Else the default of the signal follows, which is to end the process.
            context.Cancel = true;
            queue.Post(happened);
        });
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }
}
