namespace EdgeProxy.Load.Vocabulary;

/// <summary>What a report is written as.</summary>
internal enum ReportFormat
{
    /// <summary>Text, as on the terminal.</summary>
    Txt,

    /// <summary>One page with charts that needs nothing else.</summary>
    Html,

    /// <summary>A line for each scenario and step, and a file with a line for each second.</summary>
    Csv,

    /// <summary>All of it, for programs.</summary>
    Json,
}
