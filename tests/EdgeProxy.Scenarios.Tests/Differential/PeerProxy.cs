using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>nginx or HAProxy in front of an origin, with short time-outs and otherwise as it comes.</summary>
internal sealed class PeerProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Temporary _files;

    private PeerProxy(Process process, Temporary files, int port)
    {
        _process = process;
        _files = files;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Where a program is installed, or null.</summary>
    public static string? FindOrNull(string program) => ((Environment.GetEnvironmentVariable("PATH") ?? "") + ":/usr/sbin:/usr/local/sbin").Split(':')
        .Where(directory => directory.Length > 0).Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>Starts nginx; in HTTP/2 by prior knowledge when asked for, as the next.</summary>
    public static Task<PeerProxy> NginxAsync(int origin, bool http2)
    {
        var files = new Temporary();
        int port = Ports.Unused();
        string folder = files.Folder;
        files.Write("nginx.conf", $$"""
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log;
            events { worker_connections 256; }
            http {
              access_log off;
              client_header_timeout 1s;
              client_body_timeout 1s;
              keepalive_timeout 1s;
              lingering_close off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              server {
                listen 127.0.0.1:{{port}}{{(http2 ? " http2" : "")}};
                location / {
                  proxy_pass http://127.0.0.1:{{origin}};
                  proxy_http_version 1.1;
                  proxy_request_buffering off;
                }
              }
            }
            """);
        return StartAsync(FindOrNull("nginx")!, ["-p", folder, "-c", files.PathOf("nginx.conf")], files, port);
    }

    public static Task<PeerProxy> HaproxyAsync(int origin, bool http2)
    {
        var files = new Temporary();
        int port = Ports.Unused();
        files.Write("haproxy.cfg", $$"""
            global
              nbthread 1
              maxconn 256
            defaults
              mode http
              timeout connect 5s
              timeout client 1s
              timeout http-request 1s
              timeout http-keep-alive 1s
              timeout server 5s
              retries 0
            frontend front
              bind 127.0.0.1:{{port}}{{(http2 ? " proto h2" : "")}}
              default_backend back
            backend back
              http-reuse never
              server origin 127.0.0.1:{{origin}}

            """);
        return StartAsync(FindOrNull("haproxy")!, ["-db", "-f", files.PathOf("haproxy.cfg")], files, port);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _files.Dispose();
    }

    private static async Task<PeerProxy> StartAsync(string program, string[] arguments, Temporary files, int port)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        var said = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var proxy = new PeerProxy(process, files, port);
        try
        {
            await Wait.UntilAsync(
                () =>
                {
                    if (process.HasExited) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{program} ended with status {process.ExitCode}: {string.Join('\n', said)}"));
                    try
                    {
                        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                        probe.Connect("127.0.0.1", port);
                        return true;
                    }
                    catch (SocketException)
                    {
                        return false;
                    }
                },
                $"{program} listens");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }
}
