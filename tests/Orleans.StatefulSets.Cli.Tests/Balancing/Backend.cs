using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orleans.StatefulSets.Cli.Tests.Balancing;

/// <summary>A small server behind the balancer, in this process.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication app;

    private Backend(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.Single());

    /// <summary>Whether it says that it is ready.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>What came, besides the probes: the method and the target.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <param name="answer">What it does with a request that is no probe.</param>
    /// <param name="port">Where it listens; 0 for a free port.</param>
    public static async Task<Backend> StartAsync(RequestDelegate answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var backend = new Backend(app);
        app.Run(http => backend.AnswerAsync(http, answer));
        await app.StartAsync();
        return backend;
    }

    /// <summary>One that says who it is.</summary>
    public static Task<Backend> StartAsync(string name, int port = 0) => StartAsync(http => http.Response.WriteAsync(name), port);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext http, RequestDelegate answer)
    {
        if (http.Request.Path == "/readyz")
        {
            http.Response.StatusCode = IsReady ? 200 : 500;
            return Task.CompletedTask;
        }

        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}");
        return answer(http);
    }
}
