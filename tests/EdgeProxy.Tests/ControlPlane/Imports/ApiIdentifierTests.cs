using EdgeProxy.ControlPlane.Imports;

namespace EdgeProxy.Tests.ControlPlane.Imports;

public sealed class ApiIdentifierTests
{
    [Fact]
    public void Derives_ten_letters_and_digits_that_stay_whatever_the_folder()
    {
        string id = ApiIdentifier.Derive("Pets", "/etc/edgeproxy/pets.yaml");
        Assert.True(ApiIdentifier.IsValid(id));
        Assert.Equal(id, ApiIdentifier.Derive("Pets", "pets.yaml"));
    }

    [Fact]
    public void Tells_titles_and_files_apart() =>
        Assert.Equal(3, new HashSet<string> { ApiIdentifier.Derive("a", "b"), ApiIdentifier.Derive("a", "c"), ApiIdentifier.Derive("c", "b") }.Count);

    [Theory]
    [InlineData("abc")]
    [InlineData("ABCDEFGHIJ")]
    [InlineData("abcdefghi-")]
    [InlineData("abcdefghijk")]
    public void Refuses_other_forms(string id) => Assert.False(ApiIdentifier.IsValid(id));
}
