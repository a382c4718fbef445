namespace EdgeProxy.Core.Concurrency;

/// <summary>Whoever a <see cref="LoopMessage"/> is for. Called on the loop's thread.</summary>
public interface ILoopRecipient
{
    void Receive(in LoopMessage message);
}
