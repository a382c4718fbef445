using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Json;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Chooses the integration response for what a function gave back, and makes the client's response by it (rest-api.md 5.7, 5.9).</summary>
internal static class SelectByMessage
{
    private const int DeepestRead = 512;
    private const int MostRead = 64 * 1024;

    public static Verdict Run(RequestContext request, LambdaPlan plan)
    {
        if (Choose(request, plan.Responses) is not { } chosen) return Verdict.Of(FaultKind.NoResponseMatch);
        if (!chosen.IsDeclared) return Verdict.Of(FaultKind.ResponseNotDeclared);
        return MapResponse.Answer(request, chosen, HeaderRule.Remapped | HeaderRule.RemappedFromMapping, isTraced: true);
    }

    /// <summary>The response for what the function gave back, as it stands in <see cref="RequestContext.HeldAnswer"/>.</summary>
    internal static ResponsePlan? Choose(RequestContext request, MessageSelection responses)
    {
        LambdaScratch scratch = request.Services.Lambda;
        ReadOnlySpan<byte> result = request.HeldAnswer.Span;
        ReadOnlySpan<byte> raw = FindMessage(result, scratch.Tape, out bool isEscaped);
        ResponsePlan? chosen;
        if (!isEscaped)
        {
            chosen = responses.Choose(raw, scratch.Patterns);
        }
        else
        {
            LoopBuffers buffers = request.Exchange.Loop.Buffers;
            byte[] plain = buffers.Rent(raw.Length);
            chosen = responses.Choose(plain.AsSpan(0, JsonText.Unescape(raw, plain)), scratch.Patterns);
            buffers.Return(plain);
        }

        scratch.Tape.Release();
        return chosen;
    }

    /// <summary>The <c>errorMessage</c> of a result that is an object; empty for any other. Of several the last counts.</summary>
    /// <param name="result">The result, of any bytes.</param>
    /// <param name="tape">For reading it.</param>
    /// <param name="isEscaped">Whether the message has escapes in it.</param>
    internal static ReadOnlySpan<byte> FindMessage(ReadOnlySpan<byte> result, JsonTape tape, out bool isEscaped)
    {
        isEscaped = false;

        // Nearly all results have none, and need not be taken apart to see that. The runtimes spell the name without escapes.
        if (result.IndexOf("\"errorMessage\""u8) < 0 || JsonReader.ReadUtf8(tape, result, new JsonLimits(DeepestRead, MostRead)) != JsonFault.None) return default;
        JsonView view = tape.View(result);
        if (view.Nodes[0].Kind != JsonKind.Object) return default;
        int found = -1;
        for (int name = 1; name < view.Nodes[0].Next; name = view.After(name + 1))
        {
            if (view.Raw(name).SequenceEqual("errorMessage"u8)) found = name + 1;
        }

        if (found < 0 || view.Nodes[found].Kind != JsonKind.String) return default;
        isEscaped = view.Nodes[found].IsEscaped;
        return view.Raw(found);
    }
}
