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
/// It goes by pointers into memory that stays where it is while this runs (<see cref="Pinned"/>): nothing here makes values that need memory, and what would need more room ends it. It stops before
/// the first instruction that is not plain, or has operands that are not, with nothing done that counts; <see cref="Machine"/> then does that one as it does all of an observed
/// run. So each instruction does here just what it does there, steps included. What is not checked is what the compiler of templates promises: operands name what there is.
/// Saves two fifths of a rendering (TemplateBenchmarks.TemplateRender).
/// </remarks>
/// <param name="memory">Of the run.</param>
/// <param name="loops">The loops that run.</param>
internal sealed unsafe partial class PlainRun(Memory memory, LoopStack loops)
{
    /// <summary>Numbers behind the code: of each instruction the first three are read, whichever it is.</summary>
    public const int CodeBehind = 2;

    // Bytes of the output into which a value may be written that is looked at after the text before it.
    private const int Slack = 8 * ShortText.Width;

    // Bytes that have to follow the beginning of a text of JSON, or of a piece of one.
    private const int Reach = 2 * ShortText.Width;

    // Pointers are good while a program runs; those to memory that is kept and may grow, from each Run to its end.
    private int* _code;

    // Where the straight line began, by whose length steps are counted.
    private int* _line;
    private Value* _slots;
    private Value* _constants;

    // Behind the value on top of the stack.
    private Value* _top;
    private JsonNode* _nodes;
    private FoundPlace* _places;
    private NameText* _nameTexts;
    private NameEntry[] _names = [];
    private int _hasNextName;

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
    private bool _hasOldNames;

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

    /// <summary>Has a machine run a program, which stays where it is meanwhile, and so does the body.</summary>
    public void Run(Machine machine, TemplateProgram program, TemplateLimits limits, Frame frame)
    {
        byte[] body = memory.BodyBytes;
        fixed (int* code = &MemoryMarshal.GetArrayDataReference(program.Code))
        fixed (Value* constants = &MemoryMarshal.GetArrayDataReference(program.Constants))
        fixed (NameText* nameTexts = &MemoryMarshal.GetArrayDataReference(program.NameTexts))
        fixed (byte* texts = &MemoryMarshal.GetArrayDataReference(program.Texts))
        fixed (byte* bodyTexts = &MemoryMarshal.GetArrayDataReference(body))
        {
            _code = code;
            _constants = constants;
            _nameTexts = nameTexts;
            if (!ReferenceEquals(_names, program.Names)) _names = program.Names;
            _places = Pinned.Begin(memory.FoundPlaces);
            _hasNextName = program.HasNextName;
            _texts = texts;
            _lastText = Last(texts, program.Texts);
            _body = bodyTexts;
            _lastBody = Last(bodyTexts, body);
            _loopSlot = program.LoopSlot;

            // The old names of what loops count are none of its business.
            _hasOldNames = program.CountSlot >= 0 || program.HasNextSlot >= 0;
            _iterations = limits.Iterations;
            _emptyTextIsFalse = limits.EmptyTextIsFalse;
            machine.Run(frame);
        }
    }

    /// <summary>Goes on as far as it can.</summary>
    /// <param name="output">Where it writes.</param>
    /// <param name="slots">The variables. Pinned.</param>
    /// <param name="stack">The stack. Pinned.</param>
    /// <param name="top">How many values are on it.</param>
    /// <param name="steps">Steps that are left.</param>
    /// <param name="at">The address of the next instruction.</param>
    /// <param name="line">Where the straight line began, by whose length steps are counted.</param>
    /// <returns>The address of the first instruction that is left.</returns>
    public int Run(TemplateOutput output, Value[] slots, Value[] stack, ref int top, ref int steps, int at, ref int line)
    {
        byte[] made = memory.Texts.Bytes;
        byte[] outputBytes = output.Bytes;
        byte* written = Pinned.Begin(outputBytes);
        Value* bottom = Pinned.Begin(stack);

        // A long tape is rented, and may be anywhere.
        fixed (JsonNode* nodes = &MemoryMarshal.GetArrayDataReference(memory.Tape.Nodes))
        {
            _nodes = nodes;
            _slots = Pinned.Begin(slots);
            _top = bottom + top;
            _made = Pinned.Begin(made);
            _lastMade = Last(_made, made);
            _at = written + output.Length;
            _end = written + outputBytes.Length - Slack;
            _loops = Pinned.Begin(loops.States);
            _loopCount = loops.Count;
            _loopRoom = _hasOldNames ? 0 : loops.States.Length;
            _steps = steps;
            _line = _code + line;
            int* end = Run(_code + at);
            output.SetEnd((int)(_at - written));
            top = (int)(((byte*)_top - (byte*)bottom) >> 4);
            steps = _steps;
            loops.Count = _loopCount;
            line = (int)(((byte*)_line - (byte*)_code) >> 2);
            return (int)(((byte*)end - (byte*)_code) >> 2);
        }
    }

    // Where a text may begin at the latest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Last(byte* begin, byte[] bytes) => bytes.Length < Reach ? null : begin + bytes.Length - Reach;

    // Goes on from an instruction to the first one that is left.
    private int* Run(int* op)
    {
        while (true)
        {
            int* next;
            bool holds;
            switch ((OpCode)(*op))
            {
                case OpCode.Text:
                    if (!TryWriteText(op)) return op;
                    _at += op[2];
                    op += 3;
                    continue;
                case OpCode.Print:
                    if (Operand.KindOf(op[3]) == OperandKind.Member && (next = PrintMembers(op, op[3])) != op)
                    {
                        op = next;
                        continue;
                    }

                    if (!TryPrint(op)) return op;
                    op += 3 + Operand.Size;
                    continue;
                case OpCode.PrintScript:
                    if (Operand.KindOf(op[4]) == OperandKind.Member && (next = PrintMembers(op, op[4])) != op)
                    {
                        op = next;
                        continue;
                    }

                    if (!TryPrintScript(op)) return op;
                    op += 4 + Operand.Size;
                    continue;
                case OpCode.Push:
                    if (!TryTake(op + 1, _top)) return op;
                    _top++;
                    op += 1 + Operand.Size;
                    continue;
                case OpCode.Store:
                    if (!TryTake(op + 2, _slots + op[1])) return op;
                    op += 2 + Operand.Size;
                    continue;
                case OpCode.StoreBinary:
                    if (!TryCombine(op + 2, _slots + op[1])) return op;
                    op += 3 + (2 * Operand.Size);
                    continue;
                case OpCode.Binary:
                    if (!TryCombine(op + 1, null)) return op;
                    op += 2 + (2 * Operand.Size);
                    continue;
                case OpCode.Member:
                    if (!TryMember(_top - 1, op[1], _top - 1)) return op;
                    op += 2;
                    continue;
                case OpCode.Branch:
                    if (!TryWriteText(op) || !TryHold(op + 4, out holds)) return op;
                    if (holds)
                    {
                        _at += op[2];
                        op += 4 + Operand.Size;
                        continue;
                    }

                    // The value that the condition was is no longer there, but nothing has been written over it.
                    if (_steps < StepsTo(op))
                    {
                        if (Operand.KindOf(op[4]) == OperandKind.Stack) _top++;
                        return op;
                    }

                    _at += op[2];
                    op = Go(op, op[3]);
                    continue;
                case OpCode.TextIf:
                    if (!TryWriteText(op) || !TryHold(op + 3, out holds)) return op;
                    int length = op[2];
                    if (holds)
                    {
                        int more = op[4 + Operand.Size];
                        if (length + (long)more > _end - _at) return op;
                        Copy(_texts + op[3 + Operand.Size], _at + length, more);
                        length += more;
                    }

                    _at += length;
                    op += 5 + Operand.Size;
                    continue;
                case OpCode.Jump:
                    if (_steps < StepsTo(op)) return op;
                    op = Go(op, op[1]);
                    continue;
                case OpCode.LoopBegin:
                    if (!TryBeginLoop(op)) return op;
                    op += 3 + Operand.Size;
                    continue;
                case OpCode.Join:
                    next = Join(op);
                    if (next == op) return op;
                    op = next;
                    continue;
                case OpCode.LoopNext:
                    if (_loopCount == 0 || _loopRoom == 0) return op;
                    LoopState* loop = _loops + _loopCount - 1;
                    if (!loop->IsArray || !TryWriteText(op)) return op;
                    if (loop->At >= loop->End)
                    {
                        _at += op[2];
                        EndLoop(loop);
                        op += 4;
                        continue;
                    }

                    if (loop->Index + 1 >= _iterations || _steps < StepsTo(op) || !TryNext(loop)) return op;
                    _at += op[2];
                    op = Go(op, op[3]);
                    continue;
                default:
                    return op;
            }
        }
    }

    // Steps of the straight line up to an instruction that leaves it. Most of the code is operands.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int StepsTo(int* op) => StepsOf(_line, op);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int StepsOf(int* line, int* op) => (int)(((byte*)op - (byte*)line) >> 4) + 1;

    // Counts the steps of a straight line, which there are, and begins another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int* Go(int* op, int to)
    {
        _steps -= StepsTo(op);
        return _line = _code + to;
    }

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
            JsonNode* node = Find(value->Node, op[4]);
            if (node == null)
            {
                if (_isMissing) _at = to;
                return _isMissing;
            }

            // Texts and most numbers of JSON are written as they stand there.
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
        int segment;
        if (kind == OperandKind.Member)
        {
            if (value->Kind != ValueKind.JsonObject) return false;
            JsonNode* node = Find(value->Node, op[5]);
            if (node == null)
            {
                if (_isMissing) _at = to;
                return _isMissing;
            }

            if (node->Kind != JsonKind.String) return false;
            length = node->Length;
            segment = node->Segment;
            from = Source(segment, node->Offset);
        }
        else
        {
            if (kind == OperandKind.Stack) value = _top - 1;
            else if (kind == OperandKind.Constant) return false;
            if (!value->IsText) return false;
            length = value->Length;
            segment = value->A;
            from = Source(segment, value->Offset);
        }

        if (from == null) return false;
        int written = length < ShortText.Width ? ShortText.CopyScript(from, length, to) : CopyLongScript(segment, from, length, to);
        if (written < 0) return false;
        if (kind == OperandKind.Stack) _top--;
        _at = to + written;
        return true;
    }

    // One that takes steps. (Looking at the last piece of one that is then left is done again by whoever does it.)
    private int CopyLongScript(int segment, byte* from, int length, byte* to)
    {
        int steps = (length >> 6) + 1;
        if (_steps < steps || length > (_end - to) / 2 || !HasAll(segment, from, length)) return -1;
        byte* at = to;
        for (int rest = length; rest > 0; rest -= ShortText.Width, from += ShortText.Width)
        {
            int written = ShortText.CopyScript(from, Math.Min(rest, ShortText.Width), at);
            if (written < 0) return -1;
            at += written;
        }

        _steps -= steps;
        return (int)(at - to);
    }
}
