using System.Globalization;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Hosts;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Writes down what each phase of a walk decided, and why.</summary>
/// <remarks>
/// Decisions are the walk's own. Reasons are worked out behind it, with the functions that the phase itself used: so a phase pays one test for
/// being watched, and whatever it does is told.
/// </remarks>
internal sealed class ExplanationRecorder(ExplanationNotes notes) : IWalkObserver
{
    private readonly List<ExplainedPhase> _phases = [];
    private readonly List<string> _dropped = [];
    private readonly TemplateSteps _steps = new(notes);
    private AnswerChoice? _choice;
    private bool _isSealed;
    private MappingValues _values = MappingValues.None;
    private TemplateResult _template;
    private HostRule _hostRule;

    public IReadOnlyList<ExplainedPhase> Phases => _phases;

    /// <summary>What the integration would be sent; null when nothing would.</summary>
    public ExplainedMessage? Integration { get; private set; }

    /// <summary>What the client would get.</summary>
    public ExplainedMessage? Response { get; private set; }

    /// <summary>Whether the walk came to the integration and no answer of it was given: what ran after that means nothing.</summary>
    public bool IsAtIntegration { get; private set; }

    /// <summary>Ends the writing: the walk is given up, and what it does from now on means nothing.</summary>
    public void Seal() => _isSealed = true;

    public void OnHostRule(RequestContext request, HostRule rule) => _hostRule = rule;

    public void OnHeaderDropped(RequestContext request, ReadOnlySpan<byte> name)
    {
        if (!IsAtIntegration) _dropped.Add(ExplanationNotes.Plain(name));
    }

    public ITemplateObserver? OnTemplate(RequestContext request, BodyTemplate template) => IsAtIntegration ? null : _steps;

    public void OnTemplateEnded(RequestContext request, BodyTemplate template, in TemplateResult result) => _template = result;

    public void OnPhase(RequestContext request, WalkPhase phase, Verdict verdict, long now)
    {
        if (IsAtIntegration || _isSealed) return;
        IsAtIntegration = phase == WalkPhase.Integrate && verdict.IsFault && WasSentForNothing(request);
        ExplainedOutcome outcome = IsAtIntegration ? ExplainedOutcome.Call
            : verdict.IsFault ? ExplainedOutcome.Fault
            : verdict.Ends ? ExplainedOutcome.Answer
            : ExplainedOutcome.Continue;
        bool failed = outcome == ExplainedOutcome.Fault;
        var told = new ExplainedPhase(phase.ToString(), outcome, failed ? ExplanationNotes.Plain(FaultNames.NameOf(verdict.Fault)) : null);
        _phases.Add(told);
        switch (phase)
        {
            case WalkPhase.CheckTarget:
                TellTarget.Run(request, verdict, told, notes);
                break;
            case WalkPhase.SelectHost:
                TellHost.Run(request, verdict, _hostRule, told, notes);
                break;
            case WalkPhase.SelectRoute:
                TellRoute.Run(request, verdict, told, notes);
                break;
            case WalkPhase.CheckApiKey:
                TellApiKey.Run(request, told, notes);
                break;
            case WalkPhase.Throttle:
                TellThrottle.Run(request, told, notes);
                break;
            case WalkPhase.ValidateParameters:
                TellValidation.Parameters(request, told, notes);
                break;
            case WalkPhase.ReceiveBody:
                TellValidation.Body(request, told, notes);
                if (verdict.IsFault) TellCodings.Refused(request, verdict, told);
                break;
            case WalkPhase.DecodeBody:
                TellCodings.Decoded(request, verdict, told, notes);
                break;
            case WalkPhase.ValidateBody:
                TellValidation.BodyModel(request, told, notes);
                _values = MappingValues.Read(request, request.Route!.Integration.RequestParameters);
                break;
            case WalkPhase.LookUpCache:
                TellCache.LookedUp(request, told, notes);
                break;
            case WalkPhase.TakeSlot:
                TellSlot.Run(request, told, notes);
                break;
            case WalkPhase.MapRequest:
                TellRequest.Run(request, verdict, told, notes, _values, _dropped);
                break;
            case WalkPhase.Integrate:
                TellIntegration.Run(request, verdict, told, notes);
                Integration = TellIntegration.MessageOrNull(request, notes);
                break;
            case WalkPhase.ReceiveAnswer:
                TellAnswer.Received(request, told, notes);
                _choice = AnswerChoice.OfOrNull(request);
                _values = MappingValues.Read(request, _choice?.Chosen?.Parameters ?? []);
                break;
            case WalkPhase.MapResponse:
                TellAnswer.Mapped(request, verdict, told, notes, _choice, _values, _dropped);
                break;
            case WalkPhase.ValidateResponse:
                TellValidation.Response(request, told, notes);
                break;
            case WalkPhase.StoreAnswer:
                if (!verdict.IsFault) TellCache.Stored(request, told);
                break;
            case WalkPhase.EncodeAnswer:
                TellCodings.Encoded(request, told, notes);
                break;
            case WalkPhase.Respond:
                TellResponse.Run(request, told, notes, _dropped);
                Response = TellResponse.MessageOrNull(request, notes);
                break;
        }

        if (_template is { IsOk: false }) told.Add("templateFault", string.Create(CultureInfo.InvariantCulture, $"line {_template.Line}, column {_template.Column}: {_template.Message}"));
        if (_template is { HasCutLoop: true }) told.Add("templateLoop", "a loop ended at templates.iterations, before its list did");
        _template = default;
        _steps.MoveTo(told);
        _dropped.Clear();
    }

    private static bool WasSentForNothing(RequestContext request) =>
        request.Call is StandInCall { WasSent: true, IsAnswered: false } || request.Function is StandInFunctionCall { WasSent: true, IsAnswered: false };
}
