using System.Security.Cryptography;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>md5sum, sha1sum, sha256sum, sha512sum: digests of files, and whether files still have theirs.</summary>
internal sealed class DigestTool() : Tool("cswbt check=c status=s warn=w binary=b text=t", "[-c[sw]] [FILE]...", "md5sum", "sha1sum", "sha256sum", "sha512sum")
{
    protected override ValueTask RunAsync(ToolCall call) => call.Has('c') ? CheckAllAsync(call) : ShowAsync(call);

    private static ValueTask ShowAsync(ToolCall call) => call.ForEachInputAsync(
        async (path, reader) => await call.WriteLineAsync($"{await DigestAsync(call, reader)}  {path}"),
        (path, error) => error == "Is a directory" ? $"can't read '{path}': {error}" : $"can't open '{path}': {error}");

    private static async ValueTask<string> DigestAsync(ToolCall call, ByteReader reader)
    {
        using var hash = IncrementalHash.CreateHash(call.Name switch
        {
            "md5sum" => HashAlgorithmName.MD5,
            "sha1sum" => HashAlgorithmName.SHA1,
            "sha256sum" => HashAlgorithmName.SHA256,
            _ => HashAlgorithmName.SHA512,
        });
        while (await reader.ReadBlockAsync() is { IsEmpty: false } block)
        {
            hash.AppendData(block.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async ValueTask CheckAllAsync(ToolCall call)
    {
        await call.ForEachInputAsync(
            async (_, reader) =>
            {
                var (count, failed) = (0, 0);
                while (await reader.ReadLineAsync() is { } raw)
                {
                    var line = ToolCall.Chomp(raw);
                    var space = line.IndexOf(' ', StringComparison.Ordinal);
                    count++;
                    if (space <= 0 || space + 2 > line.Length || line[space + 1] is not (' ' or '*'))
                    {
                        failed++;
                        if (call.Has('w'))
                        {
                            await call.ComplainAsync("invalid format");
                        }

                        continue;
                    }

                    failed += await CheckAsync(call, line[(space + 2)..], line[..space]) ? 0 : 1;
                }

                if (failed > 0 && !call.Has('s'))
                {
                    await call.ComplainAsync($"WARNING: {failed} of {count} computed checksums did NOT match");
                }

                call.Status |= failed > 0 || count == 0 ? 1 : 0;
                if (count == 0)
                {
                    await call.ComplainAsync("no checksum lines found");
                }
            },
            (path, error) => $"can't open '{path}': {error}");
    }

    private static async ValueTask<bool> CheckAsync(ToolCall call, string path, string expected)
    {
        var matches = false;
        await call.TryAsync(
            async () =>
            {
                var reader = await call.OpenReaderAsync(path);
                matches = await DigestAsync(call, reader) == expected.ToLowerInvariant();
                await reader.CloseAsync();
            },
            error => $"can't open '{path}': {error}");
        if (!call.Has('s'))
        {
            await call.WriteLineAsync($"{path}: {(matches ? "OK" : "FAILED")}");
        }

        return matches;
    }
}
