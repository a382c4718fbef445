using System.Buffers.Binary;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class KeyedHashTests
{
    // Of the authors' test vectors (vectors.h, vectors_sip128): the secret is 00 to 0f, the text 00, 01, ... up to its length.
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    [InlineData(2, "8177228da4a45dc7fca38bdef60affe4")]
    public void Comes_to_what_its_authors_say(int length, string expected)
    {
        byte[] secret = new byte[16];
        byte[] text = new byte[length];
        for (int i = 0; i < secret.Length; i++) secret[i] = (byte)i;
        for (int i = 0; i < text.Length; i++) text[i] = (byte)i;
        (ulong low, ulong high) = new KeyedHash(secret).Of(text);
        byte[] digest = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(digest, low);
        BinaryPrimitives.WriteUInt64LittleEndian(digest.AsSpan(8), high);
        Assert.Equal(expected, Convert.ToHexStringLower(digest));
    }

    [Fact]
    public void Depends_on_each_byte_and_on_the_length()
    {
        KeyedHash hash = KeyedHash.Create();
        var seen = new HashSet<(ulong, ulong)>();
        for (int length = 0; length < 40; length++)
        {
            byte[] text = new byte[length];
            Assert.True(seen.Add(hash.Of(text)));
            for (int i = 0; i < length; i++)
            {
                text[i] = 1;
                Assert.True(seen.Add(hash.Of(text)));
                text[i] = 0;
            }
        }
    }

    [Fact]
    public void Has_a_secret_of_its_own()
    {
        Assert.NotEqual(KeyedHash.Create().Of("a key"u8), KeyedHash.Create().Of("a key"u8));
    }
}
