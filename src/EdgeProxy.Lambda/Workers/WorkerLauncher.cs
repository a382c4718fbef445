using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Lambda.Workers;

/// <summary>Gives workers of one loop real processes.</summary>
internal sealed class WorkerLauncher(WorkerSystem system, SocketLoop loop) : IWorkerLauncher
{
    public IWorkerSeat Launch(Worker worker)
    {
        if (!ListenerSocket.TryOpen(new IpEndpoint(IpAddress.Loopback, 0), 1, out ListenerSocket[]? sockets, out string? error))
        {
            LambdaLog.ListenFailed(system.Log, worker.Function.Options.Name, error);
            return new NoSeat(worker, "Runtime.InvalidEntrypoint", "The Runtime API cannot listen");
        }

        IpEndpoint bound = sockets[0].Endpoint;
        ConnectionLimits limits = WorkerSystem.NewLimits();
        var facts = new ListenerFacts("runtime-api", IsAdmin: false, IsTls: false, IsLoopback: true, bound.Port);
        var server = new HttpServer(loop, facts, worker.Handler, WorkerSystem.Options, limits, system.Metrics, system.OnHandlerFailed);
        var listener = new Listener(loop, sockets[0], server, limits);
        listener.Start();
        var seat = new WorkerSeat(system, worker, listener, server, bound.ToString());
        if (system.Starters.TryQueue(seat)) return seat;
        listener.Stop();
        return new NoSeat(worker, "Sandbox.Failure", "Too many functions start at once");
    }

    /// <summary>What a worker has that got neither listener nor process.</summary>
    private sealed class NoSeat : IWorkerSeat
    {
        public LogTail Tail { get; } = new();

        // Not lost, or the worker would stop without an end and stay one of those that there may be.
        public NoSeat(Worker worker, string errorType, string what) => worker.Loop.PostFrom(worker.Loop, new LoopMessage(worker, Worker.NotStarted, new WorkerFailure(errorType, what), 0));

        public int OpenConnections => 0;

        public void Terminate()
        {
        }

        public void Kill()
        {
        }

        public void Close()
        {
        }

        public void Tag(ReadOnlySpan<byte> requestId)
        {
        }
    }
}
