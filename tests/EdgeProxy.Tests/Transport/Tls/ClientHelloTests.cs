using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>The first message of a handshake, in as many pieces and as wrong as it may come.</summary>
public sealed class ClientHelloTests
{
    private static readonly byte[] s_hello = Hello(Names("Api.Example.COM."));

    [Fact]
    public void Gives_the_name_in_lower_case_without_its_last_dot() =>
        Assert.Equal(new ClientHello(ClientHelloStatus.Complete, "api.example.com"), Read(Record(s_hello)));

    [Fact]
    public void Is_incomplete_at_every_cut_and_says_the_same_in_the_end()
    {
        byte[] records = Record(s_hello);
        for (int i = 0; i < records.Length; i++) Assert.Equal(ClientHelloStatus.Incomplete, Read(records[..i]).Status);
        Assert.Equal("api.example.com", Read([.. records, .. records]).ServerName);
    }

    [Fact]
    public void May_lie_in_several_records_however_they_are_cut()
    {
        for (int i = 1; i < s_hello.Length; i++) Assert.Equal("api.example.com", Read([.. Record(s_hello[..i]), .. Record(s_hello[i..])]).ServerName);
        Assert.Equal("api.example.com", Read([.. s_hello.SelectMany(value => Record([value]))]).ServerName);
    }

    [Fact]
    public void Names_nobody_without_the_extension_or_without_any()
    {
        Assert.Equal(new ClientHello(ClientHelloStatus.Complete, null), Read(Record(Hello([]))));
        Assert.Equal(new ClientHello(ClientHelloStatus.Complete, null), Read(Record(Hello(null))));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\u0016\u0004\u0001\0\u0005abcde")]
    [InlineData("\u0016\u0003\u0001\0\0")]
    [InlineData("\u0080\u002e\u0001\u0003\u0001")]
    public void Other_bytes_are_no_tls(string bytes) => Assert.Equal(ClientHelloStatus.NotTls, Read(Encoding.Latin1.GetBytes(bytes)).Status);

    [Fact]
    public void Another_message_is_a_violation()
    {
        byte[] finished = [.. s_hello];
        finished[0] = 20;
        Assert.Equal(ClientHelloStatus.Violation, Read(Record(finished)).Status);
    }

    [Fact]
    public void More_than_its_limit_is_refused_as_soon_as_it_is_announced()
    {
        byte[] announced = [1, 0, 0x40, 0, 3, 3];
        Assert.Equal(ClientHelloStatus.TooLarge, Read(Record(announced)).Status);
        byte[] headers = [.. Enumerable.Repeat(Record([1, 0, 0x3F, 0]), 2000).SelectMany(record => record)];
        Assert.Equal(ClientHelloStatus.TooLarge, Read(headers[..ClientHello.MaximumLength]).Status);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("caf\u00e9")]
    [InlineData(".")]
    [InlineData("")]
    public void A_name_that_is_none_is_a_violation(string name) => Assert.Equal(ClientHelloStatus.Violation, Read(Record(Hello(Names(name)))).Status);

    [Fact]
    public void Two_names_are_a_violation()
    {
        Assert.Equal(ClientHelloStatus.Violation, Read(Record(Hello(Names("a.example.com", "b.example.com")))).Status);
        Assert.Equal(ClientHelloStatus.Violation, Read(Record(Hello([.. Names("a.example.com"), .. Names("b.example.com")]))).Status);
    }

    [Fact]
    public void Every_wrong_length_is_told_and_nothing_is_read_beyond_the_message()
    {
        for (int i = 4; i < s_hello.Length; i++)
        {
            byte[] changed = [.. s_hello];
            changed[i] ^= 0xFF;
            ClientHello read = Read(Record(changed));
            Assert.True(read.Status is ClientHelloStatus.Complete or ClientHelloStatus.Violation, $"{i}: {read.Status}");
        }
    }

    private static ClientHello Read(ReadOnlySpan<byte> records) => ClientHello.Read(records, new byte[records.Length + 16]);

    private static byte[] Record(ReadOnlySpan<byte> content) => [22, 3, 1, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Hello(byte[]? extensions)
    {
        List<byte> body = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 0x01, 1, 0];
        if (extensions is not null)
        {
            byte[] other = [0, 43, 0, 3, 2, 3, 4];
            body.AddRange(Short(extensions.Length + other.Length));
            body.AddRange(other);
            body.AddRange(extensions);
        }

        return [1, 0, .. Short(body.Count), .. body];
    }

    private static byte[] Names(params string[] names)
    {
        byte[] list = [.. names.SelectMany(name => new byte[] { 0 }.Concat(Short(name.Length)).Concat(Encoding.Latin1.GetBytes(name)))];
        return [0, 0, .. Short(list.Length + 2), .. Short(list.Length), .. list];
    }

    private static byte[] Short(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
