namespace EdgeProxy.Load.Compare;

/// <summary>A proxy that takes part: how it is configured, started and told to reload.</summary>
internal abstract class Contender(string name, string program, string configurations)
{
    public const string NginxName = "nginx";
    public const string HaProxyName = "HAProxy";
    public const string EdgeProxyName = "EdgeProxy";
    public const string H2oName = "h2o";
    public const string VarnishName = "Varnish";

    private const int SignalHangUp = 1;
    private const int SignalUser2 = 12;

    public string Name { get; } = name;

    /// <summary>The program file.</summary>
    public string Program { get; } = program;

    /// <summary>The signal that makes it read its configuration again.</summary>
    public abstract int ReloadSignal { get; }

    protected string Configurations { get; } = configurations;

    /// <summary>Whether it only takes part where HTTP/2 and TLS are compared.</summary>
    public virtual bool OnlyHttp2AndTls => false;

    /// <summary>Whether it only takes part where caches are compared.</summary>
    public virtual bool OnlyCaches => false;

    /// <summary>All of them, in the order of the rounds.</summary>
    public static IReadOnlyList<Contender> All(string edgeProxy, string nginx, string haProxy, string h2o, string varnish, string configurations) =>
    [
        new EdgeProxyContender(edgeProxy, configurations),
        new NginxContender(nginx, configurations),
        new HaProxyContender(haProxy, configurations),
        new H2oContender(h2o, configurations),
        new VarnishContender(varnish, configurations),
    ];

    /// <summary>Writes the configuration and returns the command line after the program.</summary>
    public abstract IReadOnlyList<string> Configure(ServerSetup setup);

    /// <summary>Writes the configuration again, with a difference that makes it a new one.</summary>
    public abstract void Rewrite(ServerSetup setup, int version);

    protected void Write(string template, string target, ServerSetup setup, string accessLog, string routes, int version = 0)
    {
        // HTTP/2 and TLS stand in files of their own, so that the other rows measure without them.
        string extra = (setup.ClearHttp2 ? Extra("h2c", template) : "") + (setup.Tls ? Extra("tls", template) : "") + (setup.Extra is { } kind ? Extra(kind, template) : "");
        string text = File.ReadAllText(Path.Combine(Configurations, template))
            .Replace("@EXTRA@", extra, StringComparison.Ordinal)
            .Replace("@GLOBAL@", setup.Extra is { } global ? Extra(global, template + ".global") : "", StringComparison.Ordinal)
            .Replace("@MEMORY@", setup.MemoryDirectory, StringComparison.Ordinal)
            .Replace("@H2C_PORT@", setup.ClearHttp2Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@TLS_PORT@", setup.TlsPort.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@CERTIFICATE@", setup.Certificate.Certificate, StringComparison.Ordinal)
            .Replace("@KEY@", setup.Certificate.Key, StringComparison.Ordinal)
            .Replace("@BOTH@", Path.Combine(Path.GetDirectoryName(setup.Certificate.Certificate) ?? "", "both.pem"), StringComparison.Ordinal)
            .Replace("@HERE@", Configurations, StringComparison.Ordinal)
            .Replace("@DIR@", setup.Directory, StringComparison.Ordinal)
            .Replace("@WORKERS@", setup.Workers.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@BACKEND@", setup.Backend.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@PORT@", setup.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@ACCESS_LOG@", accessLog, StringComparison.Ordinal)
            .Replace("@ROUTES@", routes, StringComparison.Ordinal);

        // Replaced whole, because a reader that comes at the wrong moment must not see half a file.
        string path = Path.Combine(setup.Directory, target);
        File.WriteAllText(path + ".new", $"{text}\n# version {version}\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    private string Extra(string kind, string template)
    {
        string file = Path.Combine(Configurations, kind, Path.GetFileName(template));
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    private sealed class NginxContender(string program, string configurations) : Contender(NginxName, program, configurations)
    {
        private const string Target = "nginx.conf";

        public override int ReloadSignal => SignalHangUp;

        public override IReadOnlyList<string> Configure(ServerSetup setup)
        {
            Rewrite(setup, 0);
            return ["-p", setup.Directory, "-c", Path.Combine(setup.Directory, Target), "-e", Path.Combine(setup.Directory, "nginx-error.log")];
        }

        public override void Rewrite(ServerSetup setup, int version)
        {
            IEnumerable<string> routes = Enumerable.Range(0, setup.ExtraRoutes)
                .Select(route => $"    location = /group-{route / 10}/item-{route % 10} {{ return 200; }}\n");
            string log = setup.AccessLog is null ? "off" : setup.AccessLog;
            Write("nginx.conf", Target, setup, log, string.Concat(routes), version);
        }
    }

    private sealed class HaProxyContender(string program, string configurations) : Contender(HaProxyName, program, configurations)
    {
        private const string Target = "haproxy.cfg";

        public override int ReloadSignal => SignalUser2;

        public override IReadOnlyList<string> Configure(ServerSetup setup)
        {
            Rewrite(setup, 0);
            return ["-W", "-db", "-q", "-f", Path.Combine(setup.Directory, Target)];
        }

        public override void Rewrite(ServerSetup setup, int version)
        {
            IEnumerable<string> routes = Enumerable.Range(0, setup.ExtraRoutes)
                .Select(route => $"  http-request return status 200 if {{ path /group-{route / 10}/item-{route % 10} }}\n");
            Write("haproxy.cfg", Target, setup, "off", string.Concat(routes), version);
        }
    }

    private sealed class H2oContender(string program, string configurations) : Contender(H2oName, program, configurations)
    {
        private const string Target = "h2o.conf";

        public override int ReloadSignal => SignalHangUp;

        public override bool OnlyHttp2AndTls => true;

        public override IReadOnlyList<string> Configure(ServerSetup setup)
        {
            Rewrite(setup, 0);
            return ["-m", "worker", "-c", Path.Combine(setup.Directory, Target)];
        }

        public override void Rewrite(ServerSetup setup, int version) => Write("h2o.conf", Target, setup, "off", string.Empty, version);
    }

    private sealed class VarnishContender(string program, string configurations) : Contender(VarnishName, program, configurations)
    {
        private const string Target = "varnish.vcl";
        private const int SignalNone = 0;

        // What it logs of a hit, to shared memory, whether anybody reads it or not; the others log nothing either.
        private const string Unlogged =
            "vsl_mask=-Begin,-End,-Link,-ReqStart,-ReqMethod,-ReqURL,-ReqProtocol,-ReqHeader,-ReqUnset,-ReqAcct,-RespProtocol,-RespStatus,-RespReason,-RespHeader,-RespUnset,"
            + "-VCL_call,-VCL_return,-VCL_use,-VCL_acl,-Hit,-HitMiss,-HitPass,-Timestamp,-SessOpen,-SessClose,-BereqHeader,-BerespHeader,-Length";

        // It takes a new configuration on its command line only.
        public override int ReloadSignal => SignalNone;

        public override bool OnlyCaches => true;

        public override IReadOnlyList<string> Configure(ServerSetup setup)
        {
            Rewrite(setup, 0);
            return
            [
                "-F", "-n", Path.Combine(setup.MemoryDirectory, "varnish"), "-f", Path.Combine(setup.Directory, Target), "-a", $"127.0.0.1:{setup.Port}", "-T", "none", "-s", "malloc,256m",
                "-j", "none", "-p", Unlogged, "-p", "thread_pools=1",
            ];
        }

        public override void Rewrite(ServerSetup setup, int version) => Write("varnish.vcl", Target, setup, "off", string.Empty, version);
    }

    private sealed class EdgeProxyContender(string program, string configurations) : Contender(EdgeProxyName, program, configurations)
    {
        private const string Settings = "edgeproxy.yaml";
        private const string Api = "bench.openapi.yaml";

        public override int ReloadSignal => SignalHangUp;

        public override IReadOnlyList<string> Configure(ServerSetup setup)
        {
            Write("edgeproxy.yaml", Settings, setup, setup.AccessLog ?? "off", string.Empty);
            Rewrite(setup, 0);

            // Settings that say something of an API name its file; else the command line does.
            bool isNamed = File.ReadAllText(Path.Combine(setup.Directory, Settings)).Contains("\napis:", StringComparison.Ordinal);
            return
            [
                "run", .. isNamed ? (string[])[] : [Path.Combine(setup.Directory, Api)], "-c", Path.Combine(setup.Directory, Settings),
                "--listen", $"http://127.0.0.1:{setup.Port}", .. Http2AndTls(setup), "--admin", $"http://127.0.0.1:{setup.AdminPort}",
                "--loops", setup.Workers.ToString(System.Globalization.CultureInfo.InvariantCulture), "--log-level", "warn",
            ];
        }

        private static string Slow(int port) => $"""
              /slow:
                get:
                  responses: {"{"}"200": {"{"} description: Late. {"}"}{"}"}
                  x-amazon-apigateway-integration:
                    type: http_proxy
                    httpMethod: GET
                    uri: http://127.0.0.1:{port}/slow
                    x-edgeproxy-upstream: {"{"} protocol: h2 {"}"}

            """;

        private static string[] Http2AndTls(ServerSetup setup) =>
        [
            .. setup.ClearHttp2 ? new[] { "--listen", $"http://127.0.0.1:{setup.ClearHttp2Port}" } : [],
            .. setup.Tls ? new[] { "--listen", $"https://127.0.0.1:{setup.TlsPort}" } : [],
        ];

        public override void Rewrite(ServerSetup setup, int version)
        {
            IEnumerable<string> routes = Enumerable.Range(0, setup.ExtraRoutes)
                .Select(route => $"""
                  /group-{route / 10}/item-{route % 10}:
                    get:
                      responses: {"{"}"200": {"{"} description: Nothing. {"}"}{"}"}
                      x-amazon-apigateway-integration:
                        type: mock
                        requestTemplates: {"{"} application/json: '{"{"}"statusCode": 200{"}"}' {"}"}
                        responses: {"{"} default: {"{"} statusCode: "200" {"}"} {"}"}

                """);
            if (setup.SlowBackend != 0) routes = routes.Append(Slow(setup.SlowBackend));
            Write("apis/bench.openapi.yaml", Api, setup, string.Empty, string.Concat(routes), version);
        }
    }
}
