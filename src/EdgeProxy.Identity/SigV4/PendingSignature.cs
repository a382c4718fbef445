namespace EdgeProxy.Identity.SigV4;

/// <summary>A signature that is good as far as can be told without the body.</summary>
public sealed class PendingSignature
{
    private readonly SignatureClaim _claim;
    private readonly AccessKey _key;
    private readonly SignatureRules _rules;

    internal PendingSignature(SignatureClaim claim, AccessKey key, SignatureRules rules)
    {
        _claim = claim;
        _key = key;
        _rules = rules;
    }

    internal void Deconstruct(out SignatureClaim claim, out AccessKey key, out SignatureRules rules) => (claim, key, rules) = (_claim, _key, _rules);
}
