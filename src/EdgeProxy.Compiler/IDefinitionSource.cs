using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.Compiler;

/// <summary>Gives a definition when it is to be compiled: a hundred thousand routes are many objects, and once compiled nobody needs them.</summary>
public interface IDefinitionSource
{
    /// <summary>The whole definition. Any thread, one at a time.</summary>
    /// <param name="problems">Gets what is wrong with it.</param>
    ApiDefinition Read(ProblemList problems);
}
