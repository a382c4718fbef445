using BenchmarkDotNet.Attributes;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Benchmarks.Gateway;

/// <summary>Holding request bodies against models.</summary>
[MemoryDiagnoser]
public class SchemaBenchmarks
{
    private readonly SchemaValidator _validator = new();
    private SchemaPlan _plan = null!;
    private byte[] _body = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _plan = OrderModel.Plan();
        _body = OrderModel.MakeBody();
        if (ValidateBody60Keywords() != 1) throw new InvalidOperationException("The body is not valid.");
    }

    [Benchmark]
    public int ValidateBody60Keywords() => _validator.Run(_plan, _body, ValidationLimits.Default) == BodyVerdict.Valid ? 1 : 0;
}
