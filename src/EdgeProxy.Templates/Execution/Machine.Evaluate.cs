using System.Text;
using EdgeProxy.Templates.Compilation;

namespace EdgeProxy.Templates.Execution;

/// <content><c>#evaluate</c>: a text that is a template itself and shares the variables. The one thing that compiles, and so allocates, during a run.</content>
internal sealed partial class Machine
{
    private const int MostFrames = 1000;

    private void Evaluate(Frame caller, int at, Value text)
    {
        if (_observer is not null) Tell(TemplateStep.Evaluate, caller, at, text);
        if (_calls >= Limits.Calls)
        {
            Fail(TemplateFault.CallsTooDeep);
            return;
        }

        if (FrameOf(text) is not { } frame) return;
        _calls++;
        Run(frame, 0);
        _calls--;
    }

    // A text that was evaluated before in this run is not compiled again.
    private Frame? FrameOf(Value text)
    {
        ReadOnlySpan<byte> source = Memory.Bytes(text);
        if (!TryStepsFor(source.Length)) return null;
        for (int i = 1; i < _usedFrames; i++)
        {
            if (source.SequenceEqual(_frames[i].Program.Source)) return _frames[i];
        }

        // The names of all macros are given to it, too.
        int macros = 0;
        for (int i = 0; i < _usedFrames; i++) macros += _frames[i].Program.Macros.Length;
        if (!TrySteps(source.Length + macros)) return null;
        if (ProgramWriter.Compile(source.ToArray(), out _, MacroNames()) is not { } program)
        {
            Fail(TemplateFault.InvalidEvaluated);
            return null;
        }

        // Each of its variables is looked for among those there are.
        long looked = (long)program.Variables.Length * (_frames[0].Program.Variables.Length + _extraVariables.Count);
        if (!TrySteps((int)Math.Min(int.MaxValue, looked >> 4))) return null;
        int segment = Memory.AddSegment(program.Texts);
        if (segment < 0 || _usedFrames > MostFrames)
        {
            Fail(TemplateFault.TooMuchMemory);
            return null;
        }

        if (_usedFrames == _frames.Count) _frames.Add(new Frame { Ordinal = _usedFrames });
        Frame frame = _frames[_usedFrames++];
        frame.Program = program;
        frame.Segment = segment;
        frame.Slots = new int[program.Variables.Length];
        for (int i = 0; i < frame.Slots.Length; i++) frame.Slots[i] = SlotOf(program.Variables[i]);
        foreach ((int slot, Value value) in program.Presets)
        {
            if (_slots[frame.Slots[slot]].IsNull) _slots[frame.Slots[slot]] = value;
        }

        return frame;
    }

    private List<string> MacroNames()
    {
        var names = new List<string>();
        for (int i = 0; i < _usedFrames; i++)
        {
            foreach (MacroEntry macro in _frames[i].Program.Macros)
            {
                if (macro.Address >= 0) names.Add(Encoding.UTF8.GetString(Memory.Bytes(_frames[i].Constant(macro.Name))));
            }
        }

        return names;
    }

    // A macro that is called in one program may be defined in another of the run; an address below 0 when it is in none.
    private (Frame Frame, MacroEntry Macro) Defined(Frame frame, MacroEntry macro)
    {
        ReadOnlySpan<byte> name = Memory.Bytes(frame.Constant(macro.Name));
        for (int i = 0; i < _usedFrames; i++)
        {
            if (!TrySteps(_frames[i].Program.Macros.Length >> 3)) break;
            foreach (MacroEntry other in _frames[i].Program.Macros)
            {
                if (other.Address >= 0 && name.SequenceEqual(Memory.Bytes(_frames[i].Constant(other.Name)))) return (_frames[i], other);
            }
        }

        return (frame, macro);
    }

    private int SlotOf(string variable)
    {
        TemplateProgram main = _frames[0].Program;
        int slot = Array.IndexOf(main.Variables, variable);
        if (slot >= 0) return slot;
        int extra = _extraVariables.IndexOf(variable);
        if (extra >= 0) return main.Variables.Length + extra;
        _extraVariables.Add(variable);
        slot = main.Variables.Length + _extraVariables.Count - 1;
        if (slot >= _slots.Length) Pinned.Grow(ref _slots, slot * 2);
        _slots[slot] = Value.Null;
        return slot;
    }
}
