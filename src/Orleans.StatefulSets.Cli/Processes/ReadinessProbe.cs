namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>Asks processes whether they are ready.</summary>
internal sealed class ReadinessProbe : IDisposable
{
    /// <summary>How long an answer may take: a process that is stopped or starved is as good as none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

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

    public void Dispose() => client.Dispose();
}
