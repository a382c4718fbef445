namespace EdgeProxy.Settings;

/// <summary>The node log and the access log.</summary>
/// <param name="Level"><c>error</c>, <c>warn</c>, <c>info</c> or <c>debug</c>.</param>
/// <param name="AccessPath"><c>stdout</c>, <c>off</c>, or a full path.</param>
/// <param name="AccessQueue">Bytes that may wait to be written.</param>
internal sealed record LogSettings(string Level, string AccessPath, int AccessQueue)
{
    /// <summary>Whether no access log is written.</summary>
    public bool AccessIsOff => AccessPath == "off";

    /// <summary>Whether access lines go to standard output.</summary>
    public bool AccessIsStdout => AccessPath == "stdout";
}
