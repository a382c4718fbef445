using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>Tells what came of checking path and query.</summary>
internal static class TellTarget
{
    public static void Run(RequestContext request, Verdict verdict, ExplainedPhase told, ExplanationNotes notes)
    {
        RequestHead head = request.Exchange.Request;
        told.Add("path", notes.Text(head.Path));
        switch (verdict.Fault)
        {
            case FaultKind.BadPath:
                ViolationCode code = PathRules.Check(head.Path, request.Settings.DotSegments, out _);
                told.Add("why", code == ViolationCode.DotSegment
                    ? "the path has a segment . or .. (paths.dotSegments: reject)"
                    : $"the path has bytes that no path may have ({ExplanationNotes.Plain(ViolationAnswers.LabelOf(code))}): NUL, a backslash, a bad percent sign or overlong UTF-8");
                break;
            case FaultKind.BadQuery:
                told.Add("why", "the query has one of | { } as it is; these have to be percent-encoded");
                break;
        }
    }
}
