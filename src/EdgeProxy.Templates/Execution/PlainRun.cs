using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.Json;
using EdgeProxy.Templates.Syntax;

namespace EdgeProxy.Templates.Execution;

/// <summary>
/// What most of a template does, between two instructions that do something else: it writes texts of its own and texts and numbers of JSON, adds up, and goes through arrays.
/// </summary>
/// <remarks>
/// It goes by pointers into memory that stays where it is while this runs: nothing here makes values that need memory, and what would need more room ends it. It stops before
/// the first instruction that is not plain, or has operands that are not, with nothing done that counts; <see cref="Machine"/> then does that one as it does all of an observed
/// run. So each instruction does here just what it does there, steps included. What is not checked is what the compiler of templates promises: operands name what there is.
/// Saves two fifths of a rendering (TemplateBenchmarks.TemplateRender).
/// </remarks>
/// <param name="memory">Of the run.</param>
internal sealed unsafe partial class PlainRun(Memory memory)
{
    // Bytes of the output into which a value may be written that is looked at after the text before it.
    private const int Slack = 4 * ShortText.Width;

    // Bytes that have to follow the beginning of a text of JSON.
    private const int Reach = 2 * ShortText.Width;

    // Pointers are good while Run runs, and anything only then.
    private int* _code;
    private Value* _slots;
    private Value* _constants;

    // Behind the value on top of the stack.
    private Value* _top;
    private JsonNode* _nodes;
    private FoundPlace* _places;
    private NameEntry[] _names = [];
    private long _firstName;

    // Texts by segment, the constants first, and the last place of each from which one may begin.
    private byte* _texts;
    private byte* _lastText;
    private byte* _made;
    private byte* _lastMade;
    private byte* _body;
    private byte* _lastBody;

    // Where the output goes on, and up to where a constant text may be written.
    private byte* _at;
    private byte* _end;
    private LoopState* _loops;
    private int _loopCount;
    private int _loopRoom;

    // The slot of $foreach; below 0 when it is not used.
    private int _loopSlot;
    private int _iterations;
    private int _steps;
    private bool _emptyTextIsFalse;

    /// <summary>Whether an instruction may be plain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPlain(int code) => ((Plain >> code) & 1) != 0;

    private const ulong Plain = (1UL << (int)OpCode.Text) | (1UL << (int)OpCode.Print) | (1UL << (int)OpCode.PrintScript) | (1UL << (int)OpCode.Push) | (1UL << (int)OpCode.Store)
        | (1UL << (int)OpCode.StoreBinary) | (1UL << (int)OpCode.Binary) | (1UL << (int)OpCode.Member) | (1UL << (int)OpCode.Branch) | (1UL << (int)OpCode.TextIf) | (1UL << (int)OpCode.Jump)
        | (1UL << (int)OpCode.LoopBegin) | (1UL << (int)OpCode.Join) | (1UL << (int)OpCode.LoopNext);

    /// <summary>Goes on as far as it can.</summary>
    /// <param name="program">The program, whose slots are those of the run.</param>
    /// <param name="limits">Of the run.</param>
    /// <param name="output">Where it writes.</param>
    /// <param name="loops">The loops that run.</param>
    /// <param name="slots">The variables.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="top">How many values are on it.</param>
    /// <param name="steps">Steps that are left.</param>
    /// <param name="at">The address of the next instruction.</param>
    /// <param name="line">Where the straight line began, by whose length steps are counted.</param>
    /// <returns>The address of the first instruction that is left.</returns>
    public int Run(TemplateProgram program, TemplateLimits limits, TemplateOutput output, LoopStack loops, Value[] slots, Value[] stack, ref int top, ref int steps, int at, ref int line)
    {
        byte[] outputBytes = output.Bytes;
        byte[] made = memory.Texts.Bytes;
        byte[] body = memory.BodyBytes;
        fixed (int* code = &MemoryMarshal.GetArrayDataReference(program.Code))
        fixed (Value* firstSlot = &MemoryMarshal.GetArrayDataReference(slots))
        fixed (Value* constants = &MemoryMarshal.GetArrayDataReference(program.Constants))
        fixed (Value* bottom = &MemoryMarshal.GetArrayDataReference(stack))
        fixed (JsonNode* nodes = &MemoryMarshal.GetArrayDataReference(memory.Tape.Nodes))
        fixed (FoundPlace* places = &MemoryMarshal.GetArrayDataReference(memory.FoundPlaces))
        fixed (LoopState* states = &MemoryMarshal.GetArrayDataReference(loops.States))
        fixed (byte* written = &MemoryMarshal.GetArrayDataReference(outputBytes))
        fixed (byte* texts = &MemoryMarshal.GetArrayDataReference(program.Texts))
        fixed (byte* madeTexts = &MemoryMarshal.GetArrayDataReference(made))
        fixed (byte* bodyTexts = &MemoryMarshal.GetArrayDataReference(body))
        {
            _code = code;
            _slots = firstSlot;
            _constants = constants;
            _top = bottom + top;
            _nodes = nodes;
            _places = places;
            if (!ReferenceEquals(_names, program.Names)) _names = program.Names;
            _firstName = program.FirstName;
            _texts = texts;
            _lastText = Last(texts, program.Texts);
            _made = madeTexts;
            _lastMade = Last(madeTexts, made);
            _body = bodyTexts;
            _lastBody = Last(bodyTexts, body);
            _at = written + output.Length;
            _end = written + outputBytes.Length - Slack;
            _loops = states;
            _loopCount = loops.Count;

            // The old names of what loops count are none of its business.
            _loopRoom = program.CountSlot >= 0 || program.HasNextSlot >= 0 ? 0 : loops.States.Length;
            _loopSlot = program.LoopSlot;
            _iterations = limits.Iterations;
            _steps = steps;
            _emptyTextIsFalse = limits.EmptyTextIsFalse;
            at = Run(at, ref line);
            output.Commit((int)(_at - written) - output.Length);
            top = (int)(_top - bottom);
            steps = _steps;
            loops.Count = _loopCount;
            return at;
        }
    }

    // Where a text may begin at the latest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Last(byte* begin, byte[] bytes) => bytes.Length < Reach ? null : begin + bytes.Length - Reach;

    private int Run(int at, ref int line)
    {
        int begin = line;
        while (true)
        {
            int* op = _code + at;
            bool holds;
            switch ((OpCode)(*op))
            {
                case OpCode.Text:
                    if (!TryWriteText(op)) goto Exit;
                    _at += op[2];
                    at += 3;
                    continue;
                case OpCode.Print:
                    if (!TryPrint(op)) goto Exit;
                    at += 3 + Operand.Size;
                    continue;
                case OpCode.PrintScript:
                    if (!TryPrintScript(op)) goto Exit;
                    at += 4 + Operand.Size;
                    continue;
                case OpCode.Push:
                    if (!TryTake(op + 1, _top)) goto Exit;
                    _top++;
                    at += 1 + Operand.Size;
                    continue;
                case OpCode.Store:
                    if (!TryTake(op + 2, _slots + op[1])) goto Exit;
                    at += 2 + Operand.Size;
                    continue;
                case OpCode.StoreBinary:
                    if (!TryCombine(op + 2, _slots + op[1])) goto Exit;
                    at += 3 + (2 * Operand.Size);
                    continue;
                case OpCode.Binary:
                    if (!TryCombine(op + 1, null)) goto Exit;
                    at += 2 + (2 * Operand.Size);
                    continue;
                case OpCode.Member:
                    if (!TryMember(_top - 1, op[1], _top - 1)) goto Exit;
                    at += 2;
                    continue;
                case OpCode.Branch:
                    if (!TryWriteText(op) || !TryHold(op + 4, out holds)) goto Exit;
                    if (holds)
                    {
                        _at += op[2];
                        at += 4 + Operand.Size;
                        continue;
                    }

                    // The value that the condition was is no longer there, but nothing has been written over it.
                    if (_steps < StepsOf(begin, at))
                    {
                        if (Operand.KindOf(op[4]) == OperandKind.Stack) _top++;
                        goto Exit;
                    }

                    _at += op[2];
                    _steps -= StepsOf(begin, at);
                    begin = at = op[3];
                    continue;
                case OpCode.TextIf:
                    if (!TryWriteText(op) || !TryHold(op + 3, out holds)) goto Exit;
                    int length = op[2];
                    if (holds)
                    {
                        int more = op[4 + Operand.Size];
                        if (length + (long)more > _end - _at) goto Exit;
                        Copy(_texts + op[3 + Operand.Size], _at + length, more);
                        length += more;
                    }

                    _at += length;
                    at += 5 + Operand.Size;
                    continue;
                case OpCode.Jump:
                    if (_steps < StepsOf(begin, at)) goto Exit;
                    _steps -= StepsOf(begin, at);
                    begin = at = op[1];
                    continue;
                case OpCode.LoopBegin:
                    if (!TryBeginLoop(op)) goto Exit;
                    at += 3 + Operand.Size;
                    continue;
                case OpCode.Join:
                    int next = Join(op, at, ref begin);
                    if (next == at) goto Exit;
                    at = next;
                    continue;
                case OpCode.LoopNext:
                    if (_loopCount == 0 || _loopRoom == 0) goto Exit;
                    LoopState* loop = _loops + _loopCount - 1;
                    if (!loop->IsArray || !TryWriteText(op)) goto Exit;
                    if (loop->At >= loop->End)
                    {
                        _at += op[2];
                        EndLoop(loop);
                        at += 4;
                        continue;
                    }

                    if (loop->Index + 1 >= _iterations || _steps < StepsOf(begin, at) || !TryNext(loop)) goto Exit;
                    _at += op[2];
                    _steps -= StepsOf(begin, at);
                    begin = at = op[3];
                    continue;
                default:
                    goto Exit;
            }
        }

    Exit:
        line = begin;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int StepsOf(int line, int at) => ((at - line) >> 2) + 1;

    // Writes the text before what an instruction does; it counts once the output goes on behind it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWriteText(int* op)
    {
        int length = op[2];
        if (length > _end - _at) return false;
        Copy(_texts + op[1], _at, length);
        return true;
    }

    // There are 32 bytes behind both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* from, byte* to, int length)
    {
        ShortText.Copy(from, to);
        if (length > ShortText.Width) CopyRest(from, to, length);
    }

    private static void CopyRest(byte* from, byte* to, int length)
    {
        for (int done = ShortText.Width; done < length; done += ShortText.Width) ShortText.Copy(from + done, to + done);
    }

    private bool TryPrint(int* op)
    {
        if (!TryWriteText(op)) return false;
        byte* to = _at + op[2];
        int place = op[3];
        Value* value = _slots + Operand.NumberOf(place);
        OperandKind kind = Operand.KindOf(place);
        if (kind == OperandKind.Member)
        {
            if (value->Kind != ValueKind.JsonObject) return TryPrintLoop(value, op[4], to);
            int found = Find(value->Node, op[4]);
            if (found < 0)
            {
                if (found == Missing) _at = to;
                return found == Missing;
            }

            // Texts and most numbers of JSON are written as they stand there.
            JsonNode* node = _nodes + found;
            return (node->Kind == JsonKind.String || (node->Kind is JsonKind.Integer or JsonKind.Decimal && (node->Next & JsonNode.WritesItself) != 0))
                && TryWrite(node->Segment, node->Offset, node->Length, to);
        }

        if (kind == OperandKind.Stack) value = _top - 1;
        else if (kind == OperandKind.Constant) value = _constants + Operand.NumberOf(place);
        if (!TryWrite(value, to)) return false;
        if (kind == OperandKind.Stack) _top--;
        return true;
    }

    private bool TryWrite(Value* value, byte* to)
    {
        int length;
        switch (value->Kind)
        {
            case ValueKind.String:
                return TryWrite(value->A, value->Offset, value->Length, to);
            case ValueKind.Integer:
                length = Numbers.WriteShort(value->Integer, to);
                break;
            case ValueKind.Decimal:
                length = Numbers.WriteShort(value->Decimal, to);
                break;
            default:
                return false;
        }

        if (length == 0) return false;
        _at = to + length;
        return true;
    }

    private bool TryPrintLoop(Value* value, int name, byte* to)
    {
        if (value->Kind != ValueKind.Loop || value->A >= _loopCount) return false;
        PropertyName property = _names[name].Property;
        if (property is not (PropertyName.Count or PropertyName.Index)) return false;
        int length = Numbers.WriteShort(_loops[value->A].Index + (property == PropertyName.Count ? 1L : 0), to);
        if (length == 0) return false;
        _at = to + length;
        return true;
    }

    private bool TryWrite(int segment, int offset, int length, byte* to)
    {
        byte* from = Source(segment, offset);
        if (from == null) return false;
        if (length > ShortText.Width)
        {
            if (length > _end - to || !HasAll(segment, from, length)) return false;
            CopyRest(from, to, length);
        }

        ShortText.Copy(from, to);
        _at = to + length;
        return true;
    }

    // Where a text begins; null when too little follows it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Source(int segment, int offset)
    {
        byte* from;
        if (segment == Memory.BodySegment) return (from = _body + offset) <= _lastBody ? from : null;
        if (segment == Memory.TextSegment) return (from = _made + offset) <= _lastMade ? from : null;
        return segment == Memory.ConstantSegment && (from = _texts + offset) <= _lastText ? from : null;
    }

    private bool HasAll(int segment, byte* from, int length) =>
        from + length <= (segment == Memory.BodySegment ? _lastBody : segment == Memory.TextSegment ? _lastMade : _lastText);

    private bool TryPrintScript(int* op)
    {
        if (_slots[op[3]].Kind != ValueKind.Util || !TryWriteText(op)) return false;
        byte* to = _at + op[2];
        int place = op[4];
        Value* value = _slots + Operand.NumberOf(place);
        OperandKind kind = Operand.KindOf(place);
        byte* from;
        int length;
        if (kind == OperandKind.Member)
        {
            if (value->Kind != ValueKind.JsonObject) return false;
            int found = Find(value->Node, op[5]);
            if (found < 0)
            {
                if (found == Missing) _at = to;
                return found == Missing;
            }

            JsonNode* node = _nodes + found;
            if (node->Kind != JsonKind.String) return false;
            length = node->Length;
            from = Source(node->Segment, node->Offset);
        }
        else
        {
            if (kind == OperandKind.Stack) value = _top - 1;
            else if (kind == OperandKind.Constant) return false;
            if (!value->IsText) return false;
            length = value->Length;
            from = Source(value->A, value->Offset);
        }

        // Longer ones take steps.
        if (from == null || length >= ShortText.Width) return false;
        int written = ShortText.CopyScript(from, length, to);
        if (written < 0) return false;
        if (kind == OperandKind.Stack) _top--;
        _at = to + written;
        return true;
    }
}
