using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Execution;

/// <content>What most of a template does: it writes short texts of JSON between short texts of its own.</content>
/// <remarks>
/// These methods call nothing, so that places and lengths stay in registers from one text to the next, and stop, with nothing of it done, at the first thing that is not so. Then
/// the instructions go on one by one, as they do in an observed run. TemplateBenchmarks.TemplateRender.
/// </remarks>
internal sealed partial class Machine
{
    /// <summary>Prints members of one object, for as long as instructions do nothing else.</summary>
    /// <param name="frame">The program.</param>
    /// <param name="code">Its code.</param>
    /// <param name="at">The first instruction.</param>
    /// <param name="operand">Where its operand is; the last but one of its numbers.</param>
    /// <returns>The instruction that is to be next.</returns>
    private int PrintMembers(Frame frame, int[] code, int at, int operand)
    {
        int place = code[at + operand];
        if (Operand.KindOf(place) != OperandKind.Member || _observer is not null) return at;
        ref readonly Value owner = ref _slots[frame.SlotOf(Operand.NumberOf(place))];
        if (owner.Kind != ValueKind.JsonObject) return at;
        JsonNode[] nodes = Memory.Tape.Nodes;
        int node = owner.Node;
        int end = nodes[node].Next;
        byte depth = nodes[node].Depth;
        if (nodes[node].Kind != JsonKind.Object || nodes[node].Offset >= FreeMembers || depth == JsonNode.Deepest) return at;
        TemplateProgram program = frame.Program;
        byte[] texts = program.Texts;
        NameEntry[] names = program.Names;
        ReadOnlySpan<FoundPlace> places = Memory.FoundPlaces;
        byte[] output = Output.Bytes;
        int length = Output.Length;
        while (true)
        {
            NameEntry name = names[code[at + operand + 1]];
            ref readonly FoundPlace found = ref places[name.Place];
            int key = node + found.Distance;
            if (key >= end || name.Property == PropertyName.Class) break;
            ref readonly JsonNode candidate = ref nodes[key];
            if (candidate.Start != found.Number || candidate.Kind != JsonKind.Key || candidate.Depth != depth || !ReferenceEquals(found.Name, name)) break;
            ref readonly JsonNode value = ref nodes[key + 1];
            int before = code[at + 2];
            if (!ShortText.TryCopy(texts, code[at + 1], before, output, length)) break;
            int written = value.Length;
            if (operand == 4)
            {
                if (value.Kind != JsonKind.String || _slots[frame.SlotOf(code[at + 3])].Kind != ValueKind.Util) break;
                written = ShortText.CopyScript(Memory.Segment(value.Segment), value.Offset, written, output, length + before);
                if (written < 0) break;
            }
            else
            {
                bool asItStands = value.Kind == JsonKind.String || (value.Kind is JsonKind.Integer or JsonKind.Decimal && (value.Next & JsonNode.WritesItself) != 0);
                if (!asItStands || !ShortText.TryCopy(Memory.Segment(value.Segment), value.Offset, written, output, length + before)) break;
            }

            length += before + written;
            at += operand + Operand.Size;
            var next = (OpCode)code[at];
            if (next == OpCode.Print) operand = 3;
            else if (next == OpCode.PrintScript) operand = 4;
            else break;
            if (code[at + operand] != place) break;
        }

        Output.Commit(length - Output.Length);
        return at;
    }

    /// <summary>A loop that writes the elements of an array as it was read, if they are texts. It begins only where something else is in the array: until then nobody sees its variables.</summary>
    /// <param name="frame">The program.</param>
    /// <param name="code">Its code.</param>
    /// <param name="at">The instruction.</param>
    /// <param name="line">Where the straight line began. Steps are counted as the loop does.</param>
    /// <returns>The instruction that is to be next.</returns>
    private int Join(Frame frame, int[] code, int at, ref int line)
    {
        Take(frame, code, at + 3, ref _taken);
        int top = at + 3 + Operand.Size;
        int last = top + ((OpCode)code[top] == OpCode.PrintScript ? 4 : 3) + Operand.Size;
        if ((OpCode)code[last] == OpCode.TextIf) last += 5 + Operand.Size;
        int element = _taken.Kind == ValueKind.JsonArray ? _taken.Node + 1 : -1;
        int index = element >= 0 && _observer is null ? JoinTexts(frame, code, top, last, ref element, line) : 0;
        if (index > 1) line = top;
        if (index > 0 && element < 0) return last + 4;

        // What is left.
        _loops.Begin(frame, _taken, frame.SlotOf(code[at + 1]));
        if (index > 0) _loops.Resume(element, index);
        if (!_loops.TryNext(frame))
        {
            EndLoop(frame, at);
            return index > 0 ? last + 4 : Go(ref line, at, code[at + 2]);
        }

        if (_observer is not null) Tell(TemplateStep.Iteration, frame, at, _loops.Current);
        if (index == 0) return top;
        Go(ref line, last, top);
        if (_isEnding) Place(frame, last);
        return top;
    }

    // How many elements it has written; the one where it stopped, -1 at the end.
    private int JoinTexts(Frame frame, int[] code, int top, int last, ref int element, int line)
    {
        JsonNode[] nodes = Memory.Tape.Nodes;
        ref readonly JsonNode array = ref nodes[element - 1];
        bool isScript = (OpCode)code[top] == OpCode.PrintScript;
        if (array.Kind != JsonKind.Array || (isScript && _slots[frame.SlotOf(code[top + 3])].Kind != ValueKind.Util)) return 0;
        int end = array.Next;
        byte[] texts = frame.Program.Texts;
        byte[] output = Output.Bytes;
        int length = Output.Length;
        int most = Limits.Iterations;
        int steps = _steps;
        int between = last - 5 - Operand.Size;
        bool isParted = between > top && (OpCode)code[between] == OpCode.TextIf;
        int node = element;
        int index = 0;
        while (node < end && index < most)
        {
            // Behind each element but the last comes the way back to the top.
            int way = index == 0 ? 0 : ((last - (index == 1 ? line : top)) >> 2) + 1;
            ref readonly JsonNode text = ref nodes[node];
            if (text.Kind != JsonKind.String || way > steps) break;
            int to = length;
            if (!ShortText.TryCopy(texts, code[top + 1], code[top + 2], output, to)) break;
            to += code[top + 2];
            int written = text.Length;
            if (isScript) written = ShortText.CopyScript(Memory.Segment(text.Segment), text.Offset, written, output, to);
            else if (!ShortText.TryCopy(Memory.Segment(text.Segment), text.Offset, written, output, to)) break;
            if (written < 0) break;
            to += written;
            if (isParted)
            {
                if (!ShortText.TryCopy(texts, code[between + 1], code[between + 2], output, to)) break;
                to += code[between + 2];
                if (node + 1 < end && index + 1 < most)
                {
                    int gap = code[between + 4 + Operand.Size];
                    if (!ShortText.TryCopy(texts, code[between + 3 + Operand.Size], gap, output, to)) break;
                    to += gap;
                }
            }

            if (!ShortText.TryCopy(texts, code[last + 1], code[last + 2], output, to)) break;
            length = to + code[last + 2];
            steps -= way;
            node++;
            index++;
        }

        Output.Commit(length - Output.Length);
        _steps = steps;
        element = node < end ? node : -1;
        return index;
    }
}
