using System.Globalization;
using System.Net;
using System.Text;

namespace EdgeProxy.Load.Reports;

/// <summary>A line chart as SVG, with its axes; colours come from the page's style.</summary>
internal sealed record SvgChart
{
    private const int Width = 620;
    private const int Height = 250;
    private const int Left = 64;
    private const int Right = 12;
    private const int Top = 12;
    private const int Bottom = 34;

    public required string Title { get; init; }

    /// <summary>The lines: a name, the style's class for its colour, and points from left to right.</summary>
    public required IReadOnlyList<(string Name, string Style, IReadOnlyList<(double X, double Y)> Points)> Lines { get; init; }

    /// <summary>Writes a value of the upright axis.</summary>
    public required Func<double, string> YText { get; init; }

    /// <summary>The level axis: where marks stand, and what is written there; null for seconds.</summary>
    public IReadOnlyList<(double X, string Text)>? XMarks { get; init; }

    /// <summary>Whether the upright axis goes by powers of ten.</summary>
    public bool IsLogarithmic { get; init; }

    public string Write()
    {
        double[] ys = [.. Lines.SelectMany(line => line.Points).Select(point => point.Y).Where(double.IsFinite)];
        double[] xs = [.. Lines.SelectMany(line => line.Points).Select(point => point.X)];
        double mostX = Math.Max(xs.DefaultIfEmpty(1).Max(), Math.Max(1e-9, XMarks is null ? 0 : XMarks[^1].X));
        IReadOnlyList<(double X, string Text)> xMarks = XMarks ?? [.. Figures.Ticks(mostX, 8).Where(tick => tick <= mostX * 1.0001).Select(tick => (tick, Figures.Count(tick) + " s"))];
        (IReadOnlyList<double> yMarks, Func<double, double> place) = Upright(ys);

        StringBuilder svg = new();
        string label = WebUtility.HtmlEncode(Title);
        svg.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{label}</figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{label}\">");
        foreach (double mark in yMarks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(place(mark)):0.#}\" y2=\"{Y(place(mark)):0.#}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Y(place(mark)) + 4:0.#}\" text-anchor=\"end\">{WebUtility.HtmlEncode(YText(mark))}</text>");
        }

        foreach ((double x, string text) in xMarks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(x):0.#}\" x2=\"{X(x):0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{X(x):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"{(x >= mostX ? "end" : "middle")}\">{WebUtility.HtmlEncode(text)}</text>");
        }

        foreach ((string name, string style, IReadOnlyList<(double X, double Y)> points) in Lines)
        {
            IEnumerable<string> places = points.Where(point => double.IsFinite(place(point.Y))).Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(place(point.Y)):0.#}"));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{WebUtility.HtmlEncode(style)}\" points=\"{string.Join(' ', places)}\"><title>{WebUtility.HtmlEncode(name)}</title></polyline>");
        }

        svg.Append("</svg><div class=\"legend\">");
        foreach ((string name, string style, _) in Lines) svg.Append(CultureInfo.InvariantCulture, $"<span class=\"{WebUtility.HtmlEncode(style)}\">{WebUtility.HtmlEncode(name)}</span>");
        return svg.Append("</div></figure>\n").ToString();

        double X(double x) => Left + ((Width - Left - Right) * x / mostX);
    }

    private static double Y(double share) => Height - Bottom - ((Height - Top - Bottom) * Math.Clamp(share, 0, 1));

    /// <summary>Marks of the upright axis, and where a value stands between 0 and 1; not a number for one that has no place.</summary>
    private (IReadOnlyList<double> Marks, Func<double, double> Place) Upright(double[] ys)
    {
        double highest = ys.DefaultIfEmpty(1).Max();
        if (!IsLogarithmic)
        {
            IReadOnlyList<double> ticks = Figures.Ticks(highest, 5);
            return (ticks, y => y / ticks[^1]);
        }

        double[] above = [.. ys.Where(y => y > 0)];
        double low = Math.Floor(Math.Log10(above.DefaultIfEmpty(1).Min()));
        double high = Math.Max(low + 1, Math.Ceiling(Math.Log10(Math.Max(highest, double.Epsilon))));
        List<double> marks = [];
        for (double power = low; power <= high; power++) marks.Add(Math.Pow(10, power));
        return (marks, y => y > 0 ? (Math.Log10(y) - low) / (high - low) : double.NaN);
    }
}
