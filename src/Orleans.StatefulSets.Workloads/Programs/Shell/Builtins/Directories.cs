using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary><c>cd</c> and <c>pwd</c>.</summary>
internal static class Directories
{
    public static async ValueTask<int> ChangeAsync(BuiltinCall call)
    {
        var shell = call.Shell;
        var (options, operands) = call.Parse("LP");
        var isPhysical = options.LastOrDefault().Letter == 'P';
        var target = operands.Count > 0 ? operands[0] : shell.Variables.Get("HOME") ?? "";
        var prints = target == "-";
        if (prints)
        {
            target = shell.Variables.Get("OLDPWD") ?? "";
        }

        if (target.Length == 0)
        {
            target = ".";
        }

        var path = Clean(target.StartsWith('/') ? target : Current(shell) + "/" + target);
        try
        {
            var files = shell.Process.Container.Files;
            var place = isPhysical ? target : path;
            if (!(await files.StatAsync(shell.Process.Caller, place)).IsDirectory)
            {
                throw new FileException(Errno.ENOTDIR);
            }

            if (!await files.AccessAsync(shell.Process.Caller, place, AccessMode.Execute))
            {
                throw new FileException(Errno.EACCES);
            }

            path = isPhysical ? await files.RealPathAsync(shell.Process.Caller, target) : path;
        }
        catch (FileException failure)
        {
            throw call.Error($"can't cd to {target}: {failure.Message}");
        }

        var before = Current(shell);
        shell.Process.WorkingDirectory = path;
        shell.Variables.Set("OLDPWD", before, isExported: true);
        shell.Variables.Set("PWD", path, isExported: true);
        if (prints)
        {
            await call.PrintAsync(path + "\n");
        }

        return 0;
    }

    public static async ValueTask<int> PrintAsync(BuiltinCall call)
    {
        var (options, _) = call.Parse("LP");
        var path = Current(call.Shell);
        if (options.LastOrDefault().Letter == 'P')
        {
            path = await call.Shell.Process.Container.Files.RealPathAsync(call.Shell.Process.Caller, path);
        }

        await call.PrintAsync(path + "\n");
        return 0;
    }

    private static string Current(Interpreter shell) => shell.Process.WorkingDirectory;

    /// <summary>The path without <c>.</c> and <c>..</c>, as it is written: links are not followed.</summary>
    private static string Clean(string path)
    {
        var kept = new List<string>();
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (name != ".")
            {
                kept.Add(name);
            }
        }

        return "/" + string.Join('/', kept);
    }
}
