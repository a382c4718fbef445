using EdgeProxy.Gateway.Responses;

namespace EdgeProxy.Gateway;

/// <summary>What a phase decided: go on, answer with what the context holds, or fail.</summary>
internal readonly record struct Verdict
{
    private Verdict(bool ends, FaultKind fault)
    {
        Ends = ends;
        Fault = fault;
    }

    /// <summary>The next phase may run.</summary>
    public static Verdict Continue => default;

    /// <summary>The answer is complete: respond.</summary>
    public static Verdict Answer => new(true, FaultKind.None);

    /// <summary>Whether no further phase may run.</summary>
    public bool Ends { get; }

    /// <summary>Why the request failed; <see cref="FaultKind.None"/> if it did not.</summary>
    public FaultKind Fault { get; }

    public bool IsFault => Fault != FaultKind.None;

    public static Verdict Of(FaultKind fault) => new(true, fault);
}
