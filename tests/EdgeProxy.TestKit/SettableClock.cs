namespace EdgeProxy.TestKit;

/// <summary>A wall clock that stands still until it is set.</summary>
public sealed class SettableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 7, 54, 13, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
