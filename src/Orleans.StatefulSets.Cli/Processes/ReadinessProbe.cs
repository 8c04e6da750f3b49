using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>Asks processes whether they are ready, and how many grains live in them.</summary>
internal sealed class ReadinessProbe : IDisposable
{
    /// <summary>How long an answer may take: a process that is stopped or starved is as good as none.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    public async Task<ProcessHealth> AskAsync(Uri url, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(url, "/readyz"), HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.IsSuccessStatusCode ? ProcessHealth.Ready : ProcessHealth.NotReady;
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return ProcessHealth.NoAnswer;
        }
    }

    /// <summary>The grains of a silo by the resource that they are; null where it does not say.</summary>
    public async Task<IReadOnlyDictionary<string, int>?> CountGrainsAsync(Uri url, CancellationToken cancellation)
    {
        try
        {
            await using var answer = await client.GetStreamAsync(new Uri(url, "/grains"), cancellation);
            return await JsonSerializer.DeserializeAsync(answer, GrainCountsJson.Default.DictionaryStringInt32, cancellation);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();
}

/// <summary>How the counts are read.</summary>
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class GrainCountsJson : JsonSerializerContext;
