using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Functions;
using EdgeProxy.Templates.Syntax;

namespace EdgeProxy.Templates.Compilation;

/// <summary>Makes a program of the nodes of a template.</summary>
internal sealed class ProgramWriter
{
    // Beyond so many numbers of code a writer's memory is not kept for the next template.
    private const int MostKept = 4096;

    private static readonly (string Name, ValueKind Kind)[] s_presets =
    [
        ("input", ValueKind.Input),
        ("util", ValueKind.Util),
        ("context", ValueKind.Context),
        ("stageVariables", ValueKind.StageVariables),
    ];

    // A node that starts compiles a hundred thousand templates: what is only needed meanwhile is made once a thread.
    [ThreadStatic]
    private static ProgramWriter? t_free;

    // Ids that are taken. A template has fewer names than bytes.
    private static long s_names;

    private readonly List<int> _code = [];
    private readonly List<SourceRange> _ranges = [];
    private readonly ArrayBufferWriter<byte> _texts = new();
    private readonly List<Value> _constants = [];
    private readonly Dictionary<string, int> _textConstants = new(StringComparer.Ordinal);
    private readonly List<NameEntry> _names = [];
    private readonly Dictionary<string, int> _nameOrdinals = new(StringComparer.Ordinal);
    private readonly List<string> _variables = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<MacroEntry> _macros = [];
    private readonly Dictionary<string, int> _macroOrdinals = new(StringComparer.Ordinal);
    private byte[] _source = [];
    private long _firstName;

    // Of each loop around the place, the innermost last: addresses to be filled in when its end is known.
    private List<List<int>> _breaks = [];

    // The same for a text in quotes that has no loop around the place; null outside of texts.
    private List<int>? _textEnds;

    // Constant text that is not yet written by an instruction.
    private int _textOffset;
    private int _textLength;
    private SourceRange _textRange;
    private int _depth;
    private int _deepest;

    // Programs that were made one after the other begin far from each other, by the golden section.
    private int FirstPlace => (int)(_firstName / TemplateLimits.LongestTemplate * 159) & (Memory.Places - 1);

    /// <summary>Compiles a template; null with a problem when it cannot be read.</summary>
    /// <param name="source">The template.</param>
    /// <param name="problem">The first thing that is wrong.</param>
    /// <param name="macros">Names of macros that the run has already, for a text that is evaluated.</param>
    public static TemplateProgram? Compile(byte[] source, out TemplateProblem? problem, IReadOnlyList<string>? macros = null)
    {
        if (source.Length > TemplateLimits.LongestTemplate)
        {
            problem = new TemplateProblem(1, 1, $"The template has {source.Length} bytes; {TemplateLimits.LongestTemplate} are allowed.");
            return null;
        }

        IReadOnlyList<SyntaxNode>? nodes = TemplateParser.Parse(source, macros ?? [], out problem);
        if (nodes is null) return null;
        ProgramWriter writer = t_free ?? new ProgramWriter();
        t_free = null;
        TemplateProgram program = writer.Write(source, nodes);
        if (writer._code.Capacity <= MostKept && writer._texts.Capacity <= MostKept)
        {
            writer.Clear();
            t_free = writer;
        }

        return program;
    }

    private TemplateProgram Write(byte[] source, IReadOnlyList<SyntaxNode> nodes)
    {
        _source = source;
        _firstName = Interlocked.Add(ref s_names, TemplateLimits.LongestTemplate);
        WriteNodes(nodes);
        Emit(OpCode.Return, new SourceRange(_source.Length, _source.Length), 0);
        return new TemplateProgram
        {
            Code = [.. _code, .. new int[PlainRun.CodeBehind]],
            Ranges = [.. _ranges],
            Texts = Texts(),
            Constants = [.. _constants],
            Names = [.. _names],
            NameTexts = [.. _names.ConvertAll(name => new NameText(name.Id, name.Place * Unsafe.SizeOf<FoundPlace>(), name.Hash, _constants[name.Constant].Offset, name.Length))],
            HasNextName = _names.FindIndex(name => name.Property == PropertyName.HasNext),
            Variables = [.. _variables],
            Macros = [.. _macros],
            StackSize = _deepest + 1,
            Source = _source,
            LoopSlot = _slots.GetValueOrDefault("foreach", -1),
            CountSlot = _slots.GetValueOrDefault("velocityCount", -1),
            HasNextSlot = _slots.GetValueOrDefault("velocityHasNext", -1),
            BodySlot = _slots.GetValueOrDefault("bodyContent", -1),
            Presets = Presets(),
        };
    }

    private void Clear()
    {
        _code.Clear();
        _ranges.Clear();
        _texts.ResetWrittenCount();
        _constants.Clear();
        _textConstants.Clear();
        _names.Clear();
        _nameOrdinals.Clear();
        _variables.Clear();
        _slots.Clear();
        _macros.Clear();
        _macroOrdinals.Clear();
        _breaks = [];
        _textEnds = null;
        (_textOffset, _textLength, _textRange) = (0, 0, default);
        (_depth, _deepest) = (0, 0);
        _source = [];
    }

    private byte[] Texts()
    {
        byte[] texts = new byte[_texts.WrittenCount + ShortText.Width];
        _texts.WrittenSpan.CopyTo(texts);
        return texts;
    }

    private (int Slot, Value Value)[] Presets()
    {
        int count = 0;
        foreach ((string name, _) in s_presets) count += _slots.ContainsKey(name) ? 1 : 0;
        if (count == 0) return [];
        var presets = new (int Slot, Value Value)[count];
        foreach ((string name, ValueKind kind) in s_presets)
        {
            if (_slots.TryGetValue(name, out int slot)) presets[--count] = (slot, new Value(kind, 0, 0));
        }

        return presets;
    }

    private void WriteNodes(IReadOnlyList<SyntaxNode> nodes)
    {
        foreach (SyntaxNode node in nodes) WriteNode(node);
    }

    private void WriteNode(SyntaxNode node)
    {
        switch (node)
        {
            case SyntaxNode.Text text:
                WriteText(text);
                break;
            case SyntaxNode.Reference reference:
                WritePrint(reference);
                break;
            case SyntaxNode.EscapedReference escaped:
                WriteExpression(escaped.Target);
                Emit(OpCode.PrintEscaped, escaped.Range, -1, TextConstant(escaped.IfSet), TextConstant(escaped.IfNull));
                break;
            case SyntaxNode.Set set:
                WriteSet(set);
                break;
            case SyntaxNode.If choice:
                WriteIf(choice);
                break;
            case SyntaxNode.Foreach loop:
                WriteForeach(loop);
                break;
            case SyntaxNode.Break broken:
                // Outside of a loop it ends the text or block it stands in, or the template.
                if (_breaks.Count > 0)
                {
                    WriteBreak(broken);
                }
                else if (_textEnds is not null)
                {
                    Emit(OpCode.Jump, broken.Range, 0, 0);
                    _textEnds.Add(_code.Count - 1);
                }
                else
                {
                    Emit(OpCode.Return, broken.Range, 0);
                }

                break;
            case SyntaxNode.Stop:
                Emit(OpCode.Stop, node.Range, 0);
                break;
            case SyntaxNode.Define define:
                Emit(OpCode.Define, define.Range, 0, Slot(define.Variable), 0);
                WriteApart(define.Content);
                break;
            case SyntaxNode.Macro macro:
                Emit(OpCode.Jump, macro.Range, 0, 0);
                int ordinal = Macro(macro.Name);

                // The first definition of a name holds, as in Velocity.
                if (_macros[ordinal].Address < 0) _macros[ordinal] = new MacroEntry(_macros[ordinal].Name, Here(), [.. macro.Parameters.Select(Slot)]);
                WriteApart(macro.Content);
                break;
            case SyntaxNode.Call call:
                foreach (SyntaxExpression argument in call.Arguments) WriteExpression(argument);
                if (call.Body is not null)
                {
                    Slot("bodyContent");
                    Emit(OpCode.Block, call.Range, 1, 0);
                    WriteApart(call.Body);
                }

                Emit(OpCode.Macro, call.Range, -call.Arguments.Count - (call.Body is null ? 0 : 1), Macro(call.Name), call.Arguments.Count, call.Body is null ? 0 : 1);
                break;
            case SyntaxNode.Evaluate evaluate:
                WriteExpression(evaluate.Content);
                Emit(OpCode.Evaluate, evaluate.Range, -1);
                break;
        }
    }

    // Each loop that is left is an instruction, the last of which goes where the outermost of them ends.
    private void WriteBreak(SyntaxNode.Break broken)
    {
        int loops = Math.Min(broken.Loops, _breaks.Count);
        for (int i = 1; i < loops; i++) Emit(OpCode.Break, broken.Range, 0, Here() + 2);
        Emit(OpCode.Break, broken.Range, 0, 0);
        _breaks[^loops].Add(_code.Count - 1);
    }

    // Content that runs on its own; the instruction before it has, as its last operand, the address behind it.
    private void WriteApart(IReadOnlyList<SyntaxNode> content)
    {
        int address = _code.Count - 1;
        (List<List<int>> breaks, List<int>? textEnds) = (_breaks, _textEnds);
        int depth = _depth;
        (_breaks, _textEnds) = ([], null);
        _depth = 0;
        WriteNodes(content);
        Emit(OpCode.Return, default, 0);
        (_breaks, _textEnds) = (breaks, textEnds);
        _depth = depth;
        _code[address] = Here();
    }

    private void WriteSet(SyntaxNode.Set set)
    {
        IReadOnlyList<ReferenceLink> links = set.Target.Links;
        if (links.Count == 0)
        {
            WriteStore(set);
            return;
        }

        WriteReference(set.Target.Range, set.Target.Name, links, links.Count - 1);
        if (links[^1] is { Name: { } name })
        {
            WriteExpression(set.Value);
            Emit(OpCode.SetMember, set.Range, -2, Name(name));
            return;
        }

        WriteExpression(links[^1].Arguments![0]);
        WriteExpression(set.Value);
        Emit(OpCode.SetIndex, set.Range, -3);
    }

    private void WriteStore(SyntaxNode.Set set)
    {
        int slot = Slot(set.Target.Name);
        if (set.Value is SyntaxExpression.Binary { Operator: not (BinaryOperator.And or BinaryOperator.Or) } binary)
        {
            (Operand left, Operand right) = WriteOperands(binary);
            Emit(OpCode.StoreBinary, set.Range, TakenBy(left) + TakenBy(right), slot, (int)binary.Operator, left.Place, left.Name, right.Place, right.Name);
            return;
        }

        Operand value = WriteOperand(set.Value);
        Emit(OpCode.Store, set.Range, TakenBy(value), slot, value.Place, value.Name);
    }

    private void WriteIf(SyntaxNode.If choice)
    {
        if (choice is { Else: null, Arms: [var (only, _)] } && choice.Arms[0].Content is [SyntaxNode.Text text] && OperandOrNull(only) is { } asked)
        {
            // What stands between the elements of a list.
            EmitBehindText(OpCode.TextIf, only.Range, 0, asked.Place, asked.Name, AddText(text.Content), text.Content.Length);
            return;
        }

        var ends = new List<int>();
        foreach ((SyntaxExpression condition, IReadOnlyList<SyntaxNode> content) in choice.Arms)
        {
            Operand operand = WriteOperand(condition);
            EmitBehindText(OpCode.Branch, condition.Range, TakenBy(operand), 0, operand.Place, operand.Name);
            int next = _code.Count - Operand.Size - 1;
            WriteNodes(content);
            if (choice.Else is not null || !ReferenceEquals(condition, choice.Arms[^1].Condition))
            {
                Emit(OpCode.Jump, choice.Range, 0, 0);
                ends.Add(_code.Count - 1);
            }

            _code[next] = Here();
        }

        if (choice.Else is not null) WriteNodes(choice.Else);
        foreach (int end in ends) _code[end] = Here();
    }

    private void WriteForeach(SyntaxNode.Foreach loop)
    {
        Operand items = WriteOperand(loop.Items);
        SourceRange range = loop.Head;
        Emit(OpCode.LoopBegin, range, TakenBy(items), Slot(loop.Variable), 0, items.Place, items.Name);
        List<int> ends = [_code.Count - Operand.Size - 1];
        _breaks.Add(ends);
        int top = Here();
        WriteNodes(loop.Content);
        EmitBehindText(OpCode.LoopNext, range, 0, top);
        if (IsJoin(loop.Variable, top)) _code[top - 3 - Operand.Size] = (int)OpCode.Join;
        foreach (int address in ends) _code[address] = Here();
        _breaks.RemoveAt(_breaks.Count - 1);
    }

    // Whether what stands there up to the end only writes the loop's variable, then at most a text where another element follows.
    private bool IsJoin(string variable, int top)
    {
        // A name that the loop sets to something else.
        if (variable is "foreach" or "velocityCount" or "velocityHasNext" or "util") return false;
        int at = top;
        OpCode print = (OpCode)_code[at];
        if (print is not (OpCode.Print or OpCode.PrintScript)) return false;
        at += print == OpCode.PrintScript ? 4 : 3;
        if (_code[at] != Operand.Variable(Slot(variable)).Place) return false;
        at += Operand.Size;
        if ((OpCode)_code[at] == OpCode.TextIf)
        {
            if (Operand.KindOf(_code[at + 3]) != OperandKind.Member || _variables[Operand.NumberOf(_code[at + 3])] != "foreach"
                || _names[_code[at + 4]].Property != PropertyName.HasNext) return false;
            at += 5 + Operand.Size;
        }

        return (OpCode)_code[at] == OpCode.LoopNext && at + 4 == _code.Count;
    }

    private void WriteExpression(SyntaxExpression expression)
    {
        switch (expression)
        {
            case SyntaxExpression.Interpolated text:
                Emit(OpCode.TextBegin, text.Range, 1);
                (List<List<int>> breaks, List<int>? textEnds) = (_breaks, _textEnds);

                // A #break inside ends the text, not a loop around it.
                (_breaks, _textEnds) = ([], []);
                WriteNodes(text.Content);
                foreach (int address in _textEnds) _code[address] = Here();
                (_breaks, _textEnds) = (breaks, textEnds);
                Emit(OpCode.TextEnd, text.Range, 0);
                break;
            case SyntaxExpression.Reference reference:
                WriteReference(reference.Range, reference.Name, reference.Links, reference.Links.Count);
                break;
            case SyntaxExpression.List list:
                foreach (SyntaxExpression item in list.Items) WriteExpression(item);
                Emit(OpCode.List, list.Range, 1 - list.Items.Count, list.Items.Count);
                break;
            case SyntaxExpression.Map map:
                foreach ((SyntaxExpression key, SyntaxExpression value) in map.Members)
                {
                    WriteExpression(key);
                    WriteExpression(value);
                }

                Emit(OpCode.Map, map.Range, 1 - (2 * map.Members.Count), map.Members.Count);
                break;
            case SyntaxExpression.Sequence sequence:
                WriteExpression(sequence.First);
                WriteExpression(sequence.Last);
                Emit(OpCode.Sequence, sequence.Range, -1);
                break;
            case SyntaxExpression.Not not:
                WriteExpression(not.Operand);
                Emit(OpCode.Not, not.Range, 0);
                break;
            case SyntaxExpression.Binary { Operator: BinaryOperator.And or BinaryOperator.Or } logic:
                WriteLogic(logic);
                break;
            case SyntaxExpression.Binary binary:
                (Operand left, Operand right) = WriteOperands(binary);
                Emit(OpCode.Binary, binary.Range, 1 + TakenBy(left) + TakenBy(right), (int)binary.Operator, left.Place, left.Name, right.Place, right.Name);
                break;
            default:
                EmitPush(expression.Range, OperandOrNull(expression)!.Value);
                break;
        }
    }

    // Where a value is that needs no instruction; null for one that does.
    private Operand? OperandOrNull(SyntaxExpression expression) => expression switch
    {
        SyntaxExpression.Text text => Operand.Constant(TextConstant(text.Content)),
        SyntaxExpression.Integer integer => Operand.Constant(Constant(Value.Of(integer.Number))),
        SyntaxExpression.Big big => Operand.Constant(Constant(Value.Big(Memory.ConstantSegment, AddText(big.Digits), big.Digits.Length))),
        SyntaxExpression.Decimal number => Operand.Constant(Constant(Value.Of(number.Number))),
        SyntaxExpression.Boolean boolean => Operand.Constant(Constant(Value.Of(boolean.Value))),
        SyntaxExpression.Reference { Links: [] } variable => Operand.Variable(Slot(variable.Name)),
        SyntaxExpression.Reference { Links: [{ Name: { } name, Arguments: null }] } member => Operand.Member(Slot(member.Name), Name(name)),
        _ => null,
    };

    // Writes what makes a value, if it needs that, and says where it is then.
    private Operand WriteOperand(SyntaxExpression expression)
    {
        if (OperandOrNull(expression) is { } operand) return operand;
        WriteExpression(expression);
        return Operand.Stack;
    }

    // The left side is looked up before the right side is made, which may change what it is.
    private (Operand Left, Operand Right) WriteOperands(SyntaxExpression.Binary binary)
    {
        if (OperandOrNull(binary.Right) is { } right) return (WriteOperand(binary.Left), right);
        WriteExpression(binary.Left);
        WriteExpression(binary.Right);
        return (Operand.Stack, Operand.Stack);
    }

    private static int TakenBy(Operand operand) => Operand.KindOf(operand.Place) == OperandKind.Stack ? -1 : 0;

    private void EmitPush(SourceRange range, Operand operand) => Emit(OpCode.Push, range, 1, operand.Place, operand.Name);

    private void WriteLogic(SyntaxExpression.Binary logic)
    {
        bool isOr = logic.Operator == BinaryOperator.Or;
        WriteExpression(logic.Left);
        if (isOr) Emit(OpCode.Not, logic.Range, 0);
        Emit(OpCode.JumpIfFalse, logic.Range, -1, 0);
        int decided = _code.Count - 1;
        WriteExpression(logic.Right);
        Emit(OpCode.Truth, logic.Range, 0);
        Emit(OpCode.Jump, logic.Range, -1, 0);
        int end = _code.Count - 1;
        _code[decided] = Here();
        EmitPush(logic.Range, Operand.Constant(Constant(Value.Of(isOr))));
        _code[end] = Here();
    }

    private void WritePrint(SyntaxNode.Reference reference)
    {
        // What templates write most often has an instruction of its own.
        if (reference.Target is { Name: "util", Links: [{ Name: "escapeJavaScript", Arguments: [SyntaxExpression argument] }] })
        {
            Operand text = WriteOperand(argument);
            EmitBehindText(OpCode.PrintScript, reference.Range, TakenBy(text), Slot("util"), text.Place, text.Name);
            return;
        }

        Operand value = WriteOperand(reference.Target);
        EmitBehindText(OpCode.Print, reference.Range, TakenBy(value), value.Place, value.Name);
    }

    // The first so many links of a reference.
    private void WriteReference(SourceRange range, string name, IReadOnlyList<ReferenceLink> links, int count)
    {
        bool isMember = count > 0 && links[0] is { Name: not null, Arguments: null };
        EmitPush(range, isMember ? Operand.Member(Slot(name), Name(links[0].Name!)) : Operand.Variable(Slot(name)));
        for (int i = isMember ? 1 : 0; i < count; i++)
        {
            ReferenceLink link = links[i];
            var reach = new SourceRange(range.Start, link.Range.End);
            if (link.Name is null)
            {
                WriteExpression(link.Arguments![0]);
                Emit(OpCode.Index, reach, -1);
            }
            else if (link.Arguments is null)
            {
                Emit(OpCode.Member, reach, 0, Name(link.Name));
            }
            else
            {
                foreach (SyntaxExpression argument in link.Arguments) WriteExpression(argument);
                Emit(OpCode.Call, reach, -link.Arguments.Count, Name(link.Name), link.Arguments.Count);
            }
        }
    }

    // Text waits for the instruction behind it, which may write it itself.
    private void WriteText(SyntaxNode.Text text)
    {
        if (text.Content.Length == 0) return;
        int offset = AddText(text.Content);
        if (_textLength > 0 && _textOffset + _textLength == offset)
        {
            _textLength += text.Content.Length;
            return;
        }

        FlushText();
        (_textOffset, _textLength, _textRange) = (offset, text.Content.Length, text.Range);
    }

    private void FlushText()
    {
        if (_textLength == 0) return;
        (int offset, int length) = (_textOffset, _textLength);
        _textLength = 0;
        Emit(OpCode.Text, _textRange, 0, offset, length);
    }

    // The address of the next instruction, for jumps that lead there.
    private int Here()
    {
        FlushText();
        return _code.Count;
    }

    // An instruction whose first operands are the text before it.
    private void EmitBehindText(OpCode code, SourceRange range, int stackEffect, params ReadOnlySpan<int> operands)
    {
        (int offset, int length) = (_textOffset, _textLength);
        _textLength = 0;
        Begin(code, range, stackEffect);
        Add(offset, range);
        Add(length, range);
        foreach (int operand in operands) Add(operand, range);
    }

    private void Emit(OpCode code, SourceRange range, int stackEffect, params ReadOnlySpan<int> operands)
    {
        FlushText();
        Begin(code, range, stackEffect);
        foreach (int operand in operands) Add(operand, range);
    }

    private void Begin(OpCode code, SourceRange range, int stackEffect)
    {
        _depth += stackEffect;
        _deepest = Math.Max(_deepest, _depth + 1);
        Add((int)code, range);
    }

    private void Add(int number, SourceRange range)
    {
        _code.Add(number);
        _ranges.Add(range);
    }

    private int AddText(byte[] content)
    {
        int offset = _texts.WrittenCount;
        _texts.Write(content);
        return offset;
    }

    private int Constant(Value value)
    {
        _constants.Add(value);
        return _constants.Count - 1;
    }

    private int TextConstant(byte[] content)
    {
        // By its Latin-1 reading, so that each sequence of bytes has a key of its own.
        string key = Encoding.Latin1.GetString(content);
        if (_textConstants.TryGetValue(key, out int known)) return known;
        int constant = Constant(Value.Text(Memory.ConstantSegment, AddText(content), content.Length));
        _textConstants.Add(key, constant);
        return constant;
    }

    private int Name(string name)
    {
        if (_nameOrdinals.TryGetValue(name, out int known)) return known;
        _names.Add(new NameEntry(name, TextConstant(Encoding.UTF8.GetBytes(name)), _names.Count, _firstName, FirstPlace));
        _nameOrdinals.Add(name, _names.Count - 1);
        return _names.Count - 1;
    }

    private int Slot(string variable)
    {
        if (_slots.TryGetValue(variable, out int known)) return known;
        _variables.Add(variable);
        _slots.Add(variable, _variables.Count - 1);
        return _variables.Count - 1;
    }

    private int Macro(string name)
    {
        if (_macroOrdinals.TryGetValue(name, out int known)) return known;
        _macros.Add(new MacroEntry(TextConstant(Encoding.UTF8.GetBytes(name)), -1, []));
        _macroOrdinals.Add(name, _macros.Count - 1);
        return _macros.Count - 1;
    }
}
