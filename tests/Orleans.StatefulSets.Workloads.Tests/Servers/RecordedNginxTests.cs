using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Workloads.Tests.Servers;

/// <summary>What a real nginx 1.22.1 answered to requests good and bad, byte for byte but for the date.</summary>
public sealed partial class RecordedNginxTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Every_exchange_with_a_real_nginx_goes_the_same_way_here()
    {
        var pods = new PodsTogether();
        var pod = pods.Add("web-0", "nginx:1.22.1");
        await pods.WriteAsync(pod, "/etc/nginx/nginx.conf", Recorded("nginx.conf"));
        await pods.WriteAsync(pod, "/tmp/site.sh", Recorded("site.sh"));
        Assert.Equal(new Outcome("", "", 0), await pod.ShellAsync("sh /tmp/site.sh"));
        await pod.StartAsync(["nginx", "-g", "daemon off;"]);

        var differences = new List<string>();
        var exchanges = File.ReadLines(PathOf("nginx.jsonl")).Select(line => JsonSerializer.Deserialize<Exchange>(line, Web)!).ToList();
        foreach (var exchange in exchanges)
        {
            // What stays open has said all when as much came as the real one sent.
            var (text, closed) = await pods.ExchangeAsync(pod, exchange.Port, exchange.Request, exchange.Half, exchange.Closes && !exchange.Response.StartsWith("HTTP/1.1 412", StringComparison.Ordinal) ? null : came => Dated(came).Length >= exchange.Response.Length, TimeSpan.FromSeconds(2));
            // After 412 the real one says keep-alive and closes all the same.
            var mayDiffer = exchange.Response.StartsWith("HTTP/1.1 412", StringComparison.Ordinal);
            if (Dated(text) != exchange.Response || (closed != exchange.Closes && !mayDiffer))
            {
                differences.Add($"{exchange.Request[..Math.Min(80, exchange.Request.Length)]}\n--- real (closes: {exchange.Closes})\n{exchange.Response}\n--- here (closes: {closed})\n{Dated(text)}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {exchanges.Count} differ:\n{string.Join("\n==========\n", differences)}\n{pod.Errors}");
        Assert.True(exchanges.Count > 180);
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Servers", "Recorded", name);

    private static string Recorded(string name) => File.ReadAllText(PathOf(name));

    private static string Dated(string text) => Date().Replace(text, "Date: now");

    [GeneratedRegex("Date: [^\r]*")]
    private static partial Regex Date();

    private sealed record Exchange(string Request, int Port, bool Half, string Response, bool Closes);
}
