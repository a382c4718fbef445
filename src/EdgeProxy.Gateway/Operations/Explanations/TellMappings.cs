using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what parameter mappings came to.</summary>
internal static class TellMappings
{
    /// <param name="request">The request.</param>
    /// <param name="mappings">Of a request or a response.</param>
    /// <param name="told">Gets a table, if there are any.</param>
    /// <param name="notes">Words.</param>
    /// <param name="dropped">Headers that the phase left out for their value.</param>
    /// <param name="isRequest">Whether they map to the integration.</param>
    public static void Run(RequestContext request, ParameterMapping[] mappings, ExplainedPhase told, ExplanationNotes notes, List<string> dropped, bool isRequest = true)
    {
        if (mappings.Length == 0) return;
        var table = new ExplainedTable("mappings", ["target", "source", "value", "result"]);
        byte[] room = new byte[LoopServices.ScratchSize];
        foreach (ParameterMapping mapping in mappings)
        {
            var writer = new ByteWriter(room);
            ValueReader.Write(mapping.Source, request, ref writer);
            string name = mapping.Name.ToString();
            string value = mapping.Target == MappingTarget.Header ? notes.Field(name, writer.Written) : notes.Parameter(name, writer.Written);
            notes.Add(table, SourceText.OfTarget(mapping, isRequest), SourceText.Of(mapping.Source), value, ResultOf(mapping, writer.Length == 0, dropped, isRequest));
        }

        told.Add(table);
    }

    private static string ResultOf(ParameterMapping mapping, bool isEmpty, List<string> dropped, bool isRequest)
    {
        if (mapping.Target != MappingTarget.Header)
        {
            if (!isEmpty) return "set";
            return mapping.Target == MappingTarget.Path ? "no value: a placeholder of the URI stays empty, which fails the request" : "no value: left out";
        }

        if (isEmpty) return "no value: left out";
        if (!isRequest) return dropped.Contains(mapping.Name.ToString()) ? "left out: the value has a byte that no header may have" : HeaderRules.Has(mapping.Known, HeaderRule.Remapped) ? "renamed to x-amzn-Remapped-" + mapping.Name : "set";
        if (HeaderRules.Has(mapping.Known, HeaderRule.ForbiddenTarget)) return "forbidden: it fails the request";
        if (HeaderRules.Has(mapping.Known, HeaderRule.IgnoredTarget)) return "ignored: this header is not for mappings";
        return dropped.Contains(mapping.Name.ToString()) ? "left out: the value has a byte that no header may have" : "set";
    }
}
