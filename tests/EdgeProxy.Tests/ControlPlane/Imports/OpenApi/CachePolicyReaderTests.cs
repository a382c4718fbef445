using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

public sealed class CachePolicyReaderTests
{
    private const string All = "rfc9111: true, heuristicPercent: 10, staleWhileRevalidate: 20, staleIfError: 30, keepExpired: 40, honorRequests: false, coalesce: true, compressedVariants: true";

    [Fact]
    public void An_operation_without_one_has_none() => Assert.Null(Read());

    [Fact]
    public void Reads_every_member()
    {
        CachePolicyDefinition policy = Read(operation: All)!;
        Assert.Equal((true, 10, 20, 30, 40, false, true, true), (policy.Rfc9111, policy.HeuristicPercent, policy.StaleWhileRevalidate, policy.StaleIfError, policy.KeepExpired, policy.HonorRequests, policy.Coalesce, policy.CompressedVariants));
        CachePolicyDefinition empty = Read(operation: "")!;
        Assert.Equal(new CachePolicyDefinition { Origin = empty.Origin }, empty);
    }

    [Fact]
    public void An_operation_says_more_than_its_api_and_takes_the_rest_from_it()
    {
        CachePolicyDefinition policy = Read(root: All, operation: "staleIfError: 1, coalesce: false")!;
        Assert.Equal((true, 20, 1, false, true), (policy.Rfc9111, policy.StaleWhileRevalidate, policy.StaleIfError, policy.Coalesce, policy.CompressedVariants));
        Assert.Equal(30, Read(root: All)!.StaleIfError);
    }

    [Theory]
    [InlineData("rfc911: true", ProblemCode.UnknownKey)]
    [InlineData("rfc9111: perhaps", ProblemCode.WrongType)]
    [InlineData("coalesce: 1", ProblemCode.WrongType)]
    [InlineData("rfc9111: true, heuristicPercent: 101", ProblemCode.OutOfRange)]
    [InlineData("rfc9111: true, staleIfError: -1", ProblemCode.OutOfRange)]
    [InlineData("rfc9111: true, staleIfError: 1m", ProblemCode.WrongType)]
    [InlineData("staleIfError: 10", ProblemCode.NotAllowed)]
    [InlineData("rfc9111: false, honorRequests: true", ProblemCode.NotAllowed)]
    public void Reports_what_it_does_not_understand(string members, ProblemCode code)
    {
        Assert.Equal(code, Assert.Single(Documents.Check(Document("", members)).Problems).Code);
        Assert.Equal(code, Assert.Single(Documents.Check(Document(members, null)).Problems).Code);
    }

    [Fact]
    public void Reports_one_that_is_no_object()
    {
        (_, ProblemList problems) = Documents.Check(Documents.Good + "\nx-edgeproxy-cache: on\n");
        Assert.Equal(ProblemCode.WrongType, Assert.Single(problems).Code);
    }

    [Fact]
    public void Reports_one_that_stands_where_it_has_no_effect()
    {
        (_, ProblemList problems) = Documents.Check(Documents.WithIntegration("type: http_proxy\nhttpMethod: GET\nuri: http://a/\nx-edgeproxy-cache: {rfc9111: true}"));
        Assert.Equal((ProblemCode.MisplacedExtension, ProblemSeverity.Error), (Assert.Single(problems).Code, problems.First().Severity));
    }

    private static CachePolicyDefinition? Read(string root = "", string? operation = null)
    {
        (ApiDefinition? api, ProblemList problems) = Documents.Check(Document(root, operation));
        Assert.Empty(problems.Select(ProblemWriter.Line));
        return Assert.Single(api!.Methods).CachePolicy;
    }

    private static string Document(string root, string? operation) =>
        "openapi: 3.0.1\ninfo: {title: t, version: '1'}\n" + (root.Length == 0 ? "" : $"x-edgeproxy-cache: {{{root}}}\n") +
        "paths:\n  /a:\n    get:\n      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://a/'}\n" +
        (operation is null ? "" : $"      x-edgeproxy-cache: {{{operation}}}\n");
}
