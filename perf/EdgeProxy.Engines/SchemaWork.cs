using EdgeProxy.Benchmarks.Gateway;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Engines;

/// <summary>Holds a body of 2 KB against a model of 60 keywords.</summary>
internal sealed class SchemaWork : IWork
{
    private readonly SchemaValidator _validator = new();
    private readonly SchemaPlan _plan = OrderModel.Plan();
    private readonly byte[] _body = OrderModel.MakeBody();

    public int InputLength => _body.Length;

    public ReadOnlySpan<byte> Run() =>
        _validator.Run(_plan, _body, ValidationLimits.Default) == BodyVerdict.Valid ? "valid"u8 : throw new InvalidOperationException("The body is not valid.");
}
