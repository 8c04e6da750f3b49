using System.Net.Sockets;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.Postgres;

/// <summary>Whether a PostgreSQL server answers: it is asked whether it speaks TLS, which needs no password (PostgreSQL documentation, SSLRequest).</summary>
internal static class PostgresProbe
{
    private static readonly byte[] Question = [0, 0, 0, 8, 4, 210, 22, 47];

    /// <param name="url">Where it listens.</param>
    /// <param name="patience">How long an answer may take.</param>
    /// <param name="cancellation">Stops asking.</param>
    public static async Task<ProcessHealth> AskAsync(Uri url, TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(url.Host, url.Port, limit.Token);
            await client.GetStream().WriteAsync(Question, limit.Token);
            var answer = new byte[1];
            await client.GetStream().ReadExactlyAsync(answer, limit.Token);
            return answer[0] is (byte)'S' or (byte)'N' ? ProcessHealth.Ready : ProcessHealth.NotReady;
        }
        catch (Exception failure) when (failure is SocketException or IOException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return ProcessHealth.NoAnswer;
        }
    }
}
