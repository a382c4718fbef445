namespace EdgeProxy.Load.Vocabulary;

/// <summary>How one run of a scenario, or one step of it, ended.</summary>
internal interface IResponse
{
    /// <summary>Whether it counts as failed.</summary>
    bool IsError { get; }

    /// <summary>By which answers are told apart in the statistics, mostly the status of HTTP; empty for none.</summary>
    string StatusCode { get; }

    /// <summary>Bytes of content received.</summary>
    long SizeBytes { get; }

    /// <summary>Says more about a failure; empty for nothing.</summary>
    string Message { get; }
}
