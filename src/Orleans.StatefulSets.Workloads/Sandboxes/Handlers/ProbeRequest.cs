using System.Globalization;
using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>The request of an HTTP probe, as <c>kube-probe</c> sends it; only the answer's status is looked at.</summary>
internal static class ProbeRequest
{
    private const int MostHead = 16_384;

    /// <summary>Sends it.</summary>
    /// <returns>The status; null where the answer is none.</returns>
    public static async Task<int?> SendAsync(IOpenFile connection, string host, int port, string path, IEnumerable<V1HTTPHeader> headers, CancellationToken cancellation)
    {
        var given = headers.ToList();
        var request = new StringBuilder($"GET {path} HTTP/1.1\r\n");
        Default("Host", string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"));
        Default("User-Agent", "kube-probe/1.33");
        Default("Accept", "*/*");
        foreach (var header in given)
        {
            request.Append($"{header.Name}: {header.Value}\r\n");
        }

        request.Append("Connection: close\r\n\r\n");
        try
        {
            await connection.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellation);
        }
        catch (FileException failure) when (failure.Code == Errno.EPIPE)
        {
            return null;
        }

        return Status(await FirstLineAsync(connection, cancellation));

        void Default(string name, string value)
        {
            if (!given.Exists(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                request.Append($"{name}: {value}\r\n");
            }
        }
    }

    private static async Task<string> FirstLineAsync(IOpenFile connection, CancellationToken cancellation)
    {
        var buffer = new byte[1024];
        var head = new StringBuilder();
        int count;
        while (head.Length < MostHead && (count = await connection.ReadAsync(buffer, cancellation)) > 0)
        {
            head.Append(Encoding.Latin1.GetString(buffer, 0, count));
            if (head.ToString().IndexOf('\n', StringComparison.Ordinal) is var end and >= 0)
            {
                return head.ToString()[..end];
            }
        }

        return "";
    }

    private static int? Status(string line) =>
        line.StartsWith("HTTP/", StringComparison.Ordinal) && int.TryParse(line.Split(' ').ElementAtOrDefault(1)?.TrimEnd('\r'), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
}
