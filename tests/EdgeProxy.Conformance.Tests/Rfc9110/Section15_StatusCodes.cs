using System.Net;
using EdgeProxy.Conformance.Tests.Rfc9112;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

public sealed class Section15_StatusCodes
{
    [Fact]
    public void Every_status_line_written_is_read_back()
    {
        for (int status = 100; status < 600; status++)
        {
            var writer = new ByteWriter(new byte[128]);
            Http1Writer.WriteStatusLine(ref writer, status);
            Assert.Equal($"HTTP/1.1 {status} {Heads.Text(StatusText.Of(status))}\r\n", Heads.Text(writer.Written));
            Http1Writer.EndHead(ref writer);
            Assert.Equal(status, Heads.AcceptResponse(Heads.Text(writer.Written)).Status);
        }
    }

    [Fact]
    public void Every_status_the_platform_names_has_a_phrase()
    {
        foreach (HttpStatusCode status in Enum.GetValues<HttpStatusCode>())
        {
            if (status is HttpStatusCode.Unused or HttpStatusCode.NotExtended) continue;
            Assert.False(StatusText.Of((int)status).IsEmpty, status.ToString());
        }
    }

    [Fact]
    public void Violations_are_answered_with_client_errors_and_distinct_names()
    {
        foreach (ViolationCode code in Enum.GetValues<ViolationCode>())
        {
            int status = ViolationAnswers.StatusOf(code);
            Assert.True(code == ViolationCode.None ? status == 0 : status is (>= 400 and < 500) or 505);
            Assert.NotEqual("Unknown", Heads.Text(ViolationAnswers.LabelOf(code)));
        }

        Assert.Equal(414, ViolationAnswers.StatusOf(ViolationCode.UriTooLong));
        Assert.Equal(431, ViolationAnswers.StatusOf(ViolationCode.HeadTooLarge));
        Assert.Equal(431, ViolationAnswers.StatusOf(ViolationCode.TooManyHeaders));
        Assert.Equal(413, ViolationAnswers.StatusOf(ViolationCode.BodyTooLarge));
        Assert.Equal(400, ViolationAnswers.StatusOf(ViolationCode.BothTeClPresent));
    }
}
