using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>When copies of a scenario begin, worked out from its load simulations. Immutable; times in nanoseconds from the start.</summary>
/// <remarks>
/// Within a part the rate of injection is a straight line, so that after t the number due is rate x t + slope x t x t / 2. Copy i is due where that number is
/// i + 1/2: in the middle of its share of time, so that n copies are exactly n and the first and last stand off the borders alike.
/// </remarks>
internal sealed class Schedule
{
    private readonly Part[] _parts;

    private Schedule(Part[] parts)
    {
        _parts = parts;
        Duration = parts.Length == 0 ? 0 : parts[^1].End;
        foreach (Part part in parts) Injections += part.Injections;
        HasCopies = Array.Exists(parts, part => part.FirstCopies > 0 || part.LastCopies > 0);
    }

    /// <summary>The end of the last simulation.</summary>
    public long Duration { get; }


    /// <summary>Copies injected in all.</summary>
    public long Injections { get; }

    /// <summary>Whether copies are also kept running.</summary>
    public bool HasCopies { get; }

    /// <summary>Compiles simulations.</summary>
    /// <param name="random">Draws the rates of <see cref="LoadSimulation.InjectRandom"/>.</param>
    /// <param name="simulations">One after the other.</param>
    /// <exception cref="ArgumentException">A duration, an interval or a number is out of range.</exception>
    public static Schedule Compile(IReadOnlyList<LoadSimulation> simulations, Random random)
    {
        List<Part> parts = [];
        long at = 0;
        double rate = 0; // copies a nanosecond that the simulation before ended with
        int copies = 0;
        foreach (LoadSimulation simulation in simulations)
        {
            long during = Nanoseconds(simulation.During, "during");
            long end = checked(at + during);
            (double rateBefore, int copiesBefore) = (rate, copies);
            (rate, copies) = (0, 0);
            switch (simulation)
            {
                case LoadSimulation.Inject inject:
                    rate = RateOf(inject.Rate, inject.Interval);
                    parts.Add(new Part(at, end, rate, rate));
                    break;
                case LoadSimulation.RampingInject inject:
                    rate = RateOf(inject.Rate, inject.Interval);
                    parts.Add(new Part(at, end, rateBefore, rate));
                    break;
                case LoadSimulation.InjectRandom inject:
                    rate = AddRandom(parts, inject, at, end, random);
                    break;
                case LoadSimulation.KeepConstant keep:
                    copies = InRange(keep.Copies, "copies");
                    parts.Add(new Part(at, end, 0, 0) { FirstCopies = copies, LastCopies = copies });
                    break;
                case LoadSimulation.RampingConstant keep:
                    copies = InRange(keep.Copies, "copies");
                    parts.Add(new Part(at, end, 0, 0) { FirstCopies = copiesBefore, LastCopies = copies });
                    break;
                case LoadSimulation.Pause:
                    parts.Add(new Part(at, end, 0, 0) { IsPause = true });
                    break;
                default:
                    throw new ArgumentException($"{simulation.GetType().Name} is no simulation that can be scheduled", nameof(simulations));
            }

            at = end;
        }

        return new Schedule([.. parts]);
    }

    /// <summary>What warms up: the first simulation that is no pause, for another time.</summary>
    public static IReadOnlyList<LoadSimulation> WarmUp(IReadOnlyList<LoadSimulation> simulations, TimeSpan duration) =>
        duration > TimeSpan.Zero && simulations.FirstOrDefault(simulation => simulation is not LoadSimulation.Pause) is { } first ? [first with { During = duration }] : [];

    /// <summary>How many copies are to be kept running.</summary>
    public int CopiesAt(long at)
    {
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            if (at < part.Start || at >= part.End) continue;
            double share = (double)(at - part.Start) / (part.End - part.Start);
            return (int)Math.Round(part.FirstCopies + ((part.LastCopies - part.FirstCopies) * share), MidpointRounding.AwayFromZero);
        }

        return 0;
    }

    /// <summary>How much of the time so far there was load: pauses are none.</summary>
    public TimeSpan LoadedUntil(TimeSpan elapsed)
    {
        long until = Math.Min((long)elapsed.TotalNanoseconds, Duration);
        long loaded = 0;
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            if (!part.IsPause && part.Start < until) loaded += Math.Min(part.End, until) - part.Start;
        }

        return TimeSpan.FromMicroseconds(loaded / 1000.0);
    }

    /// <summary>Goes through the injections in order.</summary>
    public Cursor Begin() => new(this);

    private static double AddRandom(List<Part> parts, LoadSimulation.InjectRandom inject, long at, long end, Random random)
    {
        int least = InRange(inject.MinRate, "minRate");
        int most = InRange(inject.MaxRate, "maxRate");
        if (least > most) throw new ArgumentException("minRate is above maxRate");
        long interval = Nanoseconds(inject.Interval, "interval");
        double rate = 0;
        for (long from = at; from < end; from += interval)
        {
            rate = (double)random.Next(least, most + 1) / interval;
            parts.Add(new Part(from, Math.Min(from + interval, end), rate, rate));
        }

        return rate;
    }

    private static double RateOf(int rate, TimeSpan interval) => (double)InRange(rate, "rate") / Nanoseconds(interval, "interval");

    private static int InRange(int count, string name) => count is >= 0 and <= 1_000_000 ? count : throw new ArgumentException($"{name} must be between 0 and 1,000,000");

    private static long Nanoseconds(TimeSpan time, string name) =>
        time > TimeSpan.Zero && time <= TimeSpan.FromHours(1) ? (long)time.TotalNanoseconds : throw new ArgumentException($"{name} must be above 0 and at most an hour");

    /// <summary>A stretch in which rate and copies each are a straight line.</summary>
    private readonly record struct Part(long Start, long End, double FirstRate, double LastRate)
    {
        public bool IsPause { get; init; }

        public int FirstCopies { get; init; }

        public int LastCopies { get; init; }

        /// <summary>How many are due in it.</summary>
        public long Injections => (long)Math.Floor(((FirstRate + LastRate) / 2 * (End - Start)) + 0.5 + 1e-9);

        /// <summary>When copy <paramref name="index"/> of this part is due.</summary>
        public long DueAt(long index)
        {
            double number = index + 0.5;
            double slope = (LastRate - FirstRate) / (End - Start);

            // The root of slope / 2 x t² + rate x t = number, in the form that is also right for a slope of nearly nothing.
            double root = Math.Sqrt(Math.Max(0, (FirstRate * FirstRate) + (2 * slope * number)));
            return Start + Math.Min((long)(2 * number / (FirstRate + root)), End - Start);
        }
    }

    /// <summary>A place among the injections.</summary>
    internal sealed class Cursor(Schedule schedule)
    {
        private int _part;
        private long _index;

        /// <summary>When the next copy is due; <see cref="long.MaxValue"/> when there is none.</summary>
        public long Next
        {
            get
            {
                while (_part < schedule._parts.Length)
                {
                    ref readonly Part part = ref schedule._parts[_part];
                    if (_index < part.Injections) return part.DueAt(_index);
                    _part++;
                    _index = 0;
                }

                return long.MaxValue;
            }
        }

        /// <summary>Goes on to the one after.</summary>
        public void Advance() => _index++;
    }
}
