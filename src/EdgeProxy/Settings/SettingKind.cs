namespace EdgeProxy.Settings;

/// <summary>What the value of a setting is, and so how its text is read.</summary>
internal enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>Letters, digits, <c>-</c> and <c>_</c>, at most 64 of them.</summary>
    Name,

    /// <summary>A file or directory; relative ones start at the settings file, or at the working directory on the command line.</summary>
    Path,

    /// <summary>Where to listen: <c>http://ADDRESS:PORT</c>.</summary>
    Url,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>Bytes: <c>10485760</c>, <c>10240KB</c>, <c>10MB</c>.</summary>
    Size,

    /// <summary>A time: <c>75s</c>, <c>29000ms</c>, <c>1m30s</c>.</summary>
    Duration,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>One of some words.</summary>
    Choice,

    /// <summary>Address ranges: a list, or one text with commas.</summary>
    Cidrs,

    /// <summary>Texts: a list, or one text with commas.</summary>
    Texts,

    /// <summary>Names with a text each.</summary>
    TextMap,

    /// <summary>From 0 to 100, fractions included.</summary>
    Percent,

    /// <summary>Requests a second, and how many at once: <c>100 burst 200</c>, or an object with <c>rate</c> and <c>burst</c>.</summary>
    Throttle,

    /// <summary>Requests at once, and how many more may wait for how long: <c>100 queue 50 wait 2s</c>, or an object with <c>max</c>, <c>queue</c> and <c>wait</c>.</summary>
    Concurrency,

    /// <summary>Methods of an API (<c>/pets/{id}/GET</c>) with an object of settings each.</summary>
    Methods,

    /// <summary>Stages of APIs: a list of objects with <c>api</c>, <c>stage</c> and <c>methods</c>, those with a throttle each.</summary>
    Stages,
}
