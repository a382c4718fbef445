using System.Buffers;
using System.Text;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

internal static class RegistryText
{
    /// <summary>The whole exposition as a string.</summary>
    public static string ToText(this MetricRegistry registry, ExpositionFormat format = ExpositionFormat.Text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        registry.Write(buffer, format);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer.WrittenSpan);
    }
}
