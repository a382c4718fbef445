using System.Text;

namespace EdgeProxy.Load.Driving;

/// <summary>A request as bytes, ready to be sent as often as wanted.</summary>
internal sealed class LoadRequest
{
    private LoadRequest(byte[] bytes) => Bytes = bytes;

    /// <summary>As it goes over the wire.</summary>
    public byte[] Bytes { get; }

    /// <param name="method">GET, say; not HEAD, whose answers end where no other does.</param>
    /// <param name="url">The whole URL.</param>
    /// <param name="fields">Header fields, <c>Name: value</c>.</param>
    /// <param name="body">Content; empty for none.</param>
    public static LoadRequest Create(string method, string url, IReadOnlyList<string> fields, string body = "") =>
        new(Runs.RequestBytes.Write(method, new Uri(url), fields, Encoding.UTF8.GetBytes(body)));
}
