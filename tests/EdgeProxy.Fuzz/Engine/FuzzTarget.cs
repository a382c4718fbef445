namespace EdgeProxy.Fuzz.Engine;

/// <summary>One parser and the promises it makes about any input.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Its name on the command line; also the folder below <c>Targets</c> that holds its corpus.</summary>
    public abstract string Name { get; }

    /// <summary>Words of the format, as Latin-1 text: mutations insert them whole, because chance does not spell.</summary>
    public abstract IReadOnlyList<string> Tokens { get; }

    /// <summary>Inputs are cut here.</summary>
    public virtual int LongestInput => 4096;

    /// <summary>The most bytes of memory one run may ask for, the target's own needs included.</summary>
    public virtual long MostAllocated => 1 << 20;

    /// <summary>Runs one input and says what kind of result it had.</summary>
    /// <exception cref="Exception">Anything thrown is a finding.</exception>
    public abstract ulong Run(byte[] input);
}
