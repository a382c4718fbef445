using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.JsonPath;
using EdgeProxy.Templates.Patterns;
using EdgeProxy.Templates.Syntax;

namespace EdgeProxy.Templates.Execution;

/// <summary>Runs programs: a stack machine whose values are numbers and ranges, so that a run allocates nothing once its memory has grown.</summary>
/// <remarks>One run at a time, one thread. A fault ends the run at the instruction that met it; nothing throws.</remarks>
internal sealed partial class Machine
{
    private readonly List<Frame> _frames = [new Frame()];
    private readonly List<string> _extraVariables = [];
    private Value[] _stack = new Value[64];
    private Value[] _slots = new Value[32];
    private LoopState[] _loops = new LoopState[4];
    private int _top;
    private int _loopCount;
    private int _calls;
    private int _steps;
    private int _usedFrames;
    private int _outerText;
    private bool _stopped;
    private bool _hasCutLoop;
    private TemplateFault _fault;
    private SourceRange _faultRange;
    private bool _isPlaced;
    private ITemplateObserver? _observer;

    public Machine(TemplateLimits limits)
    {
        Limits = limits;
        Memory = new Memory(limits);
    }

    public TemplateLimits Limits { get; }

    public Memory Memory { get; }

    public JsonPathCache Paths { get; } = new();

    public PatternCache Patterns { get; } = new();

    public PatternRun PatternRun { get; } = new();

    /// <summary>Where the template writes; its end also serves to put texts together.</summary>
    public TemplateOutput Output { get; private set; } = null!;

    public ITemplateInputs Inputs { get; private set; } = null!;

    /// <summary>The body as a text.</summary>
    public Value Body { get; private set; }

    /// <summary>The element of an array that was looked up last: array, index and node.</summary>
    public (int Array, int Index, int Node) LastElement { get; set; }

    public bool HasFault => _fault != TemplateFault.None;

    /// <summary>Runs a template.</summary>
    public TemplateResult Run(TemplateProgram program, ITemplateInputs inputs, TemplateOutput output, ITemplateObserver? observer)
    {
        Output = output;
        Output.Limit = Limits.Output;
        Inputs = inputs;
        _observer = observer;
        Body = Memory.Reset(program.Texts, inputs.Body);
        ForgetInputs();
        LastElement = (-1, 0, 0);
        _top = 0;
        _loopCount = 0;
        _calls = 0;
        _steps = Limits.Steps;
        _outerText = -1;
        _stopped = false;
        _hasCutLoop = false;
        _fault = TemplateFault.None;
        _isPlaced = false;
        _faultRange = default;
        _extraVariables.Clear();
        _usedFrames = 1;
        Frame frame = _frames[0];
        frame.Program = program;
        if (_slots.Length < program.Variables.Length) _slots = new Value[program.Variables.Length * 2];
        Array.Clear(_slots, 0, program.Variables.Length);
        foreach ((int slot, Value value) in program.Presets) _slots[slot] = value;

        Run(frame, 0);
        if (_outerText >= 0) Output.Truncate(_outerText);
        if (_fault == TemplateFault.None)
        {
            KeepOverrides();
            if (_fault == TemplateFault.None) return new TemplateResult { HasCutLoop = _hasCutLoop };
        }

        (int line, int column) = TextPlace.Of(program.Source, _faultRange.Start);
        return new TemplateResult(_fault, line, column) { HasCutLoop = _hasCutLoop };
    }

    /// <summary>Ends the run; the first fault counts.</summary>
    public Value Fail(TemplateFault fault)
    {
        if (_fault == TemplateFault.None) _fault = fault;
        return Value.Null;
    }

    /// <summary>Counts a step; false when there are none left.</summary>
    public bool TryStep() => TrySteps(1);

    /// <summary>Counts the steps of going through so many bytes.</summary>
    public bool TryStepsFor(int bytes) => TrySteps((bytes >> 6) + 1);

    public bool TrySteps(int steps)
    {
        _steps -= steps;
        if (_steps >= 0) return true;
        _steps = 0;
        Fail(TemplateFault.TooManySteps);
        return false;
    }

    /// <summary>Whether a value may be nested so deeply.</summary>
    public bool TryEnter(int depth)
    {
        if (depth < Limits.Nesting) return true;
        Fail(TemplateFault.NestedTooDeeply);
        return false;
    }

    /// <summary>A value as text: empty for null.</summary>
    public Value TextOf(Value value)
    {
        if (value.IsText) return value;
        if (value.IsNull) return Value.EmptyText;
        int start = Output.Length;
        Writing.Write(value, this, Output);
        return TakeText(start);
    }

    /// <summary>A value as JSON text.</summary>
    public Value JsonOf(Value value)
    {
        int start = Output.Length;
        Writing.WriteJson(value, this, Output);
        return TakeText(start);
    }

    /// <summary>Writes what a <c>#define</c> holds.</summary>
    public void RunBlock(Value block)
    {
        if (++_calls > Limits.Calls) Fail(TemplateFault.CallsTooDeep);
        else Run(_frames[(int)block.Bits], block.A);
        _calls--;
    }

    // What stands at the end of the output becomes a value.
    private Value TakeText(int start)
    {
        ReadOnlySpan<byte> made = Output.Written[Math.Min(start, Output.Length)..];
        TryStepsFor(made.Length);
        Value text = Memory.Keep(made);
        Output.Truncate(Math.Min(start, Output.Length));
        return text;
    }

    private void Run(Frame frame, int address)
    {
        TemplateProgram program = frame.Program;
        int[] code = program.Code;
        if (_stack.Length < _top + program.StackSize) Array.Resize(ref _stack, (_top + program.StackSize) * 2);
        int at = address;
        while (!_stopped)
        {
            if (--_steps < 0) Fail(TemplateFault.TooManySteps);
            int next = Step(frame, code, at);
            if (_fault != TemplateFault.None)
            {
                if (!_isPlaced) _faultRange = frame.Ordinal == 0 ? program.Ranges[at] : default;

                // A fault in an evaluated text is placed where that is evaluated.
                _isPlaced = frame.Ordinal == 0;
                return;
            }

            if (next < 0) return;
            at = next;
        }
    }

    // After what writes or makes values. What is too much was dropped already.
    private int Checked(int next)
    {
        if (Output.Overflowed) Fail(_outerText >= 0 ? TemplateFault.TooMuchMemory : TemplateFault.OutputTooLarge);
        if (Memory.IsExhausted) Fail(Memory.HasTooManyItems ? TemplateFault.TooManyItems : TemplateFault.TooMuchMemory);
        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Step(Frame frame, int[] code, int at)
    {
        switch ((OpCode)code[at])
        {
            case OpCode.Return:
                return -1;
            case OpCode.Text:
                Output.Write(frame.Program.Texts.AsSpan(code[at + 1], code[at + 2]));
                return Checked(at + 3);
            case OpCode.Print:
                Print(frame, at, _stack[--_top]);
                return Checked(at + 1);
            case OpCode.PrintEscaped:
                Output.Write(Memory.Bytes(frame.Constant(_stack[--_top].IsNull ? code[at + 2] : code[at + 1])));
                return Checked(at + 3);
            case OpCode.Constant:
                _stack[_top++] = frame.Constant(code[at + 1]);
                return at + 2;
            case OpCode.Load:
                _stack[_top++] = _slots[frame.SlotOf(code[at + 1])];
                return at + 2;
            case OpCode.Store:
                Value stored = _stack[--_top];
                _slots[frame.SlotOf(code[at + 1])] = stored;
                if (_observer is not null) Tell(TemplateStep.Set, frame, at, stored);
                return at + 2;
            case OpCode.Member:
                NameEntry member = frame.Program.Names[code[at + 1]];
                return Replace(Member(_stack[_top - 1], member.Text, member.Hash), at + 2);
            case OpCode.Index:
                Value element = Element(_stack[_top - 2], _stack[_top - 1]);
                _top--;
                return Replace(element, at + 1);
            case OpCode.Call:
                int count = code[at + 2];
                Value target = Memory.Resolve(_stack[_top - 1 - count]);
                Value result = Methods.Call(this, target, frame.Program.Names[code[at + 1]].Method, _stack.AsSpan(_top - count, count));
                _top -= count;
                return Replace(result, at + 3);
            case OpCode.SetMember:
                Value assigned = _stack[_top - 1];
                SetElement(_stack[_top - 2], frame.Constant(frame.Program.Names[code[at + 1]].Constant), assigned);
                _top -= 2;
                if (_observer is not null) Tell(TemplateStep.Set, frame, at, assigned);
                return Checked(at + 2);
            case OpCode.SetIndex:
                Value placed = _stack[_top - 1];
                SetElement(_stack[_top - 3], _stack[_top - 2], placed);
                _top -= 3;
                if (_observer is not null) Tell(TemplateStep.Set, frame, at, placed);
                return Checked(at + 1);
            case OpCode.Binary:
                Value combined = Operators.Apply(this, (BinaryOperator)code[at + 1], _stack[_top - 2], _stack[_top - 1]);
                _top--;
                return Replace(combined, at + 2);
            case OpCode.Not:
                _stack[_top - 1] = Value.Of(!IsTrue(_stack[_top - 1]));
                return at + 1;
            case OpCode.Truth:
                _stack[_top - 1] = Value.Of(IsTrue(_stack[_top - 1]));
                return at + 1;
            case OpCode.Jump:
                return code[at + 1];
            case OpCode.JumpIfFalse:
                return IsTrue(_stack[--_top]) ? at + 2 : code[at + 1];
            case OpCode.Condition:
                if (_observer is not null) Tell(TemplateStep.Condition, frame, at, Value.Of(IsTrue(_stack[_top - 1])));
                return at + 1;
            case OpCode.List:
                MakeList(code[at + 1]);
                return Checked(at + 2);
            case OpCode.Map:
                MakeMap(code[at + 1]);
                return Checked(at + 2);
            case OpCode.Sequence:
                _top--;
                _stack[_top - 1] = Sequence(_stack[_top - 1], _stack[_top]);
                return Checked(at + 1);
            case OpCode.TextBegin:
                if (_outerText < 0) _outerText = Output.Length;
                _stack[_top++] = Value.Of(Output.Length);
                return at + 1;
            case OpCode.TextEnd:
                int start = (int)_stack[_top - 1].Integer;
                _stack[_top - 1] = TakeText(start);
                int checkedNext = Checked(at + 1);
                if (start == _outerText) _outerText = -1;
                return checkedNext;
            case OpCode.LoopBegin:
                BeginLoop(frame, _stack[--_top], frame.SlotOf(code[at + 1]));
                return Checked(at + 2);
            case OpCode.LoopNext:
                if (NextIteration(frame, at)) return at + 2;
                EndLoop(frame, at);
                return code[at + 1];
            case OpCode.Break:
                if (_observer is not null) Tell(TemplateStep.Break, frame, at, Value.Null);
                EndLoop(frame, at);
                return code[at + 1];
            case OpCode.Stop:
                _stopped = true;
                if (_observer is not null) Tell(TemplateStep.Stop, frame, at, Value.Null);
                return -1;
            case OpCode.Define:
                _slots[frame.SlotOf(code[at + 1])] = new Value(ValueKind.Block, at + 3, frame.Ordinal);
                if (_observer is not null) Tell(TemplateStep.Define, frame, at, Value.Null);
                return code[at + 2];
            case OpCode.Block:
                _stack[_top++] = new Value(ValueKind.Block, at + 2, frame.Ordinal);
                return code[at + 1];
            case OpCode.Macro:
                CallMacro(frame, at, frame.Program.Macros[code[at + 1]], code[at + 2], code[at + 3] != 0);
                return at + 4;
            default:
                Evaluate(frame, at, TextOf(_stack[--_top]));
                return at + 1;
        }
    }

    // The stack may have grown, and so moved, while the value was made.
    private int Replace(Value value, int next)
    {
        _stack[_top - 1] = value;
        return Checked(next);
    }

    private void Print(Frame frame, int at, Value value)
    {
        if (value.IsText) Output.Write(Memory.Bytes(value));
        else Writing.Write(value, this, Output);
        if (_observer is not null) Tell(TemplateStep.Reference, frame, at, value);
    }

    /// <summary>Whether a value holds as a condition.</summary>
    public bool IsTrue(Value value) => value.Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Boolean => value.Boolean,
        ValueKind.String => !Limits.EmptyTextIsFalse || value.Length > 0,
        _ => true,
    };

    private void MakeList(int count)
    {
        Value list = Memory.NewList();
        _top -= count;
        for (int i = 0; i < count; i++) Memory.Add(list, _stack[_top + i]);
        _stack[_top++] = list;
    }

    private void MakeMap(int count)
    {
        Value map = Memory.NewMap();
        _top -= count * 2;
        for (int i = 0; i < count; i++) Memory.Put(map, _stack[_top + (i * 2)], _stack[_top + (i * 2) + 1]);
        _stack[_top++] = map;
    }

    private Value Sequence(Value first, Value last)
    {
        if (first.Kind != ValueKind.Integer || last.Kind != ValueKind.Integer) return Value.Null;
        Value list = Memory.NewList();
        long step = first.Integer <= last.Integer ? 1 : -1;
        for (long number = first.Integer; !Memory.IsExhausted && TryStep(); number += step)
        {
            Memory.Add(list, Value.Of(number));
            if (number == last.Integer) break;
        }

        return list;
    }

    private void BeginLoop(Frame frame, Value items, int slot)
    {
        if (items.Kind is ValueKind.Context or ValueKind.StageVariables) items = Materialise(items);
        if (_loopCount == _loops.Length) Array.Resize(ref _loops, _loopCount * 2);
        ref LoopState loop = ref _loops[_loopCount++];
        loop.Items = new Children(Memory, items);
        loop.Index = -1;
        loop.Slot = slot;
        loop.Variable = _slots[slot];
        TemplateProgram program = frame.Program;
        loop.Outer = program.LoopSlot < 0 ? default : _slots[frame.SlotOf(program.LoopSlot)];
        loop.Count = program.CountSlot < 0 ? default : _slots[frame.SlotOf(program.CountSlot)];
        loop.HasNext = program.HasNextSlot < 0 ? default : _slots[frame.SlotOf(program.HasNextSlot)];
    }

    private bool NextIteration(Frame frame, int at)
    {
        ref LoopState loop = ref _loops[_loopCount - 1];
        if (loop.Index + 1 >= Limits.Iterations || !loop.Items.MoveNext())
        {
            _hasCutLoop |= loop.Index + 1 >= Limits.Iterations && loop.Items.HasNext;
            loop.Index++;
            return false;
        }

        loop.Index++;
        _slots[loop.Slot] = loop.Items.Current;
        TemplateProgram program = frame.Program;
        if (program.LoopSlot >= 0) _slots[frame.SlotOf(program.LoopSlot)] = new Value(ValueKind.Loop, _loopCount - 1, 0);
        if (program.CountSlot >= 0) _slots[frame.SlotOf(program.CountSlot)] = Value.Of(loop.Index + 1L);
        if (program.HasNextSlot >= 0) _slots[frame.SlotOf(program.HasNextSlot)] = Value.Of(HasNext(loop));
        if (_observer is not null) Tell(TemplateStep.Iteration, frame, at, loop.Items.Current);
        return true;
    }

    private bool HasNext(in LoopState loop) => loop.Index + 1 < Limits.Iterations && loop.Items.HasNext;

    private void EndLoop(Frame frame, int at)
    {
        ref LoopState loop = ref _loops[--_loopCount];
        _slots[loop.Slot] = loop.Variable;
        TemplateProgram program = frame.Program;
        if (program.LoopSlot >= 0) _slots[frame.SlotOf(program.LoopSlot)] = loop.Outer;
        if (program.CountSlot >= 0) _slots[frame.SlotOf(program.CountSlot)] = loop.Count;
        if (program.HasNextSlot >= 0) _slots[frame.SlotOf(program.HasNextSlot)] = loop.HasNext;
        if (_observer is not null) Tell(TemplateStep.LoopEnd, frame, at, Value.Of((long)loop.Index));
    }

    /// <summary>A member of <c>$foreach</c>; null for a loop that has ended.</summary>
    private Value LoopMember(int depth, ReadOnlySpan<byte> name)
    {
        if (depth >= _loopCount) return Value.Null;
        ref LoopState loop = ref _loops[depth];
        if (name.SequenceEqual("index"u8)) return Value.Of((long)loop.Index);
        if (name.SequenceEqual("count"u8)) return Value.Of(loop.Index + 1L);
        if (name.SequenceEqual("hasNext"u8)) return Value.Of(HasNext(loop));
        if (name.SequenceEqual("first"u8)) return Value.Of(loop.Index == 0);
        if (name.SequenceEqual("last"u8)) return Value.Of(!HasNext(loop));
        if (name.SequenceEqual("parent"u8)) return depth == 0 ? Value.Null : new Value(ValueKind.Loop, depth - 1, 0);
        return name.SequenceEqual("topmost"u8) ? new Value(ValueKind.Loop, 0, 0) : Value.Null;
    }

    // Arguments are values, and the parameters' variables are as they were afterwards.
    private void CallMacro(Frame frame, int at, MacroEntry macro, int count, bool hasBody)
    {
        int first = _top - count - (hasBody ? 1 : 0);
        if (_observer is not null) Tell(TemplateStep.Macro, frame, at, frame.Constant(macro.Name));
        if (macro.Address >= 0)
        {
            if (++_calls > Limits.Calls)
            {
                Fail(TemplateFault.CallsTooDeep);
                return;
            }

            int parameters = macro.Parameters.Length;
            int bodySlot = frame.SlotOf(frame.Program.BodySlot);
            if (_stack.Length < _top + parameters + 1 + frame.Program.StackSize) Array.Resize(ref _stack, (_top + parameters + 1 + frame.Program.StackSize) * 2);
            int saved = _top;
            for (int i = 0; i < parameters; i++) _stack[_top++] = _slots[frame.SlotOf(macro.Parameters[i])];
            _stack[_top++] = bodySlot < 0 ? default : _slots[bodySlot];
            for (int i = 0; i < parameters; i++) _slots[frame.SlotOf(macro.Parameters[i])] = i < count ? _stack[first + i] : Value.Null;
            if (hasBody) _slots[bodySlot] = _stack[first + count];
            Run(frame, macro.Address);
            for (int i = 0; i < parameters; i++) _slots[frame.SlotOf(macro.Parameters[i])] = _stack[saved + i];
            if (bodySlot >= 0) _slots[bodySlot] = _stack[saved + parameters];
            _calls--;
        }

        _top = first;
    }

    private void Tell(TemplateStep step, Frame frame, int at, Value value)
    {
        ITemplateObserver observer = _observer!;

        // What the observer is told must not be told of itself, nor cost the template its steps.
        _observer = null;
        int steps = _steps;
        SourceRange range = frame.Program.Ranges[at];
        (int line, int column) = TextPlace.Of(frame.Program.Source, range.Start);
        Value text = value.Kind == ValueKind.Block ? Value.EmptyText : TextOf(value);
        observer.OnStep(step, line, column, frame.Program.Source.AsSpan(range.Start, Math.Max(0, range.End - range.Start)), Memory.Bytes(text));
        _steps = steps;
        _observer = observer;
    }
}
