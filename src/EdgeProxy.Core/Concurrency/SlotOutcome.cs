namespace EdgeProxy.Core.Concurrency;

/// <summary>How <see cref="ConcurrencyLimit.EnterAsync"/> came out.</summary>
public enum SlotOutcome : byte
{
    /// <summary>A slot is taken; <see cref="ConcurrencyLimit.Leave"/> has to follow.</summary>
    Entered,

    /// <summary>As many wait already as may.</summary>
    QueueFull,

    /// <summary>None became free in time.</summary>
    TimedOut,

    /// <summary>The wait was given up.</summary>
    Aborted,
}
