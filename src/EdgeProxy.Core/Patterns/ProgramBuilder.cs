namespace EdgeProxy.Core.Patterns;

/// <summary>Writes the instructions of a <see cref="PatternProgram"/>.</summary>
internal sealed class ProgramBuilder
{
    private readonly List<PatternStep> _steps = [];
    private readonly List<CodePointSet> _sets = [];
    private readonly List<PatternLoop> _loops = [];
    private int _registers;

    public static PatternProgram Build(ParsedPattern pattern)
    {
        var builder = new ProgramBuilder { _registers = 2 * (pattern.Groups + 1) };
        builder.Emit(pattern.Root);
        builder.Emit(PatternCode.Match);
        return new PatternProgram(pattern, [.. builder._steps], [.. builder._sets], [.. builder._loops], builder._registers);
    }

    private int Emit(PatternCode code, int a = 0, int b = 0)
    {
        _steps.Add(new PatternStep(code, a, b));
        return _steps.Count - 1;
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Character character when character.Set.Single >= 0:
                Emit(PatternCode.Character, character.Set.Single);
                break;
            case PatternNode.Character character:
                _sets.Add(character.Set);
                Emit(PatternCode.Set, _sets.Count - 1);
                break;
            case PatternNode.Sequence sequence:
                foreach (PatternNode part in sequence.Parts) Emit(part);
                break;
            case PatternNode.Choice choice:
                EmitChoice(choice);
                break;
            case PatternNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case PatternNode.Group group:
                Emit(PatternCode.Save, group.Number * 2);
                Emit(group.Part);
                Emit(PatternCode.Save, (group.Number * 2) + 1);
                break;
            case PatternNode.Anchor anchor:
                Emit(PatternCode.Anchor, (int)anchor.Kind);
                break;
            case PatternNode.Look look:
                EmitEnclosed(look.IsBehind ? PatternCode.Behind : PatternCode.Ahead, look.Part, look.IsNegated ? 1 : 0);
                break;
            case PatternNode.Atomic atomic:
                EmitEnclosed(PatternCode.Atomic, atomic.Part, 0);
                break;
            case PatternNode.BackReference reference:
                Emit(PatternCode.Back, reference.Number, (reference.IgnoresCase ? PatternStep.IgnoresCase : 0) | (reference.IsEmptyWhenUnset ? PatternStep.EmptyWhenUnset : 0));
                break;
        }
    }

    private void EmitEnclosed(PatternCode code, PatternNode part, int b)
    {
        int at = Emit(code);
        Emit(part);
        Emit(PatternCode.Match);
        _steps[at] = new PatternStep(code, _steps.Count, b);
    }

    private void EmitChoice(PatternNode.Choice choice)
    {
        var ends = new List<int>();
        for (int i = 0; i < choice.Options.Count - 1; i++)
        {
            int split = Emit(PatternCode.Split);
            Emit(choice.Options[i]);
            ends.Add(Emit(PatternCode.Jump));
            _steps[split] = new PatternStep(PatternCode.Split, split + 1, _steps.Count);
        }

        Emit(choice.Options[^1]);
        foreach (int end in ends) _steps[end] = new PatternStep(PatternCode.Jump, _steps.Count, 0);
    }

    private void EmitRepeat(PatternNode.Repeat repeat)
    {
        PatternNode part = repeat.Part;
        while (part is PatternNode.Sequence { Parts.Count: 1 } sequence) part = sequence.Parts[0];
        if (part is PatternNode.Character character && repeat.Greed != PatternGreed.Lazy)
        {
            _loops.Add(new PatternLoop(repeat, character.Set, -1));
            Emit(PatternCode.Run, _loops.Count - 1, repeat.Greed == PatternGreed.Possessive ? 1 : 0);
        }
        else if (repeat.Greed == PatternGreed.Possessive)
        {
            EmitEnclosed(PatternCode.Atomic, new PatternNode.Repeat(part, repeat.Least, repeat.Most, PatternGreed.Greedy), 0);
        }
        else if (repeat is { Least: 0, Most: 1 })
        {
            int split = Emit(PatternCode.Split);
            Emit(part);
            bool isLazy = repeat.Greed == PatternGreed.Lazy;
            _steps[split] = isLazy ? new PatternStep(PatternCode.Split, _steps.Count, split + 1) : new PatternStep(PatternCode.Split, split + 1, _steps.Count);
        }
        else
        {
            int loop = _loops.Count;
            _loops.Add(new PatternLoop(repeat, null, _registers));
            _registers += 2;
            Emit(PatternCode.Begin, loop);
            int top = Emit(PatternCode.Loop);
            Emit(PatternCode.Round, loop);
            Emit(part);
            Emit(PatternCode.Jump, top);
            _steps[top] = new PatternStep(PatternCode.Loop, loop, _steps.Count);
        }
    }
}
