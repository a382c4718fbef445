using System.Diagnostics;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Patterns;

/// <summary>Runs patterns, with memory that is used again. Each step is taken from the template's.</summary>
internal sealed class PatternRun
{
    private const int MostChoices = 1_000_000;

    private int[] _registers = new int[16];

    // Choices not taken yet, three numbers each: address, position, 0; or ~register, its old value, 1.
    private int[] _choices = new int[192];
    private int _top;

    /// <summary>Where group <paramref name="group"/> begins in the last match; -1 when it took no part.</summary>
    public int Start(int group) => _registers[group * 2];

    /// <summary>Where it ends.</summary>
    public int End(int group) => _registers[(group * 2) + 1];

    /// <summary>Whether the whole text matches.</summary>
    public bool MatchesAll(JavaPattern pattern, ReadOnlySpan<byte> text, Machine machine)
    {
        if (pattern.Literal is not null) return text.SequenceEqual(pattern.Literal);
        Begin(pattern);
        return Run(pattern, text, 0, 0, text.Length, machine);
    }

    /// <summary>Finds the first match from a position on; <see cref="Start"/> and <see cref="End"/> tell where.</summary>
    public bool Find(JavaPattern pattern, ReadOnlySpan<byte> text, int from, Machine machine)
    {
        if (pattern.Literal is { } literal)
        {
            if (!machine.TryStepsFor(text.Length - from)) return false;
            int found = text[from..].IndexOf(literal);
            _registers[0] = from + found;
            _registers[1] = from + found + literal.Length;
            return found >= 0;
        }

        for (int start = from; start <= text.Length; start += start < text.Length ? Utf8.LengthAt(text, start) : 1)
        {
            Begin(pattern);
            if (Run(pattern, text, 0, start, -1, machine))
            {
                _registers[0] = start;
                return true;
            }

            if (machine.HasFault) return false;
        }

        return false;
    }

    private void Begin(JavaPattern pattern)
    {
        if (_registers.Length < pattern.Registers) _registers = new int[pattern.Registers * 2];
        Array.Fill(_registers, -1, 0, pattern.Registers);
        _top = 0;
    }

    // Register 1 is where the match ended. With mustEnd at least 0 only a match that ends there counts.
    private bool Run(JavaPattern pattern, ReadOnlySpan<byte> text, int address, int at, int mustEnd, Machine machine)
    {
        int bottom = _top;
        PatternStep[] steps = pattern.Steps;
        while (true)
        {
            if (!machine.TryStep()) return false;
            PatternStep step = steps[address];
            bool goesOn;
            switch (step.Code)
            {
                case PatternCode.Match:
                    goesOn = mustEnd < 0 || at == mustEnd;
                    if (!goesOn) break;
                    _registers[1] = at;

                    // What was not tried is given up, but old values stay to be restored by whoever goes back further.
                    Forget(bottom);
                    return true;
                case PatternCode.Character:
                    goesOn = at < text.Length && Utf8.CharacterAt(text, at, out int length) == step.A;
                    if (goesOn) at += Utf8.LengthAt(text, at);
                    break;
                case PatternCode.CharacterIgnoringCase:
                    goesOn = at < text.Length && (text[at] | 0x20) == step.A;
                    at++;
                    break;
                case PatternCode.Set:
                    goesOn = at < text.Length && pattern.Sets[step.A].Contains(Utf8.CharacterAt(text, at, out length));
                    if (goesOn) at += Utf8.LengthAt(text, at);
                    break;
                case PatternCode.Split:
                    if (!Push(step.B, at, 0, machine)) return false;
                    address = step.A;
                    continue;
                case PatternCode.Jump:
                    address = step.A;
                    continue;
                case PatternCode.Save:
                    if (!Push(~step.A, _registers[step.A], 1, machine)) return false;
                    _registers[step.A] = at;
                    goesOn = true;
                    break;
                case PatternCode.Progress:
                    goesOn = true;

                    // A round that took nothing is the last: the loop is left instead of gone round again.
                    if (_registers[step.A] == at) address++;
                    break;
                case PatternCode.TextBegin:
                    goesOn = at == 0;
                    break;
                case PatternCode.TextEnd:
                    goesOn = at == text.Length;
                    break;
                case PatternCode.TextEndOrLastLine:
                    goesOn = at == text.Length || text[at..] is [(byte)'\n'] or [(byte)'\r'] || text[at..].SequenceEqual("\r\n"u8);
                    break;
                case PatternCode.LineBegin:
                    goesOn = at == 0 || (at < text.Length && text[at - 1] is (byte)'\n' or (byte)'\r');
                    break;
                case PatternCode.LineEnd:
                    goesOn = at == text.Length || text[at] is (byte)'\n' or (byte)'\r';
                    break;
                case PatternCode.WordBound or PatternCode.NotWordBound:
                    bool before = at > 0 && CharacterSet.Words.Contains(text[at - 1]);
                    bool after = at < text.Length && CharacterSet.Words.Contains(text[at]);
                    goesOn = (before != after) == (step.Code == PatternCode.WordBound);
                    break;
                case PatternCode.Back:
                    goesOn = TakeAgain(text, step, ref at);
                    break;
                case PatternCode.Ahead or PatternCode.Atomic:
                    int end = at;
                    bool found = Run(pattern, text, address + 1, at, -1, machine);
                    if (machine.HasFault) return false;
                    if (found) end = _registers[1];
                    goesOn = found == (step.B == 0);
                    if (step.Code == PatternCode.Atomic) at = end;
                    if (goesOn)
                    {
                        address = step.A;
                        continue;
                    }

                    break;
                case PatternCode.Behind:
                    bool ends = false;
                    for (int start = at; start >= 0 && !ends && !machine.HasFault; start--) ends = Run(pattern, text, address + 1, start, at, machine);
                    if (machine.HasFault) return false;
                    goesOn = ends == (step.B == 0);
                    if (goesOn)
                    {
                        address = step.A;
                        continue;
                    }

                    break;
                default:
                    throw new UnreachableException();
            }

            if (goesOn)
            {
                address++;
                continue;
            }

            // Back to the last choice.
            while (true)
            {
                if (_top == bottom) return false;
                _top -= 3;
                if (_choices[_top + 2] == 0) break;
                _registers[~_choices[_top]] = _choices[_top + 1];
            }

            address = _choices[_top];
            at = _choices[_top + 1];
        }
    }

    private void Forget(int bottom)
    {
        int kept = bottom;
        for (int i = bottom; i < _top; i += 3)
        {
            if (_choices[i + 2] == 0) continue;
            _choices.AsSpan(i, 3).CopyTo(_choices.AsSpan(kept));
            kept += 3;
        }

        _top = kept;
    }

    private bool Push(int first, int second, int kind, Machine machine)
    {
        if (_top + 3 > _choices.Length)
        {
            if (_choices.Length > MostChoices)
            {
                machine.Fail(TemplateFault.PatternTooCostly);
                return false;
            }

            Array.Resize(ref _choices, _choices.Length * 2);
        }

        _choices[_top] = first;
        _choices[_top + 1] = second;
        _choices[_top + 2] = kind;
        _top += 3;
        return true;
    }

    private bool TakeAgain(ReadOnlySpan<byte> text, PatternStep step, ref int at)
    {
        int start = _registers[step.A * 2];
        int end = _registers[(step.A * 2) + 1];
        if (start < 0 || end < start) return false;
        ReadOnlySpan<byte> taken = text[start..end];
        ReadOnlySpan<byte> rest = text[at..];
        bool same = step.B == 0 ? rest.StartsWith(taken) : rest.Length >= taken.Length && System.Text.Ascii.EqualsIgnoreCase(rest[..taken.Length], taken);
        if (same) at += taken.Length;
        return same;
    }
}
