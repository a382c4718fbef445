namespace EdgeProxy.Load.Vocabulary;

/// <summary>How many copies of a scenario run during a while.</summary>
/// <param name="During">How long.</param>
internal abstract record LoadSimulation(TimeSpan During)
{
    /// <summary>Copies that begin anew, a constant number in each interval, whether earlier ones have ended or not.</summary>
    internal sealed record Inject(int Rate, TimeSpan Interval, TimeSpan During) : LoadSimulation(During);

    /// <summary>The same, with a number drawn for each interval.</summary>
    internal sealed record InjectRandom(int MinRate, int MaxRate, TimeSpan Interval, TimeSpan During) : LoadSimulation(During);

    /// <summary>The same, from the rate of the simulation before (else 0) in a straight line to this one.</summary>
    internal sealed record RampingInject(int Rate, TimeSpan Interval, TimeSpan During) : LoadSimulation(During);

    /// <summary>Copies each of which begins again when it has ended.</summary>
    internal sealed record KeepConstant(int Copies, TimeSpan During) : LoadSimulation(During);

    /// <summary>The same, from the number of the simulation before (else 0) in a straight line to this one.</summary>
    internal sealed record RampingConstant(int Copies, TimeSpan During) : LoadSimulation(During);

    /// <summary>No copies.</summary>
    internal sealed record Pause(TimeSpan During) : LoadSimulation(During);
}
