namespace EdgeProxy.Gateway.Overload;

/// <summary>Finds how many requests a backend can have under way before they only wait for each other there: the cap of a route with <c>concurrency: auto</c>. Any thread.</summary>
/// <remarks>
/// <para>
/// A backend with time to spare answers as quickly however many requests it has; one at its limit answers all the later, the more it has. So the mean time of an answer is held, interval for interval, beside the
/// least mean of some hundred answers that was seen lately: beyond one and a half times that, the cap is lowered by the same ratio, at most by half. Room of the square root of the cap is added each time, or it could never
/// rise; but not while less than half of it is in use, for then it says nothing. At its limit a backend thus has some two thirds more than it needs to be busy.
/// </para>
/// <para>
/// The least of many means of a few answers says nothing: where requests differ it is far below what the backend takes, and the cap of one that is never busy would fall to a handful. Hence the hundreds, and until there
/// are as many the cap stays as it is. What was least is forgotten after one to two minutes, since backends change; a busy one is then given half as much for as long as the next hundreds take. (The gradient of Netflix's concurrency limits and of Envoy's adaptive concurrency, without the latter's periods of nearly no traffic to measure the
/// least.) Loops add to two sums; the one that ends an interval works out the cap.
/// </para>
/// </remarks>
internal sealed class AdaptiveCap
{
    /// <summary>The cap before anything is known.</summary>
    public const int First = 20;

    private const int Least = 2;
    private const int Most = 10_000;
    private const int LeastSamples = 10;

    // As many answers, whose times vary by twice their mean, have a mean that is rarely more than a third off; tolerance is half.
    private const int WindowSamples = 250;
    private const long LongestWindow = 10_000_000_000;
    private const double Tolerance = 1.5;
    private const double Smoothing = 0.5;
    private const long Interval = 100_000_000;
    private const long Memory = 60_000_000_000;

    private long _intervalEnds = Interval;
    private long _sum;
    private int _count;
    private int _mostInUse;
    private double _exact = First;
    private double _least = double.MaxValue;
    private double _lastLeast = double.MaxValue;
    private long _leastSince;
    private double _windowSum;
    private int _windowCount;
    private long _windowSince;
    private int _cap = First;
    private int _judging;

    /// <summary>How many may be under way.</summary>
    public int Cap => Volatile.Read(ref _cap);

    /// <summary>Takes the time of an answer.</summary>
    /// <param name="took">Nanoseconds from the call of the backend to the head of its answer.</param>
    /// <param name="inUse">How many were under way when it came.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public void Observe(long took, int inUse, long now)
    {
        Interlocked.Add(ref _sum, took);
        Interlocked.Increment(ref _count);
        int most = Volatile.Read(ref _mostInUse);
        if (inUse > most) Interlocked.CompareExchange(ref _mostInUse, inUse, most);
        if (now < Volatile.Read(ref _intervalEnds) || Volatile.Read(ref _count) < LeastSamples) return;
        if (Interlocked.Exchange(ref _judging, 1) != 0) return; // another loop is at it
        Judge(now);
        Volatile.Write(ref _judging, 0);
    }

    private void Judge(long now)
    {
        int count = Math.Max(1, Interlocked.Exchange(ref _count, 0));
        double sum = Interlocked.Exchange(ref _sum, 0);
        double mean = sum / count;
        int mostInUse = Interlocked.Exchange(ref _mostInUse, 0);
        Volatile.Write(ref _intervalEnds, now + Interval);
        if (_leastSince == 0)
        {
            _leastSince = _windowSince = now;
        }
        else if (now - _leastSince > Memory)
        {
            Forget(mostInUse, now);
            return; // these answers were made under the cap of before
        }

        _windowSum += sum;
        _windowCount += count;
        if (_windowCount >= WindowSamples || now - _windowSince > LongestWindow)
        {
            _least = Math.Min(_least, _windowSum / _windowCount);
            BeginWindow(now);
        }

        // What this minute's least is has to be found under one cap, or what is waited for would become part of it.
        if (_least == double.MaxValue) return;
        double least = Math.Min(_least, _lastLeast);
        double gradient = mean <= 0 ? 1 : Math.Clamp(Tolerance * least / mean, 0.5, 1);
        if (gradient == 1 && mostInUse < _exact / 2) return;
        double next = (_exact * gradient) + Math.Sqrt(_exact);
        _exact = Math.Clamp((_exact * (1 - Smoothing)) + (next * Smoothing), Least, Most);
        Volatile.Write(ref _cap, (int)_exact);
    }

    private void Forget(int mostInUse, long now)
    {
        _lastLeast = _least;
        _least = double.MaxValue;
        _leastSince = now;
        BeginWindow(now);

        // At its limit the backend would show as least what waiting there is part of, and the cap would rise with every time that this is forgotten.
        if (mostInUse < _exact / 2) return;
        _exact = Math.Max(Least, _exact / 2);
        Volatile.Write(ref _cap, (int)_exact);
    }

    private void BeginWindow(long now)
    {
        _windowSum = 0;
        _windowCount = 0;
        _windowSince = now;
    }
}
