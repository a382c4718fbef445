namespace EdgeProxy.Load.Compare;

/// <summary>Load by a program that is no part of this repository, for what the load tool does not speak itself. The same for every contender of a row.</summary>
internal abstract record ForeignLoad(string Path)
{
    /// <summary>The program, found by the search path.</summary>
    public abstract string Program { get; }

    /// <summary>Whether it goes to the TLS listener or to that of HTTP/2 in plain text.</summary>
    public abstract bool IsTls { get; }

    /// <summary>How long a run can be that was asked to be this long: some programs count in whole seconds.</summary>
    public virtual double Seconds(double wanted) => wanted;

    /// <summary>Puts load on a server, from these processors.</summary>
    public abstract ForeignResult Run(ServerSetup server, double seconds, string processors);
}
