using System.Diagnostics;
using Orleans.StatefulSets.Api.Tests.Cluster;

namespace Orleans.StatefulSets.Api.Tests.Kubectl;

/// <summary>A real kubectl of one version, with a home of its own, talking to one API.</summary>
public sealed class KubectlProgram : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("kubectl-home-").FullName;
    private readonly List<Process> running = [];
    private readonly string file;
    private readonly string url;

    private KubectlProgram(string file, string url)
    {
        this.file = file;
        this.url = url;
    }

    /// <summary>kubectl of that version (<c>1.27</c>), found beside the file that the one on the PATH links to; skips the test without.</summary>
    public static KubectlProgram Find(string version, RunningApi api)
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
        var real = onPath is null ? null : File.ResolveLinkTarget(onPath, returnFinalTarget: true)?.FullName ?? onPath;
        var file = real is null ? null : Path.Combine(Path.GetDirectoryName(real)!, $"kubectl.{version}");
        Skip.IfNot(File.Exists(file), $"kubectl.{version} is not installed beside the kubectl on the PATH");
        return new KubectlProgram(file!, api.Url);
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<KubectlResult> RunAsync(string arguments, string? input = null)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"kubectl {arguments} did not end: {await output} {await errors}");
        }

        return new KubectlResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a command whose input and output are bytes.</summary>
    public async Task<(int Code, byte[] Output, string Errors)> RunBytesAsync(string arguments, byte[] input)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, patience.Token);
        await process.StandardInput.BaseStream.WriteAsync(input, patience.Token);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output.ToArray(), await errors);
    }

    /// <summary>Starts a command in a terminal of its own, 101 columns and 33 rows; what is written to it is typed.</summary>
    public Process StartInTerminal(string arguments)
    {
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols 101 rows 33; exec {file} --server {url} {arguments}", "/dev/null"]);
        var process = Start(start);
        running.Add(process);
        return process;
    }

    /// <summary>Starts a command that goes on; its output is read line by line.</summary>
    public StreamReader Follow(string arguments) => StartAlone(arguments).StandardOutput;

    /// <summary>Starts a command that goes on, without input.</summary>
    public Process StartAlone(string arguments)
    {
        var process = Start(arguments);
        running.Add(process);
        process.StandardInput.Close();
        return process;
    }

    public void Dispose()
    {
        foreach (var process in running)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        // What ran in a terminal is no child of this process: it may be about to end, and writes as long as that.
        var isGone = SpinWait.SpinUntil(IsDeleted, TimeSpan.FromSeconds(5));
        Assert.True(isGone, $"{home} cannot be deleted");
    }

    private bool IsDeleted()
    {
        try
        {
            Directory.Delete(home, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Process Start(string arguments) => Start(new ProcessStartInfo(file, $"--server {url} {arguments}"));

    private Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["HOME"] = home;
        start.Environment.Remove("KUBECONFIG");
        return Process.Start(start)!;
    }
}

/// <summary>What a kubectl command said.</summary>
public sealed record KubectlResult(int Code, string Output, string Errors)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The output of a command that succeeded.</summary>
    public string Succeeded => Code == 0 ? Output : throw new InvalidOperationException($"kubectl ended with {Code}: {Output}{Errors}");
}
