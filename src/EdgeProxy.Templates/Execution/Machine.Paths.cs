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
        Output.Run = this;
        Body = Memory.Reset([], document);
        LastElement = (-1, 0, 0);
        _steps = Limits.Steps;
        _outerText = -1;
        _fault = TemplateFault.None;
        Write(path);
        Output.Run = null;
        return _fault;
    }

    private void Write(JsonPathQuery path)
    {
        if (!TryStepsFor(Body.Length)) return;
        if (!TemplateJson.TryRead(Memory, Body, out int root))
        {
            // What is too much is given up like what is wrong; the first fault counts.
            Fail(TemplateFault.InvalidJson);
            return;
        }

        Value found = Memory.Resolve(path.Evaluate(this, Memory.ValueOf(root)));
        if (found.Kind is ValueKind.JsonObject or ValueKind.JsonArray or ValueKind.Map or ValueKind.List) Writing.WriteJson(found, this, Output);
        else Writing.Write(found, this, Output);
    }
}
