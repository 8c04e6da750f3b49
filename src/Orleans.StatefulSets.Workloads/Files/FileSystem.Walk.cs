using System.Diagnostics.CodeAnalysis;

namespace Orleans.StatefulSets.Workloads.Files;

/// <content>Walking paths (<c>path_resolution(7)</c>).</content>
public sealed partial class FileSystem
{
    private const int MostLinks = 40;
    private const int LongestPath = 4095;
    private const int LongestName = 255;

    private async ValueTask<Place> FindAsync(Caller by, string path, bool follow)
    {
        var end = await WalkAsync(by, path, follow || path.EndsWith('/'));
        var found = end.Found ?? throw new FileException(Errno.ENOENT);
        if (end.MustBeDirectory && !found.Node.IsDirectory)
        {
            throw new FileException(Errno.ENOTDIR);
        }

        return found;
    }

    private async ValueTask<WalkEnd> WalkAsync(Caller by, string path, bool follow)
    {
        if (path.Length == 0)
        {
            throw new FileException(Errno.ENOENT);
        }

        if (path.Length > LongestPath)
        {
            throw new FileException(Errno.ENAMETOOLONG);
        }

        if (unmade.Count > 0)
        {
            await MakeMountPointsAsync();
        }

        var root = await RootPlaceAsync();
        var rest = new Stack<string>();
        Push(rest, path);
        if (path[0] != '/' && by.WorkingDirectory != "/")
        {
            var start = await FollowAsync(by, root, Pushed(by.WorkingDirectory), follow: true, mustBeDirectory: false);
            root = start.Found ?? throw new FileException(Errno.ENOENT);
        }

        return await FollowAsync(by, root, rest, follow, path[^1] == '/');
    }

    private async ValueTask<WalkEnd> FollowAsync(Caller by, Place start, Stack<string> rest, bool follow, bool mustBeDirectory)
    {
        var at = start;
        var end = new WalkEnd(at, "/", at, mustBeDirectory);
        for (var links = 0; rest.TryPop(out var name);)
        {
            if (!at.Node.IsDirectory)
            {
                throw new FileException(Errno.ENOTDIR);
            }

            Permissions.Require(at.Node, by.Credentials, AccessMode.Execute);
            if (name is "." or "..")
            {
                at = name == ".." ? at.Parent ?? at : at;
                end = new WalkEnd(at, name, at, mustBeDirectory);
                continue;
            }

            if (name.Length > LongestName)
            {
                throw new FileException(Errno.ENAMETOOLONG);
            }

            var child = await ChildAsync(at, name);
            if (child is null)
            {
                return rest.Count == 0 ? new WalkEnd(at, name, null, mustBeDirectory) : throw new FileException(Errno.ENOENT);
            }

            if (!IsLinkToFollow(child.Node, rest.Count > 0 || follow, out var target))
            {
                end = new WalkEnd(at, name, child, mustBeDirectory);
                at = child;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new FileException(Errno.ELOOP);
            }

            Push(rest, target);
            at = target.StartsWith('/') ? await RootPlaceAsync() : at;
            end = new WalkEnd(at, "/", at, mustBeDirectory);
        }

        return end;
    }

    private async ValueTask<Place> RootPlaceAsync()
    {
        var mount = mountTree.Mount!;
        return new Place(null, "/", mount, await mount.RootAsync(), mountTree);
    }

    private static async ValueTask<Place?> ChildAsync(Place at, string name)
    {
        var below = at.Below?.Find(name);
        if (below?.Mount is { } mount)
        {
            return new Place(at, name, mount, await mount.RootAsync(), below);
        }

        return await at.Tree.LookUpAsync(at.Node.Number, name) is { } node ? new Place(at, name, at.Mount, node, below) : null;
    }

    private static bool IsLinkToFollow(FileNode node, bool follow, [NotNullWhen(true)] out string? target)
    {
        target = follow && node.Kind == FileKind.SymbolicLink ? node.Target : null;
        return target is not null;
    }

    private static Stack<string> Pushed(string path)
    {
        var names = new Stack<string>();
        Push(names, path);
        return names;
    }

    private static void Push(Stack<string> rest, string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var index = names.Length - 1; index >= 0; index--)
        {
            rest.Push(names[index]);
        }
    }
}
