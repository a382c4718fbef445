namespace EdgeProxy.Lambda.Workers;

/// <summary>Starts processes for workers.</summary>
internal interface IWorkerLauncher
{
    /// <summary>Gives a worker its listener and starts its process; the worker gets messages of both. On the worker's loop.</summary>
    IWorkerSeat Launch(Worker worker);
}
