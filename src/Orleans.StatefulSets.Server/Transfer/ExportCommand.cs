using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Server.Options;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>Carries <c>export</c> out.</summary>
internal static class ExportCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>Reads all, then writes all: a file is there whole or not at all.</summary>
    /// <returns>What to tell the user.</returns>
    public static async Task<string> RunAsync(ExportOptions options, Stream standardOutput, CancellationToken cancellation)
    {
        var objects = await ReadAsync(options, cancellation);
        if (options.Output == "-")
        {
            await WriteAsync(objects, standardOutput, cancellation);
        }
        else
        {
            await ReplaceAsync(Path.GetFullPath(options.Output), objects, cancellation);
        }

        return $"exported {objects.Count} objects";
    }

    /// <summary>The objects as YAML documents in their order.</summary>
    internal static async Task WriteAsync(IEnumerable<StoredObject> objects, Stream output, CancellationToken cancellation)
    {
        await using var buffered = new BufferedStream(output, 1 << 16);
        foreach (var item in ClusterOrder.Sort(objects))
        {
            await buffered.WriteAsync("---\n"u8.ToArray(), cancellation);
            await buffered.WriteAsync(ObjectYaml.FromJson(item.ToArray()), cancellation);
        }
    }

    private static async Task<List<StoredObject>> ReadAsync(ExportOptions options, CancellationToken cancellation)
    {
        if (options.Server is null)
        {
            return await StoredCluster.ReadAsync(options.Storage, cancellation);
        }

        using var client = new HttpClient { BaseAddress = options.Server, Timeout = Patience };
        return await new RunningCluster(client).ReadAsync(cancellation);
    }

    private static async Task ReplaceAsync(string path, IEnumerable<StoredObject> objects, CancellationToken cancellation)
    {
        var temporary = path + ".new";
        try
        {
            await using (var file = new FileStream(temporary, OwnersAlone()))
            {
                await WriteAsync(objects, file, cancellation);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            File.Delete(temporary);
            throw new TransferException($"{path} cannot be written: {failure.Message}", failure);
        }
    }

    // There are Secrets in it.
    private static FileStreamOptions OwnersAlone()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
