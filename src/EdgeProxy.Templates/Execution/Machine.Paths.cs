using EdgeProxy.Templates.Json;
using EdgeProxy.Templates.JsonPath;

namespace EdgeProxy.Templates.Execution;

/// <content>A path without a template around it.</content>
internal sealed partial class Machine
{
    /// <summary>Writes what a path leads to in a document; the limits of a run hold.</summary>
    public TemplateFault Find(JsonPathQuery path, ReadOnlyMemory<byte> document, TemplateOutput output)
    {
        Output = output;
        Output.Limit = Limits.Output;
        Body = Memory.Reset([], document);
        LastElement = (-1, 0, 0);
        _steps = Limits.Steps;
        _outerText = -1;
        _fault = TemplateFault.None;
        if (!TryStepsFor(Body.Length)) return _fault;
        if (!JsonReader.TryRead(Memory, Body, out int root))
        {
            // What is too much is given up like what is wrong.
            Checked(0);
            return HasFault ? _fault : TemplateFault.InvalidJson;
        }

        Value found = Memory.Resolve(path.Evaluate(this, Memory.ValueOf(root)));
        if (found.Kind is ValueKind.JsonObject or ValueKind.JsonArray or ValueKind.Map or ValueKind.List) Writing.WriteJson(found, this, output);
        else Writing.Write(found, this, output);
        Checked(0);
        return _fault;
    }
}
