namespace EdgeProxy.Lambda.Runtime;

/// <summary>Whom a <see cref="RuntimeHandler"/> tells what its runtime process is at. Called on the loop.</summary>
internal interface IRuntimeHost
{
    /// <summary>The runtime asks for an event; one may be given at once.</summary>
    void OnReady();

    /// <summary>An event is about to leave to a runtime that takes more with it: see <see cref="RuntimeHandler.Follow"/>.</summary>
    /// <param name="most">How many more it takes.</param>
    void OnGiving(int most);

    /// <summary>The runtime is through with the event before, and begins one that came with it.</summary>
    /// <param name="sink">Who gets the result; null when nobody wants it any more.</param>
    void OnFollowing(IInvocationSink? sink);

    /// <summary>The runtime asked for an event while it had one, and is given it again: a fault of its client.</summary>
    void OnRepeatedPoll();

    /// <summary>The event has been answered, for better or worse; the runtime has still to ask for the next.</summary>
    /// <param name="end">How.</param>
    /// <param name="bytes">Bytes of the result.</param>
    void OnAnswered(InvocationEnd end, long bytes);

    /// <summary>The runtime could not start.</summary>
    /// <param name="document">What it said; the host's from now on.</param>
    void OnInitError(PooledBytes document);
}
