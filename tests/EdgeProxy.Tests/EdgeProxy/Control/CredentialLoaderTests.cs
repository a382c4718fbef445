using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Control;

public sealed class CredentialLoaderTests : IDisposable
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG";

    private readonly Workspace _work = new();
    private readonly ProblemList _problems = new();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _work.Dispose();

    [Fact]
    public void The_environment_comes_before_the_shared_file()
    {
        _environment["HOME"] = _work.Folder;
        _work.Write(".aws/credentials", $"[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = {Secret}\n[edge]\naws_access_key_id = AKIDEDGE\naws_secret_access_key = {Secret}\naws_session_token = token\n");
        Assert.Equal(new AwsCredentials("AKIDFILE", Secret), Load(CredentialSource.Automatic));
        _environment["AWS_PROFILE"] = "edge";
        Assert.Equal(new AwsCredentials("AKIDEDGE", Secret, "token"), Load(CredentialSource.Automatic));
        _environment["AWS_ACCESS_KEY_ID"] = "AKIDENV";
        _environment["AWS_SECRET_ACCESS_KEY"] = Secret;
        Assert.Equal(new AwsCredentials("AKIDENV", Secret), Load(CredentialSource.Automatic));
        Assert.Equal(new AwsCredentials("AKIDEDGE", Secret, "token"), Load(CredentialSource.File));
        _environment["AWS_SESSION_TOKEN"] = "t";
        Assert.Equal(new AwsCredentials("AKIDENV", Secret, "t"), Load(CredentialSource.Environment));
        Assert.Empty(_problems);
    }

    [Fact]
    public void A_named_file_and_the_file_of_the_environment_are_read()
    {
        string file = _work.Write("keys", $"[a]\naws_access_key_id = AKIDA\naws_secret_access_key = {Secret}\n");
        Assert.Equal("AKIDA", Load(CredentialSource.File, file, "a")?.AccessKeyId);
        _environment["AWS_SHARED_CREDENTIALS_FILE"] = file;
        Assert.Equal("AKIDA", Load(CredentialSource.File, profile: "a")?.AccessKeyId);
        Assert.Equal(file, CredentialLoader.FileOf(Settings(CredentialSource.Automatic), _environment));
        Assert.Null(CredentialLoader.FileOf(Settings(CredentialSource.Environment), _environment));
    }

    [Fact]
    public void Variables_of_other_names_are_read()
    {
        _environment["MY_ID"] = "AKIDMINE";
        _environment["MY_SECRET"] = Secret;
        _environment["MY_TOKEN"] = "t";
        var settings = new CredentialSettings(CredentialSource.Variables, null, null, "MY_ID", "MY_SECRET", "MY_TOKEN", null);
        Assert.Equal(new AwsCredentials("AKIDMINE", Secret, "t"), CredentialLoader.LoadOrNull(settings, "F", _environment, _problems));
    }

    [Fact]
    public void What_is_found_nowhere_is_a_warning_and_what_was_named_and_is_not_there_an_error()
    {
        _environment["HOME"] = _work.Folder;
        Assert.Null(Load(CredentialSource.Automatic));
        Assert.Equal(ProblemSeverity.Warning, Assert.Single(_problems).Severity);
        Assert.Contains("so that its calls fail", _problems.First().Message, StringComparison.Ordinal);
        Assert.Null(Load(CredentialSource.Environment));
        Assert.Null(Load(CredentialSource.File, Path.Combine(_work.Folder, "none")));
        string file = _work.Write("keys", $"[a]\naws_access_key_id = AKIDA\naws_secret_access_key = {Secret}\n");
        Assert.Null(Load(CredentialSource.File, file, "b"));
        Assert.Null(Load(CredentialSource.File, _work.Folder));
        string[] errors = [.. _problems.Where(static problem => problem.Severity == ProblemSeverity.Error).Select(static problem => problem.Message)];
        Assert.Equal(4, errors.Length);
        Assert.Contains("the environment variable AWS_ACCESS_KEY_ID is not set", errors[0], StringComparison.Ordinal);
        Assert.Contains("does not exist", errors[1], StringComparison.Ordinal);
        Assert.Contains("has no profile \"b\"", errors[2], StringComparison.Ordinal);
        Assert.Contains("does not exist", errors[3], StringComparison.Ordinal);
        Assert.DoesNotContain(errors, static error => error.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AKID X", "tok3n")]
    [InlineData("AKID", "tok3n\r\nX-Evil: 1")]
    public void What_no_field_may_hold_is_refused_and_not_repeated(string keyId, string token)
    {
        _environment["AWS_ACCESS_KEY_ID"] = keyId;
        _environment["AWS_SECRET_ACCESS_KEY"] = Secret;
        _environment["AWS_SESSION_TOKEN"] = token;
        Assert.Null(Load(CredentialSource.Environment));
        string message = Assert.Single(_problems).Message;
        Assert.DoesNotContain("tok3n", message, StringComparison.Ordinal);
        Assert.Contains("are no credentials", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_signs_where_the_settings_say_so() => Assert.Null(Load(CredentialSource.None));

    private static CredentialSettings Settings(CredentialSource source, string? file = null, string? profile = null) => new(source, file, profile, null, null, null, null);

    private AwsCredentials? Load(CredentialSource source, string? file = null, string? profile = null) =>
        CredentialLoader.LoadOrNull(Settings(source, file, profile), "The function f", _environment, _problems);
}
