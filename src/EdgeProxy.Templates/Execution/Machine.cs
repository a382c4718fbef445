using System.Runtime.Intrinsics;
using EdgeProxy.Core.Patterns;
using EdgeProxy.Templates.Compilation;
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
    private readonly LoopStack _loops;
    private readonly PlainRun _plain;
    private readonly bool _isSingle;
    
    // Pinned.
    private Value[] _stack = Pinned.New<Value>(64);
    private Value[] _slots = Pinned.New<Value>(32);

    // Operands on their way.
    private Value _taken;
    private Value _takenRight;
    private int _top;
    private int _calls;
    private int _steps;
    private int _usedFrames;
    private int _outerText;

    // Stopped, or failed: what runs returns to whoever called it.
    private bool _isEnding;
    private TemplateFault _fault;
    private SourceRange _faultRange;
    private bool _isPlaced;
    private ITemplateObserver? _observer;

    /// <param name="limits">What each run may cost.</param>
    /// <param name="singly">Whether each instruction is done on its own, as those that are not plain always are. For tests.</param>
    public Machine(TemplateLimits limits, bool singly = false)
    {
        _isSingle = singly || !Vector256.IsHardwareAccelerated;
        Limits = limits;
        Memory = new Memory(this);
        _loops = new LoopStack(this);
        _plain = new PlainRun(Memory, _loops);
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
        Output.Run = this;
        Inputs = inputs;
        _observer = observer;
        Body = Memory.Reset(program.Texts, inputs.Body, inputs.BodyReading);
        ForgetInputs();
        LastElement = (-1, 0, 0);
        _top = 0;
        _loops.Clear();
        _calls = 0;
        _steps = Limits.Steps;
        _outerText = -1;
        _isEnding = false;
        _fault = TemplateFault.None;
        _isPlaced = false;
        _faultRange = default;
        _extraVariables.Clear();
        _usedFrames = 1;
        Frame frame = _frames[0];
        frame.Program = program;
        if (_slots.Length < program.Variables.Length) _slots = Pinned.New<Value>(program.Variables.Length * 2);
        Array.Clear(_slots, 0, program.Variables.Length);
        foreach ((int slot, Value value) in program.Presets) _slots[slot] = value;

        _plain.Run(this, program, Limits, frame);
        if (_outerText >= 0) Output.Truncate(_outerText);
        if (_fault == TemplateFault.None) KeepOverrides();
        Output.Run = null;
        if (_fault == TemplateFault.None) return new TemplateResult { HasCutLoop = _loops.HasCut };
        (int line, int column) = TextPlace.Of(program.Source, _faultRange.Start);
        return new TemplateResult(_fault, line, column) { HasCutLoop = _loops.HasCut };
    }

    /// <summary>Runs a program from its beginning; for <see cref="PlainRun"/>, which holds it in place meanwhile.</summary>
    public void Run(Frame frame) => Run(frame, 0);

    /// <summary>Ends the run; the first fault counts.</summary>
    public Value Fail(TemplateFault fault)
    {
        if (_fault == TemplateFault.None) _fault = fault;
        _isEnding = true;
        return Value.Null;
    }

    /// <summary>Ends the run when an output takes no more.</summary>
    public void OnOverflow(TemplateOutput output) =>
        Fail(output == Output && _outerText < 0 ? TemplateFault.OutputTooLarge : TemplateFault.TooMuchMemory);

    /// <summary>Counts a step; false when there are none left.</summary>
    public bool TryStep() => TrySteps(1);

    /// <summary>Counts the steps of going through so many bytes.</summary>
    public bool TryStepsFor(int bytes) => TrySteps((bytes >> 6) + 1);

    /// <summary>Counts what it costs beyond <see cref="TryStepsFor"/> to look for one text in another, of which much may be compared at each place; short ones cost nothing.</summary>
    public bool TryStepsForSearch(int text, int what) => what <= FreeSearch || TrySteps((int)Math.Min(int.MaxValue, ((long)Math.Max(0, text - what) * what) >> 16));

    public bool TrySteps(int steps)
    {
        _steps -= steps;
        if (_steps >= 0) return true;
        _steps = 0;
        Fail(TemplateFault.TooManySteps);
        return false;
    }

    /// <summary>Whether a pattern matches a whole text; false with a fault when that takes too long.</summary>
    public bool Matches(PatternProgram pattern, ReadOnlySpan<byte> text) => IsYes(PatternRun.MatchesAll(pattern, text, ref _steps));

    /// <summary>Whether a pattern is found from a position on; false with a fault when that takes too long.</summary>
    public bool Finds(PatternProgram pattern, ReadOnlySpan<byte> text, int from) => IsYes(PatternRun.Find(pattern, text, from, ref _steps));

    private bool IsYes(PatternAnswer answer)
    {
        if (answer <= PatternAnswer.Yes) return answer == PatternAnswer.Yes;
        _steps = Math.Max(0, _steps);
        Fail(answer == PatternAnswer.TooManySteps ? TemplateFault.TooManySteps : TemplateFault.PatternTooCostly);
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
        if (Memory.TryText(value, out Value read)) return TryStepsFor(read.Length) ? read : Value.Null;
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

    /// <summary>A variable of the run.</summary>
    public ref Value Slot(int slot) => ref _slots[slot];

    /// <summary>Whether a value holds as a condition.</summary>
    public bool IsTrue(Value value) => value.Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Boolean => value.Boolean,
        ValueKind.String => !Limits.EmptyTextIsFalse || value.Length > 0,
        _ => true,
    };
}
