using System.Globalization;
using System.Text;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Which integration response an answer leads to, worked out before the answer is replaced by what it is mapped to.</summary>
/// <param name="All">The responses in the order stored.</param>
/// <param name="Chosen">The one that is taken; null for none.</param>
/// <param name="Subject">What patterns are held against: a status, or a function's error message.</param>
/// <param name="IsMessage">Whether it is the latter.</param>
internal sealed record AnswerChoice(IReadOnlyList<ResponsePlan> All, ResponsePlan? Chosen, string Subject, bool IsMessage)
{
    /// <summary>The choice; null for proxy types, which have none.</summary>
    public static AnswerChoice? OfOrNull(RequestContext request)
    {
        IntegrationPlan plan = request.Route!.Integration;
        if (plan.ResponsesOrNull is { } responses)
        {
            return new AnswerChoice(responses.All, responses.Choose(request.IntegrationStatus), request.IntegrationStatus.ToString(CultureInfo.InvariantCulture), IsMessage: false);
        }

        if (plan is not LambdaPlan lambda) return null;
        JsonTape tape = request.Services.Lambda.Tape;
        ReadOnlySpan<byte> message = SelectByMessage.FindMessage(request.HeldAnswer.Span, tape, out bool isEscaped);
        if (isEscaped)
        {
            Span<byte> plain = new byte[message.Length];
            message = plain[..JsonText.Unescape(message, plain)];
        }

        string text = Encoding.UTF8.GetString(message);
        tape.Release();
        return new AnswerChoice(lambda.Responses.All, SelectByMessage.Choose(request, lambda.Responses), text, IsMessage: true);
    }
}
