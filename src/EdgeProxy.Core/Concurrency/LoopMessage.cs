namespace EdgeProxy.Core.Concurrency;

/// <summary>What one thread asks of a loop: a verb the target understands, with two operands.</summary>
public readonly record struct LoopMessage(ILoopRecipient Recipient, int Verb, object? Operand, long Number);
