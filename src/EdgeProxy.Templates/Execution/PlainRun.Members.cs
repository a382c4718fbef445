using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Execution;

/// <content>Members of one object, printed one after the other, and then those of the next one of an array.</content>
/// <remarks>One method that calls nothing, so that what is known of the object stays in registers: most of a mapping is this.</remarks>
internal sealed unsafe partial class PlainRun
{
    // Longest text and value that are written here.
    private const int Longest = 2 * ShortText.Width;

    // Goes on from an instruction that prints a member, as far as it can; that instruction when it cannot do even that.
    private int* PrintMembers(int* op, int place)
    {
        Value* owner = _slots + Operand.NumberOf(place);
        if (owner->Kind != ValueKind.JsonObject) return op;
        byte* to = _at;
        JsonNode* container = _nodes + owner->Node;

    Object:
        uint kinds = *(ushort*)container;
        if (!MayHaveKeys(kinds) || container->Offset >= FreeMembers) goto Exit;
        kinds -= KeyUnderObject;
        JsonNode* end = _nodes + container->Next;

        while (true)
        {
            // A text and a value take twice the longest, with escapes another half, and what is copied beyond them: there is slack for that. Until an instruction is done
            // nothing of it counts.
            int textLength = op[2];
            if (to > _end || textLength > Longest) goto Exit;
            byte* text = _texts + op[1];
            JsonNode* key;
            byte* from;
            byte* at;
            int length;
            switch ((OpCode)(*op))
            {
                case OpCode.Print:
                    if (op[3] != place) goto Exit;
                    CopyTwo(text, to, textLength);
                    at = to + textLength;
                    if ((key = KeyOrNull(container, end, kinds, op[4])) == null) goto Exit;
                    if (key[1].Kind != JsonKind.String)
                    {
                        // Most numbers of JSON are written as they stand there.
                        if (key[1].Kind is not (JsonKind.Integer or JsonKind.Decimal)) goto Exit;
                        if ((key[1].Next & JsonNode.WritesItself) == 0) goto Exit;
                    }

                    if ((from = Source(key[1].Segment, key[1].Offset)) == null) goto Exit;
                    length = key[1].Length;
                    if ((uint)length > Longest) goto Exit;
                    CopyTwo(from, at, length);
                    to = at + length;
                    op += 3 + Operand.Size;
                    continue;
                case OpCode.PrintScript:
                    if (op[4] != place || _slots[op[3]].Kind != ValueKind.Util) goto Exit;
                    CopyTwo(text, to, textLength);
                    at = to + textLength;
                    if ((key = KeyOrNull(container, end, kinds, op[5])) == null || key[1].Kind != JsonKind.String) goto Exit;
                    if ((from = Source(key[1].Segment, key[1].Offset)) == null) goto Exit;
                    length = key[1].Length;
                    if (length >= ShortText.Width)
                    {
                        // Those take steps.
                        int steps = (length >> 6) + 1;
                        if (length > Longest || _steps < steps || Source(key[1].Segment, key[1].Offset + ShortText.Width) == null) goto Exit;
                        int first = ShortText.CopyScript(from, ShortText.Width, at);
                        if (first < 0) goto Exit;
                        length = ShortText.CopyScript(from + ShortText.Width, length - ShortText.Width, at + first);
                        if (length < 0) goto Exit;
                        _steps -= steps;
                        length += first;
                    }
                    else if ((length = ShortText.CopyScript(from, length, at)) < 0)
                    {
                        goto Exit;
                    }

                    to = at + length;
                    op += 4 + Operand.Size;
                    continue;
                case OpCode.TextIf:
                    // Whether a loop has another element.
                    Value* asked = _slots + Operand.NumberOf(op[3]);
                    if (op[4] != _hasNextName || Operand.KindOf(op[3]) != OperandKind.Member || asked->Kind != ValueKind.Loop || asked->A >= _loopCount) goto Exit;
                    LoopState* about = _loops + asked->A;
                    length = op[4 + Operand.Size];
                    if (!about->IsArray || length > Longest) goto Exit;
                    CopyTwo(text, to, textLength);
                    to += textLength;
                    if (about->At < about->End && about->Index + 1 < _iterations)
                    {
                        CopyTwo(_texts + op[3 + Operand.Size], to, length);
                        to += length;
                    }

                    op += 5 + Operand.Size;
                    continue;
                case OpCode.LoopNext:
                    LoopState* loop = _loops + _loopCount - 1;
                    if (_loopCount == 0 || _loopRoom == 0 || !loop->IsArray || loop->At >= loop->End || loop->Index + 1 >= _iterations) goto Exit;

                    // The next object is to be the one whose members are printed.
                    JsonNode* element = _nodes + loop->At;
                    int taken = StepsTo(op);
                    if (element->Kind != JsonKind.Object || loop->Slot != Operand.NumberOf(place) || loop->Slot == _loopSlot || _steps < taken) goto Exit;
                    CopyTwo(text, to, textLength);
                    to += textLength;
                    *owner = new Value(ValueKind.JsonObject, 0, loop->At);
                    if (_loopSlot >= 0) _slots[_loopSlot] = new Value(ValueKind.Loop, _loopCount - 1, 0);
                    loop->At = element->Next;
                    loop->Index++;
                    _steps -= taken;
                    op = _line = _code + op[3];
                    container = element;
                    goto Object;
                default:
                    goto Exit;
            }
        }

    Exit:
        _at = to;
        return op;
    }

    // Up to twice the width, with so much behind both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyTwo(byte* from, byte* to, int length)
    {
        ShortText.Copy(from, to);
        if (length > ShortText.Width) ShortText.Copy(from + ShortText.Width, to + ShortText.Width);
    }
}
