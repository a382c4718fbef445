namespace EdgeProxy.Fuzz.Engine;

/// <summary>Ends the process when one input takes far longer than any may: a loop that does not end cannot be caught otherwise.</summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>Thousands of times what an input takes, so that a busy machine is no finding.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Timer _timer;
    private readonly Action<byte[]> _onStuck;
    private byte[]? _input;
    private byte[]? _seen;

    public Watchdog(Action<byte[]> onStuck)
    {
        _onStuck = onStuck;
        _timer = new Timer(_ => Look(), null, Limit, Limit);
    }

    /// <summary>The input about to run; null between two.</summary>
    public void Watch(byte[]? input) => Volatile.Write(ref _input, input);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        byte[]? input = Volatile.Read(ref _input);
        if (input is not null && ReferenceEquals(input, _seen))
        {
            _onStuck(input);
            Environment.Exit(1);
        }

        _seen = input;
    }
}
