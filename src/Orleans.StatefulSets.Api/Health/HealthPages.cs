using System.Text;
using Microsoft.AspNetCore.Http;

namespace Orleans.StatefulSets.Api.Health;

/// <summary><c>/livez</c>, <c>/readyz</c> and <c>/healthz</c>, worded as apiserver's <c>pkg/server/healthz</c> words them.</summary>
internal sealed class HealthPages(IReadiness readiness)
{
    private static readonly ReadinessCheck Ping = new("ping", true);

    public static bool Owns(string path) => Name(path) is "livez" or "readyz" or "healthz";

    public async Task AnswerAsync(HttpContext http, string path)
    {
        var name = Name(path);
        IReadOnlyList<ReadinessCheck> checks = name == "livez" ? [Ping] : [Ping, .. readiness.Check()];
        var rest = path.Trim('/')[name.Length..].Trim('/');
        if (rest.Length > 0)
        {
            checks = [.. checks.Where(check => check.Name == rest)];
        }

        var healthy = checks.Count > 0 && checks.All(check => check.Passed);
        http.Response.StatusCode = checks.Count == 0 ? 404 : healthy ? 200 : 500;
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers["X-Content-Type-Options"] = "nosniff";
        http.Response.Headers.CacheControl = "no-cache, private";
        var verbose = http.Request.Query.ContainsKey("verbose");
        await http.Response.WriteAsync(
            checks.Count == 0 ? "404 page not found\n" : healthy && !verbose ? "ok" : Report(name, checks, healthy), http.RequestAborted);
    }

    private static string Report(string name, IReadOnlyList<ReadinessCheck> checks, bool healthy)
    {
        var text = new StringBuilder();
        foreach (var check in checks)
        {
            text.Append(check.Passed ? $"[+]{check.Name} ok\n" : $"[-]{check.Name} failed: reason withheld\n");
        }

        return text.Append($"{name} check {(healthy ? "passed" : "failed")}\n").ToString();
    }

    private static string Name(string path) => path.Trim('/').Split('/')[0];
}
