using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Paths without links whose last name may be missing.</summary>
internal static class PathWalk
{
    private const int MostLinks = 40;

    public static async ValueTask<string> CanonicalAsync(ToolCall call, string path)
    {
        for (var links = 0; links < MostLinks; links++)
        {
            if (await call.FindAsync(path) is not null)
            {
                return await call.Files.RealPathAsync(call.By, path);
            }

            var trimmed = path.TrimEnd('/');
            var slash = trimmed.LastIndexOf('/');
            var (folder, name) = (slash < 0 ? "." : slash == 0 ? "/" : trimmed[..slash], trimmed[(slash + 1)..]);
            var parent = await call.Files.RealPathAsync(call.By, folder);
            var whole = ToolCall.Join(parent, name);
            if (await call.FindAsync(whole, follow: false) is not { Kind: FileKind.SymbolicLink } link)
            {
                return whole;
            }

            path = link.Target!.StartsWith('/') ? link.Target : ToolCall.Join(parent, link.Target);
        }

        throw new FileException(Errno.ELOOP);
    }
}
