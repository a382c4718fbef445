using System.Collections;
using EdgeProxy.Definitions;

namespace EdgeProxy.Compiler.Problems;

/// <summary>All problems of one run over one or more documents, in the order in which they were found.</summary>
/// <remarks>
/// Bounded, because a hostile document can hold a mistake in every byte: beyond <see cref="Capacity"/> problems are counted, not kept.
/// Not safe for several threads.
/// </remarks>
public sealed class ProblemList : IReadOnlyList<Problem>
{
    /// <summary>How many problems are kept.</summary>
    public const int Capacity = 10_000;

    private readonly List<Problem> _problems = [];
    private int _errors;
    private int _unsupported;

    /// <inheritdoc/>
    public int Count => _problems.Count;

    /// <summary>How many problems were found beyond those kept.</summary>
    public int Dropped { get; private set; }

    /// <summary>True when something is wrong, so that the configuration must not be served.</summary>
    public bool HasErrors => _errors != 0;

    /// <summary>True when something is right but cannot be executed by this version.</summary>
    public bool HasUnsupported => _unsupported != 0;

    /// <inheritdoc/>
    public Problem this[int index] => _problems[index];

    /// <summary>Adds an error.</summary>
    public void Error(ProblemCode code, Origin? origin, string message) => Add(new Problem(code, ProblemSeverity.Error, origin, message));

    /// <summary>Adds a report of something that this version cannot execute.</summary>
    public void Unsupported(ProblemCode code, Origin? origin, string message) => Add(new Problem(code, ProblemSeverity.Unsupported, origin, message));

    /// <summary>Adds a warning.</summary>
    public void Warning(ProblemCode code, Origin? origin, string message) => Add(new Problem(code, ProblemSeverity.Warning, origin, message));

    /// <summary>Adds a problem.</summary>
    public void Add(Problem problem)
    {
        // Counted even when not kept: a dropped error still refuses the configuration.
        if (problem.Severity == ProblemSeverity.Error) _errors++;
        else if (problem.Severity == ProblemSeverity.Unsupported) _unsupported++;

        if (_problems.Count < Capacity) _problems.Add(problem);
        else Dropped++;
    }

    /// <summary>Adds all problems of another list.</summary>
    public void AddRange(ProblemList others)
    {
        foreach (Problem problem in others._problems) Add(problem);
        Dropped += others.Dropped;
        _errors += others._errors - Kept(others, ProblemSeverity.Error);
        _unsupported += others._unsupported - Kept(others, ProblemSeverity.Unsupported);
    }

    /// <inheritdoc/>
    public IEnumerator<Problem> GetEnumerator() => _problems.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Kept(ProblemList list, ProblemSeverity severity)
    {
        int kept = 0;
        foreach (Problem problem in list._problems)
        {
            if (problem.Severity == severity) kept++;
        }

        return kept;
    }
}
