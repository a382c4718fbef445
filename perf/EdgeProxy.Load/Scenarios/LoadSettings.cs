namespace EdgeProxy.Load.Scenarios;

/// <summary>How much load, for how long, and what may be expected of it.</summary>
internal sealed record LoadSettings
{
    /// <summary>Requests a second.</summary>
    public required int Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    public required TimeSpan WarmUp { get; init; }

    /// <summary>The most the 99th percentile may be, in milliseconds; infinite where nobody asked. Time depends on the machine, so no scenario makes one up.</summary>
    public double MostP99 { get; init; } = double.PositiveInfinity;

    /// <summary>What the node can do a second, measured beforehand; 0 where it was not.</summary>
    public double Capacity { get; init; }

    /// <summary>The 99th percentile without overload, in milliseconds, measured beforehand; infinite where it was not.</summary>
    public double UnloadedP99 { get; init; } = double.PositiveInfinity;
}
