using System.Diagnostics;
using System.Text;
using EdgeProxy.Core.Text;

namespace EdgeProxy.Core.Patterns;

/// <summary>Runs patterns, with memory that is used again: backtracking over a stack of its own, each step taken from those of the caller. One thread.</summary>
public sealed class PatternRun
{
    private const int MostChoices = 1_000_000;

    // Each entry has four numbers.
    private const int Entry = 4;

    private int[] _registers = [];

    // What to go back to, and what to restore on the way there, the latest at the top.
    private int[] _choices = [];
    private int _top;

    private enum Kind
    {
        /// <summary>Another way, not taken yet: address, position.</summary>
        Choice,

        /// <summary>Gives back one character more: address, position, position of the last that can be given back.</summary>
        GiveBack,

        /// <summary>What a register held: register, value.</summary>
        Register,

        /// <summary>What the two registers of a loop held: register, values.</summary>
        Round,
    }

    /// <summary>Where group <paramref name="group"/> begins in the last match; -1 when it took no part.</summary>
    public int Start(int group) => _registers[group * 2];

    /// <summary>Where it ends.</summary>
    public int End(int group) => _registers[(group * 2) + 1];

    /// <summary>Whether the whole text matches.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="steps">The steps that are left; about a character each.</param>
    public PatternAnswer MatchesAll(PatternProgram pattern, ReadOnlySpan<byte> text, ref int steps)
    {
        if (pattern.Literal is not null) return text.SequenceEqual(pattern.Literal) ? PatternAnswer.Yes : PatternAnswer.No;
        Clear(pattern);
        return Run(pattern, text, 0, 0, text.Length, ref steps);
    }

    /// <summary>Finds the first match from a position on; <see cref="Start"/> and <see cref="End"/> tell where.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="steps">The steps that are left; about a character each.</param>
    public PatternAnswer Find(PatternProgram pattern, ReadOnlySpan<byte> text, int from, ref int steps)
    {
        Clear(pattern);
        if (pattern.Literal is { } literal)
        {
            steps -= ((text.Length - from) >> 6) + 1;
            if (steps < 0) return PatternAnswer.TooManySteps;
            int found = text[from..].IndexOf(literal);
            _registers[0] = from + found;
            _registers[1] = from + found + literal.Length;
            return found >= 0 ? PatternAnswer.Yes : PatternAnswer.No;
        }

        for (int start = from; start <= text.Length;)
        {
            PatternAnswer answer = Run(pattern, text, 0, start, -1, ref steps);
            if (answer == PatternAnswer.Yes) _registers[0] = start;
            if (answer != PatternAnswer.No || pattern.IsAnchored) return answer;
            int length = 1;
            if (start < text.Length) CodePoints.At(text, start, out length);
            start += length;
            Clear(pattern);
        }

        return PatternAnswer.No;
    }

    private void Clear(PatternProgram pattern)
    {
        if (_registers.Length < pattern.Registers) _registers = new int[Math.Max(16, pattern.Registers * 2)];
        Array.Fill(_registers, -1, 0, pattern.Registers);
        _top = 0;
    }

    // Register 1 is where the match ended. With mustEnd at least 0 only a match that ends there counts.
    private PatternAnswer Run(PatternProgram pattern, ReadOnlySpan<byte> text, int address, int at, int mustEnd, ref int steps)
    {
        int bottom = _top;
        PatternStep[] code = pattern.Steps;
        while (true)
        {
            if (--steps < 0) return PatternAnswer.TooManySteps;
            if (_top + Entry > _choices.Length && !Grow()) return PatternAnswer.TooManyChoices;
            PatternStep step = code[address];
            bool goesOn;
            switch (step.Code)
            {
                case PatternCode.Match:
                    goesOn = mustEnd < 0 || at == mustEnd;
                    if (!goesOn) break;
                    _registers[1] = at;

                    // What was not tried is given up, but old values stay to be restored by whoever goes back further.
                    Forget(bottom);
                    return PatternAnswer.Yes;
                case PatternCode.Character:
                    goesOn = at < text.Length && CodePoints.At(text, at, out int length) == step.A && Move(ref at, length);
                    break;
                case PatternCode.Set:
                    goesOn = at < text.Length && pattern.Sets[step.A].Contains(CodePoints.At(text, at, out length)) && Move(ref at, length);
                    break;
                case PatternCode.Run:
                    goesOn = TakeRun(pattern.Loops[step.A], text, ref at, address + 1, step.B != 0, ref steps);
                    break;
                case PatternCode.Split:
                    Push(Kind.Choice, step.B, at, 0);
                    address = step.A;
                    continue;
                case PatternCode.Jump:
                    address = step.A;
                    continue;
                case PatternCode.Save:
                    Push(Kind.Register, step.A, _registers[step.A], 0);
                    _registers[step.A] = at;
                    goesOn = true;
                    break;
                case PatternCode.Begin:
                    SetRound(pattern.Loops[step.A].Register, 0, -1);
                    goesOn = true;
                    break;
                case PatternCode.Loop:
                    address = NextRound(pattern.Loops[step.A], address + 1, step.B, at);
                    continue;
                case PatternCode.Round:
                    int register = pattern.Loops[step.A].Register;
                    SetRound(register, _registers[register] + 1, at);
                    goesOn = true;
                    break;
                case PatternCode.Anchor:
                    goesOn = Holds((PatternAnchor)step.A, text, at);
                    break;
                case PatternCode.Back:
                    goesOn = TakeAgain(text, step, ref at, ref steps);
                    break;
                case PatternCode.Ahead or PatternCode.Atomic or PatternCode.Behind:
                    int end = at;
                    PatternAnswer answer = step.Code == PatternCode.Behind ? RunBehind(pattern, text, address + 1, at, ref steps) : Run(pattern, text, address + 1, at, -1, ref steps);
                    if (answer > PatternAnswer.Yes) return answer;
                    goesOn = (answer == PatternAnswer.Yes) == (step.B == 0);
                    if (!goesOn) break;
                    if (step.Code == PatternCode.Atomic) at = _registers[1];
                    address = step.A;
                    continue;
                default:
                    throw new UnreachableException();
            }

            if (goesOn) address++;
            else if (!GoBack(bottom, text, ref address, ref at)) return PatternAnswer.No;
        }
    }

    private static bool Move(ref int at, int length)
    {
        at += length;
        return true;
    }

    private PatternAnswer RunBehind(PatternProgram pattern, ReadOnlySpan<byte> text, int address, int at, ref int steps)
    {
        for (int start = at; ; start -= CodePoints.LengthBefore(text, start))
        {
            PatternAnswer answer = Run(pattern, text, address, start, at, ref steps);
            if (answer != PatternAnswer.No || start == 0) return answer;
        }
    }

    private bool TakeRun(PatternLoop loop, ReadOnlySpan<byte> text, ref int at, int behind, bool keepsAll, ref int steps)
    {
        CodePointSet set = loop.Set!;
        int count = 0;
        int least = at;
        while (count < loop.Most && at < text.Length && set.Contains(CodePoints.At(text, at, out int length)))
        {
            at += length;
            if (++count <= loop.Least) least = at;
        }

        steps -= count;
        if (count < loop.Least) return false;
        if (at > least && !keepsAll) Push(Kind.GiveBack, behind, at, least);
        return true;
    }

    // Into another round, or on. A round that took nothing is the last, because any other would take nothing too.
    private int NextRound(PatternLoop loop, int into, int on, int at)
    {
        int rounds = _registers[loop.Register];
        if (rounds > 0 && _registers[loop.Register + 1] == at) return on;
        if (rounds < loop.Least) return into;
        if (rounds >= loop.Most) return on;
        Push(Kind.Choice, loop.IsLazy ? into : on, at, 0);
        return loop.IsLazy ? on : into;
    }

    private void SetRound(int register, int rounds, int at)
    {
        Push(Kind.Round, register, _registers[register], _registers[register + 1]);
        _registers[register] = rounds;
        _registers[register + 1] = at;
    }

    private bool GoBack(int bottom, ReadOnlySpan<byte> text, ref int address, ref int at)
    {
        while (_top > bottom)
        {
            _top -= Entry;
            Span<int> entry = _choices.AsSpan(_top, Entry);
            switch ((Kind)entry[0])
            {
                case Kind.Register:
                    _registers[entry[1]] = entry[2];
                    break;
                case Kind.Round:
                    _registers[entry[1]] = entry[2];
                    _registers[entry[1] + 1] = entry[3];
                    break;
                case Kind.GiveBack:
                    address = entry[1];
                    at = Math.Max(entry[3], entry[2] - CodePoints.LengthBefore(text, entry[2]));
                    entry[2] = at;
                    if (at > entry[3]) _top += Entry;
                    return true;
                default:
                    address = entry[1];
                    at = entry[2];
                    return true;
            }
        }

        return false;
    }

    private void Forget(int bottom)
    {
        int kept = bottom;
        for (int i = bottom; i < _top; i += Entry)
        {
            if ((Kind)_choices[i] is Kind.Choice or Kind.GiveBack) continue;
            _choices.AsSpan(i, Entry).CopyTo(_choices.AsSpan(kept));
            kept += Entry;
        }

        _top = kept;
    }

    // No step pushes more than one entry.
    private bool Grow()
    {
        if (_choices.Length > MostChoices) return false;
        Array.Resize(ref _choices, Math.Max(64 * Entry, _choices.Length * 2));
        return true;
    }

    private void Push(Kind kind, int first, int second, int third)
    {
        Span<int> entry = _choices.AsSpan(_top, Entry);
        entry[0] = (int)kind;
        entry[1] = first;
        entry[2] = second;
        entry[3] = third;
        _top += Entry;
    }

    private static bool Holds(PatternAnchor anchor, ReadOnlySpan<byte> text, int at)
    {
        switch (anchor)
        {
            case PatternAnchor.TextStart:
                return at == 0;
            case PatternAnchor.TextEnd:
                return at == text.Length;
            case PatternAnchor.TextEndOrLastLine:
                return at == text.Length || text[at..] is [(byte)'\n'] or [(byte)'\r'] or [(byte)'\r', (byte)'\n'];
            case PatternAnchor.LineStart:
                return at == 0 || (at < text.Length && text[at - 1] is (byte)'\n' or (byte)'\r');
            case PatternAnchor.LineEnd:
                return at == text.Length || text[at] is (byte)'\n' or (byte)'\r';
            default:
                bool before = at > 0 && CodePointSet.WordCharacters.Contains(text[at - 1]);
                bool after = at < text.Length && CodePointSet.WordCharacters.Contains(text[at]);
                return (before != after) == (anchor == PatternAnchor.WordBoundary);
        }
    }

    private bool TakeAgain(ReadOnlySpan<byte> text, PatternStep step, ref int at, ref int steps)
    {
        int start = _registers[step.A * 2];
        int end = _registers[(step.A * 2) + 1];
        if (start < 0 || end < start) return (step.B & PatternStep.EmptyWhenUnset) != 0;
        ReadOnlySpan<byte> taken = text[start..end];
        steps -= taken.Length >> 6; // comparing them is quick, and a long text that refers back from everywhere is not
        ReadOnlySpan<byte> rest = text[at..];
        bool isSame = (step.B & PatternStep.IgnoresCase) == 0 ? rest.StartsWith(taken) : rest.Length >= taken.Length && Ascii.EqualsIgnoreCase(rest[..taken.Length], taken);
        if (isSame) at += taken.Length;
        return isSame;
    }
}
