using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.Json;
using EdgeProxy.Templates.Syntax;

namespace EdgeProxy.Templates.Execution;

/// <content>The instructions.</content>
/// <remarks>
/// Those that cannot end a run go on with the next one at once; the others leave the switch, behind which one flag tells whether to go on. Steps are counted where
/// the flow leaves a straight line, by the length of the line.
/// </remarks>
internal sealed partial class Machine
{
    private void Run(Frame frame, int address)
    {
        TemplateProgram program = frame.Program;
        int[] code = program.Code;
        if (_stack.Length < _top + program.StackSize) Pinned.Grow(ref _stack, (_top + program.StackSize) * 2);
        int at = address;
        int line = address;

        // An observer is told of each step.
        bool isPlain = _observer is null && frame.Slots is null && !_isSingle;
        while (true)
        {
            int next;
            if (isPlain && PlainRun.IsPlain(code[at])) at = _plain.Run(Output, _slots, _stack, ref _top, ref _steps, at, ref line);
            switch ((OpCode)code[at])
            {
                case OpCode.Text:
                    Output.Write(program.Texts, code[at + 1], code[at + 2]);
                    next = at + 3;
                    break;
                case OpCode.Print:
                    Print(frame, code, at);
                    next = at + 3 + Operand.Size;
                    break;
                case OpCode.PrintScript:
                    PrintScript(frame, code, at);
                    next = at + 4 + Operand.Size;
                    break;
                case OpCode.Push:
                    int top = _top;
                    Take(frame, code, at + 1, ref _stack[top]);
                    _top++;
                    next = at + 1 + Operand.Size;
                    break;
                case OpCode.Store:
                    Take(frame, code, at + 2, ref _slots[frame.SlotOf(code[at + 1])]);
                    if (_observer is not null) Tell(TemplateStep.Set, frame, at, _slots[frame.SlotOf(code[at + 1])]);
                    next = at + 2 + Operand.Size;
                    break;
                case OpCode.StoreBinary:
                    Combine(frame, code, at + 2);
                    _slots[frame.SlotOf(code[at + 1])].Set(_taken);
                    if (_observer is not null) Tell(TemplateStep.Set, frame, at, _taken);
                    next = at + 3 + (2 * Operand.Size);
                    break;
                case OpCode.Binary:
                    Combine(frame, code, at + 1);
                    _stack[_top++].Set(_taken);
                    next = at + 2 + (2 * Operand.Size);
                    break;
                case OpCode.Member:
                    TakeMemberOf(_top - 1, program.Names[code[at + 1]]);
                    next = at + 2;
                    break;
                case OpCode.PrintEscaped:
                    Output.Write(Memory.Bytes(frame.Constant(_stack[--_top].IsNull ? code[at + 2] : code[at + 1])));
                    next = at + 3;
                    break;
                case OpCode.Index:
                    Value element = Element(_stack[_top - 2], _stack[_top - 1]);
                    _top--;
                    _stack[_top - 1] = element;
                    next = at + 1;
                    break;
                case OpCode.Call:
                    Call(program.Names[code[at + 1]].Method, code[at + 2]);
                    next = at + 3;
                    break;
                case OpCode.Not:
                    _stack[_top - 1] = Value.Of(!IsTrue(_stack[_top - 1]));
                    at += 1;
                    continue;
                case OpCode.Truth:
                    _stack[_top - 1] = Value.Of(IsTrue(_stack[_top - 1]));
                    at += 1;
                    continue;
                case OpCode.Branch:
                    WriteText(program, code, at);
                    bool holds = Holds(frame, code, at + 4);
                    if (_observer is not null) Tell(TemplateStep.Condition, frame, at, Value.Of(holds));
                    next = holds ? at + 4 + Operand.Size : Go(ref line, at, code[at + 3]);
                    break;
                case OpCode.TextIf:
                    WriteText(program, code, at);
                    bool isTrue = Holds(frame, code, at + 3);
                    if (_observer is not null) Tell(TemplateStep.Condition, frame, at, Value.Of(isTrue));
                    if (isTrue) Output.Write(program.Texts, code[at + 3 + Operand.Size], code[at + 4 + Operand.Size]);
                    next = at + 5 + Operand.Size;
                    break;
                case OpCode.JumpIfFalse:
                    if (IsTrue(_stack[--_top]))
                    {
                        at += 2;
                        continue;
                    }

                    next = Go(ref line, at, code[at + 1]);
                    break;
                case OpCode.Jump:
                    next = Go(ref line, at, code[at + 1]);
                    break;
                case OpCode.LoopBegin or OpCode.Join:
                    Take(frame, code, at + 3, ref _taken);
                    _loops.Begin(frame, _taken, frame.SlotOf(code[at + 1]));
                    if (_loops.TryNext(frame))
                    {
                        if (_observer is not null) Tell(TemplateStep.Iteration, frame, at, _loops.Current);
                        next = at + 3 + Operand.Size;
                        break;
                    }

                    EndLoop(frame, at);
                    next = Go(ref line, at, code[at + 2]);
                    break;
                case OpCode.LoopNext:
                    WriteText(program, code, at);
                    if (_loops.TryNext(frame))
                    {
                        if (_observer is not null) Tell(TemplateStep.Iteration, frame, at, _loops.Current);
                        next = Go(ref line, at, code[at + 3]);
                        break;
                    }

                    EndLoop(frame, at);
                    next = at + 4;
                    break;
                case OpCode.Break:
                    if (_observer is not null) Tell(TemplateStep.Break, frame, at, Value.Null);
                    EndLoop(frame, at);
                    next = Go(ref line, at, code[at + 1]);
                    break;
                case OpCode.Return:
                    Go(ref line, at, at);
                    if (_isEnding) Place(frame, at);
                    return;
                default:
                    next = Go(ref line, at, StepRare(frame, code, at));
                    break;
            }

            if (_isEnding)
            {
                Place(frame, at);
                return;
            }

            at = next;
        }
    }

    // Counts the steps of a straight line, and begins another. Most of the code is operands.
    private int Go(ref int line, int at, int to)
    {
        TrySteps(((at - line) >> 2) + 1);
        line = to;
        return to;
    }

    // Where the run ended: in the template itself, or where that evaluated a text.
    private void Place(Frame frame, int at)
    {
        if (_fault == TemplateFault.None || _isPlaced) return;
        _isPlaced = frame.Ordinal == 0;
        _faultRange = _isPlaced ? frame.Program.Ranges[at] : default;
    }

    // Those that are not worth a place in the loop.
    private int StepRare(Frame frame, int[] code, int at)
    {
        switch ((OpCode)code[at])
        {
            case OpCode.SetMember:
                Value assigned = _stack[_top - 1];
                SetElement(_stack[_top - 2], frame.Constant(frame.Program.Names[code[at + 1]].Constant), assigned);
                _top -= 2;
                if (_observer is not null) Tell(TemplateStep.Set, frame, at, assigned);
                return at + 2;
            case OpCode.SetIndex:
                Value placed = _stack[_top - 1];
                SetElement(_stack[_top - 3], _stack[_top - 2], placed);
                _top -= 3;
                if (_observer is not null) Tell(TemplateStep.Set, frame, at, placed);
                return at + 1;
            case OpCode.List:
                MakeList(code[at + 1]);
                return at + 2;
            case OpCode.Map:
                MakeMap(code[at + 1]);
                return at + 2;
            case OpCode.Sequence:
                _top--;
                _stack[_top - 1] = Sequence(_stack[_top - 1], _stack[_top]);
                return at + 1;
            case OpCode.TextBegin:
                if (_outerText < 0) _outerText = Output.Length;
                _stack[_top++] = Value.Of(Output.Length);
                return at + 1;
            case OpCode.TextEnd:
                int start = (int)_stack[_top - 1].Integer;
                _stack[_top - 1] = TakeText(start);
                if (start == _outerText) _outerText = -1;
                return at + 1;
            case OpCode.Stop:
                _isEnding = true;
                if (_observer is not null) Tell(TemplateStep.Stop, frame, at, Value.Null);
                return at;
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

    // The text that stands before what an instruction does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteText(TemplateProgram program, int[] code, int at)
    {
        int length = code[at + 2];
        if (length > 0) Output.Write(program.Texts, code[at + 1], length);
    }

    // An operand's value. It is written where it is to stand: see Value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(Frame frame, int[] code, int at, ref Value into)
    {
        int place = code[at];
        OperandKind kind = Operand.KindOf(place);
        if (kind == OperandKind.Member) TakeMember(frame, Operand.NumberOf(place), code[at + 1], ref into);
        else if (kind == OperandKind.Variable) into.Set(_slots[frame.SlotOf(Operand.NumberOf(place))]);
        else if (kind == OperandKind.Stack) into.Set(_stack[--_top]);
        else into = frame.Constant(Operand.NumberOf(place));
    }

    // A property in the place of its owner.
    private void TakeMemberOf(int place, NameEntry name)
    {
        ref Value owner = ref _stack[place];
        if (TryFind(owner, name, out int found))
        {
            Memory.ValueOf(found, ref owner);
            return;
        }

        Value member = Member(owner, name);
        _stack[place] = member;
    }

    private void TakeMember(Frame frame, int slot, int nameOrdinal, ref Value into)
    {
        ref readonly Value owner = ref _slots[frame.SlotOf(slot)];
        NameEntry name = frame.Program.Names[nameOrdinal];
        if (TryFind(owner, name, out int found)) Memory.ValueOf(found, ref into);
        else if (owner.Kind == ValueKind.Loop) _loops.Member(owner.A, name.Property, ref into);
        else into = Member(owner, name);
    }

    // Whether an operand is true. What loops ask for at each element needs no value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(Frame frame, int[] code, int at)
    {
        int place = code[at];
        if (Operand.KindOf(place) == OperandKind.Member)
        {
            ref readonly Value owner = ref _slots[frame.SlotOf(Operand.NumberOf(place))];
            if (owner.Kind == ValueKind.Loop && frame.Program.Names[code[at + 1]].Property == PropertyName.HasNext) return _loops.HasNext(owner.A);
        }

        return OtherHolds(frame, code, at);
    }

    private bool OtherHolds(Frame frame, int[] code, int at)
    {
        Take(frame, code, at, ref _taken);
        return IsTrue(_taken);
    }

    // Whether an operand is a property of an object as it was read, and its node; -1 for a property that is not there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeNode(Frame frame, int[] code, int at, out int node)
    {
        node = -1;
        int place = code[at];
        return Operand.KindOf(place) == OperandKind.Member
            && TryFind(_slots[frame.SlotOf(Operand.NumberOf(place))], frame.Program.Names[code[at + 1]], out node);
    }

    // What an operator makes of two operands becomes the one taken. (Making it may run a block, which may move the variables.)
    private void Combine(Frame frame, int[] code, int at)
    {
        // The right side is on top, if both are on the stack.
        Take(frame, code, at + 1 + Operand.Size, ref _takenRight);
        Take(frame, code, at + 1, ref _taken);
        Operators.Apply(this, (BinaryOperator)code[at], _taken, _takenRight, ref _taken);
    }

    private void Print(Frame frame, int[] code, int at)
    {
        WriteText(frame.Program, code, at);
        if (_observer is null && TryTakeNode(frame, code, at + 3, out int found))
        {
            // Texts and most numbers of JSON are written as they stand there.
            if (found < 0) return;
            ref readonly JsonNode node = ref Memory.Tape[found];
            bool asItStands = node.Kind == JsonKind.String || (node.Kind is JsonKind.Integer or JsonKind.Decimal && (node.Next & JsonNode.WritesItself) != 0);
            if (asItStands) Output.Write(Memory.Segment(node.Segment), node.Offset, node.Length);
            else Writing.Write(Memory.ValueOf(found), this, Output);
            return;
        }

        Take(frame, code, at + 3, ref _taken);
        Print(frame, at, _taken);
    }

    private void Print(Frame frame, int at, Value value)
    {
        if (value.IsText) Output.Write(Memory.Segment(value.A), value.Offset, value.Length);
        else if (value.Kind == ValueKind.Integer) Numbers.Write(value.Integer, Output);
        else if (value.Kind == ValueKind.Decimal) Numbers.Write(value.Decimal, Output);
        else Writing.Write(value, this, Output);
        if (_observer is not null) Tell(TemplateStep.Reference, frame, at, value);
    }

    // $util.escapeJavaScript straight to the output.
    private void PrintScript(Frame frame, int[] code, int at)
    {
        WriteText(frame.Program, code, at);
        bool isUtil = _slots[frame.SlotOf(code[at + 3])].Kind == ValueKind.Util && _observer is null;
        if (isUtil && Operand.KindOf(code[at + 4]) == OperandKind.Variable)
        {
            ref readonly Value variable = ref _slots[frame.SlotOf(Operand.NumberOf(code[at + 4]))];
            if (variable.IsText)
            {
                WriteScript(Memory.Segment(variable.A), variable.Offset, variable.Length);
                return;
            }
        }
        else if (isUtil && TryTakeNode(frame, code, at + 4, out int found) && found >= 0)
        {
            ref readonly JsonNode node = ref Memory.Tape[found];
            if (node.Kind == JsonKind.String)
            {
                WriteScript(Memory.Segment(node.Segment), node.Offset, node.Length);
                return;
            }
        }

        PrintOtherScript(frame, code, at, isUtil);
    }

    private void PrintOtherScript(Frame frame, int[] code, int at, bool isUtil)
    {
        if (!isUtil)
        {
            Take(frame, code, at + 4, ref _taken);
            Print(frame, at, Methods.Call(this, Memory.Resolve(_slots[frame.SlotOf(code[at + 3])]), MethodName.EscapeJavaScript, [_taken]));
            return;
        }

        Take(frame, code, at + 4, ref _taken);
        Value text = _taken.IsText ? _taken : TextOf(_taken);
        WriteScript(Memory.Segment(text.A), text.Offset, text.Length);
    }

    private void WriteScript(byte[] source, int offset, int length)
    {
        if (length < ShortText.Width || TryStepsFor(length)) UtilFunctions.EscapeJavaScript(source, offset, length, Output);
    }

    private void Call(MethodName method, int count)
    {
        Value target = Memory.Resolve(_stack[_top - 1 - count]);
        Value result = Methods.Call(this, target, method, _stack.AsSpan(_top - count, count));
        _top -= count;

        // The stack may have grown, and so moved, while the value was made.
        _stack[_top - 1] = result;
    }

    private void EndLoop(Frame frame, int at)
    {
        int count = _loops.Index;
        _loops.End(frame);
        if (_observer is not null) Tell(TemplateStep.LoopEnd, frame, at, Value.Of((long)count));
    }

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
        for (int i = 0; i < count && TryStepsForKey(_stack[_top + (i * 2)]); i++) Memory.Put(map, _stack[_top + (i * 2)], _stack[_top + (i * 2) + 1]);
        _stack[_top++] = map;
    }

    private Value Sequence(Value first, Value last)
    {
        if (first.Kind != ValueKind.Integer || last.Kind != ValueKind.Integer) return Value.Null;
        Value list = Memory.NewList();
        long step = first.Integer <= last.Integer ? 1 : -1;
        for (long number = first.Integer; !HasFault && TryStep(); number += step)
        {
            Memory.Add(list, Value.Of(number));
            if (number == last.Integer) break;
        }

        return list;
    }

    // Arguments are values, and the parameters' variables are as they were afterwards.
    private void CallMacro(Frame frame, int at, MacroEntry macro, int count, bool hasBody)
    {
        int first = _top - count - (hasBody ? 1 : 0);
        if (_observer is not null) Tell(TemplateStep.Macro, frame, at, frame.Constant(macro.Name));
        if (macro.Address < 0) (frame, macro) = Defined(frame, macro);
        if (macro.Address >= 0)
        {
            if (++_calls > Limits.Calls)
            {
                Fail(TemplateFault.CallsTooDeep);
                return;
            }

            int parameters = macro.Parameters.Length;
            int bodySlot = frame.SlotOf(frame.Program.BodySlot);
            if (_stack.Length < _top + parameters + 1 + frame.Program.StackSize) Pinned.Grow(ref _stack, (_top + parameters + 1 + frame.Program.StackSize) * 2);
            int saved = _top;
            for (int i = 0; i < parameters; i++) _stack[_top++] = _slots[frame.SlotOf(macro.Parameters[i])];
            _stack[_top++] = bodySlot < 0 ? default : _slots[bodySlot];
            for (int i = 0; i < parameters; i++) _slots[frame.SlotOf(macro.Parameters[i])] = i < count ? _stack[first + i] : Value.Null;
            if (hasBody && bodySlot >= 0) _slots[bodySlot] = _stack[first + count];
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
        if (observer.IsFull)
        {
            observer.OnSkipped();
            return;
        }

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
