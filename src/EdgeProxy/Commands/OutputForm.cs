namespace EdgeProxy.Commands;

/// <summary>Who reads the output of a command.</summary>
internal enum OutputForm
{
    Text,
    Json,
}
