using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.Json;
using EdgeProxy.Templates.Syntax;

namespace EdgeProxy.Templates.Execution;

/// <content>Values: members of objects, what operators make of numbers, what loops go through.</content>
internal sealed unsafe partial class PlainRun
{
    // Whether what was looked for last and not found is not there, rather than that it cannot be told here.
    private bool _isMissing;

    // Looking through so many members costs no step.
    private const int FreeMembers = Machine.FreeMembers;

    // The member of an object; null for none. In one place for all: a request that runs two templates finds little of their code still in the nearest cache.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonNode* Find(int node, int name)
    {
        JsonNode* container = _nodes + node;
        uint kinds = *(ushort*)container;
        if (MayHaveKeys(kinds) && container->Offset < FreeMembers)
        {
            JsonNode* key = KeyOrNull(container, _nodes + container->Next, kinds - KeyUnderObject, name);
            if (key != null && key[1].Kind != JsonKind.Alias) return key + 1;
        }

        return FindElsewhere(node, name);
    }

    // Kind and depth of a node at once: of an object that is not nested so deeply that depths are no longer told apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayHaveKeys(uint kinds) => (byte)kinds == (byte)JsonKind.Object && kinds < (JsonNode.Deepest << 8);

    // What kind and depth of an object are more than those of its keys. A key as deep as the object, within it, is one of its own.
    private const uint KeyUnderObject = JsonKind.Object - JsonKind.Key;

    // A key of an object where one of that name was found last; null when it is another one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private JsonNode* KeyOrNull(JsonNode* container, JsonNode* end, uint kinds, int name)
    {
        NameText* text = _nameTexts + name;
        FoundPlace* place = (FoundPlace*)((byte*)_places + text->Place);
        JsonNode* key = container + place->Distance;
        if (key >= end || *(ushort*)key != kinds || place->Id != text->Id) return null;
        if (key->Start == place->Number) return key;

        // A body that was read since: its keys have other numbers.
        if (key->Next != text->Hash || key->Length != text->Length || (uint)text->Length > ShortText.Width) return null;
        byte* from = Source(key->Segment, key->Offset);
        if (from == null || !ShortText.AreEqual(from, _texts + text->Offset, text->Length)) return null;
        place->Number = key->Start;
        return key;
    }

    private JsonNode* FindElsewhere(int node, int name)
    {
        JsonNode* container = _nodes + node;
        NameEntry entry = _names[name];
        bool canTell = container->Kind == JsonKind.Object && container->Offset < FreeMembers && entry.Property != PropertyName.Class;
        int found = canTell ? memory.FindMember(node, entry) : -1;
        _isMissing = canTell && found < 0;
        return found < 0 ? null : _nodes + found;
    }

    private bool TryTake(int* operand, Value* into) => TryTakeHere(operand, into);

    // A value from where an operand says, written where it is to stand.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeHere(int* operand, Value* into)
    {
        int place = *operand;
        Value* slot = _slots + Operand.NumberOf(place);
        OperandKind kind = Operand.KindOf(place);
        if (kind == OperandKind.Member) return TryMember(slot, operand[1], into);
        if (kind == OperandKind.Stack) slot = --_top;
        else if (kind == OperandKind.Constant) slot = _constants + Operand.NumberOf(place);
        into->Set(*slot);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryMember(Value* owner, int name, Value* into)
    {
        if (owner->Kind != ValueKind.JsonObject) return false;
        JsonNode* found = Find(owner->Node, name);
        if (found != null) return TryValue(found, into);
        if (_isMissing) *into = Value.Null;
        return _isMissing;
    }

    // See Memory.ValueOf.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryValue(JsonNode* node, Value* into)
    {
        JsonKind kind = node->Kind;
        if (kind == JsonKind.String) *into = Value.Text(node->Segment, node->Offset, node->Length);
        else if (kind is JsonKind.Array or JsonKind.Object) *into = new Value(kind == JsonKind.Object ? ValueKind.JsonObject : ValueKind.JsonArray, 0, (int)(node - _nodes));
        else if (kind is JsonKind.Integer or JsonKind.Decimal)
        {
            if ((node->Next & JsonNode.HasDigits) == 0) return false;
            *into = kind == JsonKind.Integer ? Value.Of((long)node->Start) : Value.Of(Numbers.Shift(node->Start, node->Depth));
        }
        else if (kind is JsonKind.True or JsonKind.False) *into = Value.Of(kind == JsonKind.True);
        else if (kind == JsonKind.Null) *into = Value.Null;
        else return false;
        return true;
    }

    // operator, operand, operand. What comes from the stack is there again when this cannot tell; null is the stack.
    private bool TryCombine(int* op, Value* into)
    {
        Value* top = _top;
        Value left;
        Value right;
        if (!TryTakeHere(op + 1 + Operand.Size, &right) || !TryTakeHere(op + 1, &left) || !TryApply((BinaryOperator)(*op), &left, &right, &left))
        {
            _top = top;
            return false;
        }

        if (into == null) into = _top++;
        into->Set(left);
        return true;
    }

    // See Operators.Apply.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryApply(BinaryOperator symbol, Value* left, Value* right, Value* into)
    {
        if (left->Kind == ValueKind.Integer && right->Kind == ValueKind.Integer)
        {
            long first = left->Integer;
            long second = right->Integer;
            switch (symbol)
            {
                case BinaryOperator.Add:
                    long sum = first + second;
                    if (((first ^ sum) & (second ^ sum)) < 0) return false;
                    *into = Value.Of(sum);
                    return true;
                case BinaryOperator.Equal:
                    *into = Value.Of(first == second);
                    return true;
                case BinaryOperator.NotEqual:
                    *into = Value.Of(first != second);
                    return true;
                case BinaryOperator.Less:
                    *into = Value.Of(first < second);
                    return true;
                case BinaryOperator.LessOrEqual:
                    *into = Value.Of(first <= second);
                    return true;
                case BinaryOperator.Greater:
                    *into = Value.Of(first > second);
                    return true;
                case BinaryOperator.GreaterOrEqual:
                    *into = Value.Of(first >= second);
                    return true;
                default:
                    return false;
            }
        }

        if (left->Kind is not (ValueKind.Integer or ValueKind.Decimal) || right->Kind is not (ValueKind.Integer or ValueKind.Decimal)) return false;
        double one = left->Kind == ValueKind.Integer ? left->Integer : left->Decimal;
        double other = right->Kind == ValueKind.Integer ? right->Integer : right->Decimal;
        switch (symbol)
        {
            case BinaryOperator.Add:
                *into = Value.Of(one + other);
                return true;
            case BinaryOperator.Subtract:
                *into = Value.Of(one - other);
                return true;
            case BinaryOperator.Multiply:
                *into = Value.Of(one * other);
                return true;
            default:
                return false;
        }
    }

    // Whether an operand is true; false for what it cannot tell, with the stack as it was.
    private bool TryHold(int* operand, out bool holds)
    {
        holds = false;
        int place = *operand;
        Value* slot = _slots + Operand.NumberOf(place);
        if (Operand.KindOf(place) == OperandKind.Member && slot->Kind == ValueKind.Loop)
        {
            if (slot->A >= _loopCount || _names[operand[1]].Property != PropertyName.HasNext) return false;
            LoopState* loop = _loops + slot->A;
            holds = loop->Index + 1 < _iterations && loop->At < loop->End;
            return loop->IsArray;
        }

        Value value;
        if (!TryTake(operand, &value)) return false;
        holds = value.Kind switch
        {
            ValueKind.Null => false,
            ValueKind.Boolean => value.Boolean,
            ValueKind.String => !_emptyTextIsFalse || value.Length > 0,
            _ => true,
        };
        return true;
    }

    // A loop that writes the elements of an array, texts without exception. Until it stops nobody sees its variables, so it begins only where something else is in the array.
    private int* Join(int* op)
    {
        Value* stack = _top;
        Value items;
        if (!TryTake(op + 3, &items)) return op;
        JsonNode* array = _nodes + items.Node;
        int* print = op + 3 + Operand.Size;
        int operand = *print == (int)OpCode.PrintScript ? 4 : 3;
        int* parting = print + operand + Operand.Size;
        int* last = parting;
        if (*parting == (int)OpCode.TextIf) last += 5 + Operand.Size;
        if (items.Kind != ValueKind.JsonArray || array->Kind != JsonKind.Array || (operand == 4 && _slots[print[3]].Kind != ValueKind.Util))
        {
            _top = stack;
            return op;
        }

        // What stands before each element, between two, and behind each.
        byte* before = _texts + print[1];
        byte* behind = _texts + last[1];
        byte* between = parting == last ? behind : _texts + parting[3 + Operand.Size];
        byte* gap = parting == last ? behind : _texts + parting[1];
        int beforeLength = print[2];
        int behindLength = last[2];
        int gapLength = parting == last ? 0 : parting[2];
        int betweenLength = parting == last ? 0 : parting[4 + Operand.Size];
        JsonNode* element = array + 1;
        JsonNode* none = _nodes + array->Next;
        byte* to = _at;

        // Behind each element but the last comes the way back to the top.
        int way = StepsTo(last);
        int steps = _steps;
        int* line = _line;
        int index = 0;
        if (beforeLength > ShortText.Width || behindLength > ShortText.Width || gapLength > ShortText.Width || betweenLength > ShortText.Width) none = element;
        while (element < none && index < _iterations && element->Kind == JsonKind.String && _end - to >= 8 * ShortText.Width)
        {
            bool isLast = element + 1 == none || index + 1 == _iterations;
            byte* from = Source(element->Segment, element->Offset);
            int length = element->Length;
            if (from == null || length >= ShortText.Width || (!isLast && _steps < way)) break;
            byte* begun = to;
            ShortText.Copy(before, to);
            to += beforeLength;
            if (operand == 4) length = ShortText.CopyScript(from, length, to);
            else ShortText.Copy(from, to);
            if (length < 0)
            {
                to = begun;
                break;
            }

            to += length;
            ShortText.Copy(gap, to);
            to += gapLength;
            if (!isLast)
            {
                ShortText.Copy(between, to);
                to += betweenLength;
                _steps -= way;
                way = StepsOf(print, last);
                _line = print;
            }

            ShortText.Copy(behind, to);
            to += behindLength;
            element++;
            index++;
        }

        // All of them, or all that a loop may have: then it has to be told that there are more.
        if (index > 0 && element == _nodes + array->Next)
        {
            _at = to;
            return last + 4;
        }

        byte* written = _at;
        _at = to;
        _top = stack;
        if (TryBeginLoop(op, index)) return print;
        _at = written;
        _steps = steps;
        _line = line;
        return op;
    }

    // Begins a loop at one of its elements.
    private bool TryBeginLoop(int* op, int index = 0)
    {
        Value* top = _top;
        Value items;
        if (_loopCount >= _loopRoom || !TryTake(op + 3, &items)) return false;
        JsonNode* array = _nodes + items.Node;
        if (items.Kind == ValueKind.JsonArray && array->Kind == JsonKind.Array && array->Next > items.Node + 1 + index && _iterations > index)
        {
            LoopState* loop = _loops + _loopCount++;
            loop->IsArray = true;
            loop->At = items.Node + 1 + index;
            loop->End = array->Next;
            loop->Index = index - 1;
            loop->Slot = op[1];
            loop->Variable.Set(_slots[op[1]]);
            if (_loopSlot >= 0) loop->Outer.Set(_slots[_loopSlot]);
            if (TryNext(loop)) return true;
            _loopCount--;
        }

        _top = top;
        return false;
    }

    // The next element of the innermost loop, which has one.
    private bool TryNext(LoopState* loop)
    {
        JsonNode* element = _nodes + loop->At;
        if (!TryValue(element, _slots + loop->Slot)) return false;
        loop->At = element->Kind >= JsonKind.Array ? element->Next : loop->At + 1;
        loop->Index++;
        if (_loopSlot >= 0) _slots[_loopSlot] = new Value(ValueKind.Loop, _loopCount - 1, 0);
        return true;
    }

    // Variables are what they were before it.
    private void EndLoop(LoopState* loop)
    {
        _slots[loop->Slot].Set(loop->Variable);
        if (_loopSlot >= 0) _slots[_loopSlot].Set(loop->Outer);
        _loopCount--;
    }
}
