namespace EdgeProxy.Lambda.EventStream;

/// <summary>What a message is (<c>:message-type</c>).</summary>
public enum EventStreamKind : byte
{
    /// <summary>Something that is none of the others, or says nothing of itself: to be passed over.</summary>
    Other,

    /// <summary>An event; <c>:event-type</c> names it.</summary>
    Event,

    /// <summary>An error that the service's model knows; <c>:exception-type</c> names it, the payload is its document.</summary>
    Exception,

    /// <summary>An error that it does not know; <c>:error-code</c> names it.</summary>
    Error,
}
