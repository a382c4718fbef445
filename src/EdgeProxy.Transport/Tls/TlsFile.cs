using EdgeProxy.Core.Text;

namespace EdgeProxy.Transport.Tls;

/// <summary>Reads the files of certificates, keys and trust stores; what is wrong is a problem, never an exception.</summary>
internal static class TlsFile
{
    public static byte[]? ReadOrNull(string path, int largest, List<TlsProblem> problems)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > largest)
            {
                problems.Add(new TlsProblem(TlsProblemCode.UnreadableFile, false, $"{path} is larger than {largest} bytes."));
                return null;
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(new TlsProblem(TlsProblemCode.UnreadableFile, false, $"{path} cannot be read: {FileFailure.ReasonOf(exception)}."));
            return null;
        }
    }
}
