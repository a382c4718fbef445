using static EdgeProxy.Lambda.Runtime.RuntimeEvent;
using static EdgeProxy.Lambda.Runtime.RuntimeState;
using static EdgeProxy.Lambda.Runtime.RuntimeVerdict;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>The life of a runtime process as the Runtime API sees it (specification lambda.md 3.4).</summary>
/// <remarks><code>
///   Started --next--> Ready --given--> Running --response--> InvocationResponse -------taken--> ResponseSent --next--> Ready
///      |                                  \------error-----> InvocationErrorResponse --taken--/     \--follows--> Running
///      \--init/error--> InitError
/// </code></remarks>
internal static class RuntimeLife
{
    public static RuntimeMove Next(RuntimeState state, RuntimeEvent happened) => (state, happened) switch
    {
        (Started or Ready or ResponseSent, RuntimeEvent.Next) => new(Allowed, Ready),
        (Running, RuntimeEvent.Next) => new(SameEvent, Running),
        (Ready, Given) or (ResponseSent, Follows) => new(Allowed, Running),
        (Running, Response) => new(Allowed, InvocationResponse),
        (Running, Error) => new(Allowed, InvocationErrorResponse),
        (InvocationResponse or InvocationErrorResponse, Taken) => new(Allowed, ResponseSent),
        (Started, RuntimeEvent.InitError) => new(Allowed, RuntimeState.InitError),

        // The id is looked at before the state, and here no id can be right.
        (Started or Ready or RuntimeState.InitError, Response or Error) => new(NoInvocation, state),
        _ => new(Forbidden, state),
    };

    /// <summary>The state that a call leads to where it is allowed, by the name that a refusal gives it.</summary>
    public static ReadOnlySpan<byte> TargetOf(RuntimeEvent happened) => happened switch
    {
        RuntimeEvent.Next => "Ready"u8,
        Response => "InvocationResponse"u8,
        Error => "InvocationErrorResponse"u8,
        RuntimeEvent.InitError => "InitError"u8,
        Given or Follows => "Running"u8,
        _ => "ResponseSent"u8,
    };

    /// <summary>The name of a state in refusals.</summary>
    public static ReadOnlySpan<byte> NameOf(RuntimeState state) => state switch
    {
        Started => "Started"u8,
        Ready => "Ready"u8,
        Running => "Running"u8,
        InvocationResponse => "InvocationResponse"u8,
        InvocationErrorResponse => "InvocationErrorResponse"u8,
        ResponseSent => "ResponseSent"u8,
        _ => "InitError"u8,
    };
}
