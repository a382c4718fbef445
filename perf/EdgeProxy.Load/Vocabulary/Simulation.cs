namespace EdgeProxy.Load.Vocabulary;

/// <summary>Makes load simulations. The injecting ones are open loops, the constant ones closed.</summary>
/// <remarks>Copies of an interval are spread over it evenly, not begun all at once at its start: a burst would be a load of its own.</remarks>
internal static class Simulation
{
    public static LoadSimulation Inject(int rate, TimeSpan interval, TimeSpan during) => new LoadSimulation.Inject(rate, interval, during);

    public static LoadSimulation InjectRandom(int minRate, int maxRate, TimeSpan interval, TimeSpan during) =>
        new LoadSimulation.InjectRandom(minRate, maxRate, interval, during);

    public static LoadSimulation RampingInject(int rate, TimeSpan interval, TimeSpan during) => new LoadSimulation.RampingInject(rate, interval, during);

    public static LoadSimulation KeepConstant(int copies, TimeSpan during) => new LoadSimulation.KeepConstant(copies, during);

    public static LoadSimulation RampingConstant(int copies, TimeSpan during) => new LoadSimulation.RampingConstant(copies, during);

    public static LoadSimulation Pause(TimeSpan during) => new LoadSimulation.Pause(during);
}
