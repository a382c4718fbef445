using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.TestKit;

/// <summary>A request for templates to run for, and an executor to run them.</summary>
/// <remarks>Values stand ready as bytes, so that what is measured is the engine.</remarks>
public sealed class TemplateStage : ITemplateInputs
{
    private readonly List<(byte[] Name, byte[] Value)>[] _parameters = [[], [], []];
    private readonly List<(byte[] Name, byte[] Value)> _stageVariables = [];
    private readonly Dictionary<string, byte[]> _context = new(StringComparer.Ordinal);
    private readonly List<string> _contextNames = [];
    private readonly TemplateExecutor _executor;
    private readonly TemplateOutput _output = new();

    /// <param name="limits">What each run may cost; null for the usual.</param>
    /// <param name="singly">Whether nothing is done at once that can be done one by one.</param>
    public TemplateStage(TemplateLimits? limits = null, bool singly = false) => _executor = new TemplateExecutor(limits ?? new TemplateLimits(), singly);

    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>Which reading of <see cref="Tape"/> is that of the body.</summary>
    public long BodyReading { get; set; }

    /// <summary>Reads the body before the run, and says so to it.</summary>
    public JsonFault ReadAhead(int depth)
    {
        JsonTape tape = _executor.Tape;
        tape.Reset();
        BodyReading = tape.Reading;
        return JsonReader.Read(tape, Body.Span, JsonTape.BodySegment, 0, new JsonLimits(depth, 1_000_000));
    }

    public ContextCatalog Context { get; private set; } = ContextCatalog.Empty;

    public TemplateOverrides Overrides { get; } = new();

    public int StageVariableCount => _stageVariables.Count;

    public ReadOnlySpan<byte> Output => _output.Written;

    public TemplateStage WithBody(string body)
    {
        Body = Encoding.UTF8.GetBytes(body);
        return this;
    }

    public TemplateStage With(ParameterPlace place, string name, string value)
    {
        _parameters[(int)place].Add((Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));
        return this;
    }

    public TemplateStage WithStageVariable(string name, string value)
    {
        _stageVariables.Add((Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));
        return this;
    }

    /// <summary>Sets a context variable; a null value is one that the catalog has and the request has not.</summary>
    public TemplateStage WithContext(string name, string? value)
    {
        _contextNames.Add(name);
        if (value is not null) _context[name] = Encoding.UTF8.GetBytes(value);
        var names = new List<KeyValuePair<string, int>>();
        for (int i = 0; i < _contextNames.Count; i++) names.Add(new(_contextNames[i], i));
        Context = new ContextCatalog(names, [.. names.Where(pair => pair.Key.EndsWith("Epoch", StringComparison.Ordinal)).Select(pair => pair.Value)]);
        return this;
    }

    /// <summary>A member of an open group, whose name in the catalog ends with <c>.*</c>.</summary>
    public TemplateStage WithContextMember(string group, string member, string value)
    {
        if (!_contextNames.Contains(group + ".*")) WithContext(group + ".*", null);
        _context[group + ".*" + member] = Encoding.UTF8.GetBytes(value);
        return this;
    }

    /// <summary>The text that a template renders.</summary>
    /// <exception cref="InvalidOperationException">It cannot be compiled, or was stopped.</exception>
    public string Render(string template)
    {
        TemplateResult result = Run(template);
        if (!result.IsOk) throw new InvalidOperationException($"{result.Line}:{result.Column}: {result.Message}");
        return Encoding.UTF8.GetString(_output.Written);
    }

    /// <summary>Compiles a template and runs it.</summary>
    /// <exception cref="InvalidOperationException">It cannot be compiled.</exception>
    public TemplateResult Run(string template, ITemplateObserver? observer = null) => Run(Compile(template), observer);

    public TemplateResult Run(Template template, ITemplateObserver? observer = null) => _executor.Run(template, this, _output, observer);

    public static Template Compile(string template) =>
        Template.TryCompile(Encoding.UTF8.GetBytes(template), out Template? compiled, out TemplateProblem? problem) ? compiled : throw new InvalidOperationException(problem.ToString());

    public int ParameterCount(ParameterPlace place) => _parameters[(int)place].Count;

    public void WriteParameterName(ParameterPlace place, int index, ref ByteWriter writer) => writer.Write(_parameters[(int)place][index].Name);

    public void WriteParameterValue(ParameterPlace place, int index, ref ByteWriter writer) => writer.Write(_parameters[(int)place][index].Value);

    public bool TryWriteParameter(ParameterPlace place, ReadOnlySpan<byte> name, ref ByteWriter writer) => TryWriteLast(_parameters[(int)place], name, ref writer);

    public void WriteStageVariableName(int index, ref ByteWriter writer) => writer.Write(_stageVariables[index].Name);

    public bool TryWriteStageVariable(ReadOnlySpan<byte> name, ref ByteWriter writer) => TryWriteLast(_stageVariables, name, ref writer);

    public bool TryWriteContext(int variable, ReadOnlySpan<byte> member, ref ByteWriter writer)
    {
        if (!_context.TryGetValue(_contextNames[variable] + (member.IsEmpty ? "" : Encoding.UTF8.GetString(member)), out byte[]? value)) return false;
        writer.Write(value);
        return true;
    }

    public int ContextMemberCount(int group) => MembersOf(group).Count();

    public void WriteContextMemberName(int group, int index, ref ByteWriter writer) =>
        writer.Write(Encoding.UTF8.GetBytes(MembersOf(group).ElementAt(index)[_contextNames[group].Length..]));

    private IEnumerable<string> MembersOf(int group) => _context.Keys.Where(name => name.StartsWith(_contextNames[group], StringComparison.Ordinal));

    private static bool TryWriteLast(List<(byte[] Name, byte[] Value)> values, ReadOnlySpan<byte> name, ref ByteWriter writer)
    {
        for (int i = values.Count - 1; i >= 0; i--)
        {
            if (!name.SequenceEqual(values[i].Name)) continue;
            writer.Write(values[i].Value);
            return true;
        }

        return false;
    }
}
