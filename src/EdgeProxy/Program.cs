namespace EdgeProxy;

internal static class Program
{
    private static int Main(string[] args)
    {
        Console.WriteLine("edgeproxy");
        return args.Length;
    }
}
