using EdgeProxy.Gateway.Hosts;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway;

/// <summary>Watches a walk: explanations, test invocations, execution logs and traces. On the loop; must not keep what it is given, and must change nothing.</summary>
internal interface IWalkObserver
{
    /// <summary>A phase has run.</summary>
    /// <param name="request">The request as the phase left it.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="verdict">What it decided.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    void OnPhase(RequestContext request, WalkPhase phase, Verdict verdict, long now);

    /// <summary>Host selection goes by a rule; what comes of it is the phase's verdict.</summary>
    void OnHostRule(RequestContext request, HostRule rule)
    {
    }

    /// <summary>A mapped header was left out because its value has a byte that no field value may have (security.md 15.3).</summary>
    void OnHeaderDropped(RequestContext request, ReadOnlySpan<byte> name);

    /// <summary>A mapping to a header that no mapping may have fails the request (rest-api.md 4.2).</summary>
    void OnHeaderForbidden(RequestContext request, ReadOnlySpan<byte> name)
    {
    }

    /// <summary>Whether the integration's body is to be held whole for it, also where no phase looks into it and it goes no further.</summary>
    bool WantsAnswer => false;

    /// <summary>A template is about to be run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="template">Which: a request template before the integration has answered, a response template afterwards.</param>
    /// <returns>Who is told of its steps; null for nobody.</returns>
    ITemplateObserver? OnTemplate(RequestContext request, BodyTemplate template) => null;

    /// <summary>A template has run, to its end or to a fault.</summary>
    void OnTemplateEnded(RequestContext request, BodyTemplate template, in TemplateResult result)
    {
    }
}
