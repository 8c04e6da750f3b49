using System.Diagnostics;
using System.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Snippets;

/// <summary>The machine's own busybox.</summary>
internal static class RealBusybox
{
    private static readonly string? Program = new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists);
    private static readonly Lazy<string> Applets = new(MakeApplets);

    public static bool IsThere => Program is not null;

    /// <summary>Runs a text with its shell, in an empty folder, with nothing in the environment but PATH and HOME.</summary>
    public static async Task<Outcome> RunAsync(string snippet)
    {
        var folder = Directory.CreateTempSubdirectory("snippet");
        // Whoever runs the tests may ignore signals (nohup does), and a child inherits that.
        var start = new ProcessStartInfo("/usr/bin/env")
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("--default-signal");
        start.ArgumentList.Add(Program!);
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(snippet);
        start.Environment.Clear();
        start.Environment["PATH"] = Applets.Value;
        start.Environment["HOME"] = "/root";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
            return new Outcome(await output, await errors, process.ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A folder with a link for each applet, so that nothing else of the machine is found.</summary>
    private static string MakeApplets()
    {
        var folder = Directory.CreateTempSubdirectory("applets").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using var list = Process.Start(new ProcessStartInfo(Program!, "--list") { RedirectStandardOutput = true })!;
        foreach (var applet in list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            File.CreateSymbolicLink(Path.Combine(folder, applet), Program!);
        }

        return folder;
    }
}
