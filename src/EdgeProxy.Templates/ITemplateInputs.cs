using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Templates;

/// <summary>What a template may ask about the request that it runs for. The engine knows nothing else of it.</summary>
/// <remarks>
/// Values are written as UTF-8 into a writer; a call whose value did not fit is repeated with more room. The engine asks for a thing when
/// the template does, so nothing is prepared that is not used.
/// </remarks>
public interface ITemplateInputs
{
    /// <summary>The body as text: the client's in a request template, the integration's in a response template. It must not change during the run.</summary>
    ReadOnlyMemory<byte> Body { get; }

    /// <summary>Which reading of the executor's tape is that of the body, where it was read as JSON already; 0 where it was not.</summary>
    long BodyReading => 0;

    /// <summary>The names that <c>$context</c> has.</summary>
    ContextCatalog Context { get; }

    /// <summary><c>$context.requestOverride</c> and <c>$context.responseOverride</c>, kept from the request template to the response template.</summary>
    TemplateOverrides Overrides { get; }

    /// <summary>How many parameters a place has; a name that comes twice counts twice.</summary>
    int ParameterCount(ParameterPlace place);

    void WriteParameterName(ParameterPlace place, int index, ref ByteWriter writer);

    /// <summary>The decoded value.</summary>
    void WriteParameterValue(ParameterPlace place, int index, ref ByteWriter writer);

    /// <summary>The last value of a name, compared with case; false when there is none.</summary>
    bool TryWriteParameter(ParameterPlace place, ReadOnlySpan<byte> name, ref ByteWriter writer);

    int StageVariableCount { get; }

    void WriteStageVariableName(int index, ref ByteWriter writer);

    bool TryWriteStageVariable(ReadOnlySpan<byte> name, ref ByteWriter writer);

    /// <summary>The value of a context variable; false when it is not set.</summary>
    /// <param name="variable">Its id in the catalog.</param>
    /// <param name="member">For an open group (<c>authorizer.*</c>) the name of the member; else empty.</param>
    /// <param name="writer">Takes the text.</param>
    bool TryWriteContext(int variable, ReadOnlySpan<byte> member, ref ByteWriter writer);

    /// <summary>How many members an open group has now.</summary>
    int ContextMemberCount(int group);

    void WriteContextMemberName(int group, int index, ref ByteWriter writer);
}
