namespace EdgeProxy.Lambda.Invocation;

/// <summary>What runs a local function's code (specification lambda.md 8 to 10).</summary>
public enum LocalRuntime : byte
{
    /// <summary>The executable <c>bootstrap</c> of the code directory, which speaks the Runtime API itself.</summary>
    Provided,

    /// <summary>Node.js with the loop that EdgeProxy carries.</summary>
    Nodejs,

    /// <summary>Python with the loop that EdgeProxy carries.</summary>
    Python,

    /// <summary>Any command line that speaks the Runtime API, such as a published runtime client.</summary>
    Command,
}
