using System.Globalization;

namespace EdgeProxy.Load.Reports;

/// <summary>Writes figures the way people read them, the same in every report.</summary>
internal static class Figures
{
    /// <summary>A duration given in milliseconds.</summary>
    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        0 => "0",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds * 1000:0.0} us"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.00} s"),
    };

    /// <summary>A number of things.</summary>
    public static string Count(double count) => count.ToString(count >= 100 || count == Math.Floor(count) ? "#,0" : "0.##", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes, in powers of 1,000.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} KB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A share in percent.</summary>
    public static string Percent(double percent) => percent.ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>For programs: as many digits as are needed.</summary>
    public static string Exact(double value) => Math.Round(value, 6).ToString(CultureInfo.InvariantCulture);

    /// <summary>Steps of 1, 2 or 5 times a power of ten, so many at most, that reach from 0 to at least <paramref name="highest"/>.</summary>
    public static IReadOnlyList<double> Ticks(double highest, int most)
    {
        if (!(highest > 0) || !double.IsFinite(highest)) return [0, 1];
        double power = Math.Pow(10, Math.Floor(Math.Log10(highest / most)));
        double step = new[] { 1.0, 2, 5, 10 }.Select(factor => factor * power).First(candidate => Math.Ceiling((highest / candidate) - 1e-9) <= most);
        List<double> ticks = [];
        for (int index = 0; index == 0 || ticks[^1] < highest - (step * 1e-9); index++) ticks.Add(Math.Round(index * step, 12));
        return ticks;
    }
}
