using EdgeProxy.Load.Messages;

namespace EdgeProxy.Load.Runs;

/// <summary>What one run of load does. Bounded always: by time, and by count where one is given.</summary>
internal sealed record LoadPlan
{
    /// <summary>Where to connect, in the layout of <c>sockaddr</c>.</summary>
    public required byte[] Address { get; init; }

    /// <summary>One request as it goes over the wire.</summary>
    public required byte[] Request { get; init; }

    /// <summary>Whether answers have content.</summary>
    public BodyRule BodyRule { get; init; }

    /// <summary>Connections, over all threads.</summary>
    public int Connections { get; init; } = 16;

    /// <summary>Requests in flight on a connection at most.</summary>
    public int Pipeline { get; init; } = 1;

    /// <summary>Requests after which the run ends; <see cref="long.MaxValue"/> for no count.</summary>
    public long Requests { get; init; } = long.MaxValue;

    /// <summary>Nanoseconds after which no further request is sent.</summary>
    public long Duration { get; init; } = 10_000_000_000;

    /// <summary>Requests a second, over all threads, sent at constant intervals whatever the answers do; 0: closed loop.</summary>
    public double Rate { get; init; }

    /// <summary>Nanoseconds that one answer, or one connect, may take.</summary>
    public long TimeOut { get; init; } = 10_000_000_000;

    /// <summary>Loops, each on a thread.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The part of the plan that loop <paramref name="index"/> of <see cref="Threads"/> carries out.</summary>
    public LoadPlan PartOf(int index) => this with
    {
        Threads = 1,
        Connections = (Connections / Threads) + (index < Connections % Threads ? 1 : 0),
        Requests = Requests == long.MaxValue ? long.MaxValue : (Requests / Threads) + (index < Requests % Threads ? 1 : 0),
        Rate = Rate / Threads,
    };
}
