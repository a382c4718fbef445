namespace EdgeProxy.Lambda.Invocation;

/// <summary>One function on one loop: everything about calling it that does not change from call to call.</summary>
internal abstract class FunctionBinding
{
    /// <summary>A call ready to be filled.</summary>
    public abstract FunctionCall Rent();
}
