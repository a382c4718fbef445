namespace EdgeProxy.Http.Messages;

/// <summary>How far a request was from unmistakable (specification security.md 16); what is refused never gets one.</summary>
public enum DesyncTier : byte
{
    Compliant,

    /// <summary>Against the letter, yet read the same way by everyone.</summary>
    Acceptable,

    /// <summary>Others may read it differently: neither its connection nor the upstream's may serve another request, unless only monitoring.</summary>
    Ambiguous,
}
