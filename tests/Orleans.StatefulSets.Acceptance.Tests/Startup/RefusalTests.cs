using System.Net;
using System.Net.Sockets;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Startup;

/// <summary>What the program does when it cannot start: one clear line, a non-zero exit, nothing damaged.</summary>
[Collection(ServerCollection.Name)]
public sealed class RefusalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("refusals-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("--foo", "unknown option '--foo'; --help lists the options")]
    [InlineData("--nodes=0", "--nodes: '0' is not a whole number from 1 to 10000")]
    public async Task A_wrong_command_line_ends_with_2(string argument, string line)
    {
        await using var process = ServerProcess.Launch([argument, "--data", folder.FullName]);

        Assert.Equal(2, await process.WaitForExitAsync(Limit));
        Assert.Equal([line], process.Errors);
        Assert.Empty(process.Output);
        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task Help_ends_with_0()
    {
        await using var process = ServerProcess.Launch(["--help"]);

        Assert.Equal(0, await process.WaitForExitAsync(Limit));
        Assert.Contains(process.Output, line => line.Contains("--latency-image-pull DURATION", StringComparison.Ordinal));
        Assert.Empty(process.Errors);
    }

    [Theory]
    [InlineData("--urls", "http://127.0.0.1:{0} is already in use")]
    [InlineData("--silo-port", "{0}")]
    [InlineData("--gateway-port", "{0}")]
    public async Task A_taken_port_is_named(string option, string complaint)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;

        var line = await RefusedAsync(Arguments(folder.FullName, (option, taken)));

        Assert.Contains(string.Format(complaint, taken), line, StringComparison.Ordinal);
        Assert.Contains("already in use", line, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_second_server_on_the_same_data_is_refused_and_the_first_serves_on()
    {
        await using var first = await ServerProcess.StartAsync();
        var kubeconfig = await File.ReadAllTextAsync(first.Kubeconfig);

        var line = await RefusedAsync(Arguments(first.DataDirectory));

        Assert.Contains(first.DataDirectory, line, StringComparison.Ordinal);
        Assert.Equal(kubeconfig, await File.ReadAllTextAsync(first.Kubeconfig));
        var kubectl = await first.OpenAsync(KubectlVersion.Newest);
        Assert.Equal("configmap/still created", await kubectl.CreateConfigMapAsync("still"));
    }

    [SkippableFact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        Requirement.Of(OperatingSystem.IsLinux(), "Linux's file modes");
        var data = folder.CreateSubdirectory("data");
        if (OperatingSystem.IsLinux())
        {
            data.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        }

        // root may write everywhere, unless it has given that right up.
        var before = Environment.IsPrivilegedProcess ? (string[])["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
        var line = await RefusedAsync(Arguments(data.FullName), before);

        Assert.Contains(data.FullName, line, StringComparison.Ordinal);
        Assert.Empty(data.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_named()
    {
        var file = Path.Combine(folder.FullName, "data");
        await File.WriteAllTextAsync(file, "mine");

        var line = await RefusedAsync(Arguments(file));

        Assert.Contains(file, line, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
    }

    // SQLite keeps the number that a program gives to its schema (user_version) in bytes 60 to 63 of the file.
    [SkippableTheory]
    [InlineData("corrupt", 0, 100)]
    [InlineData("newer", 60, 4)]
    public async Task A_corrupt_or_newer_database_is_left_as_it_is(string what, int offset, int length)
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        var damaged = new Dictionary<string, byte[]>();
        foreach (var file in Directory.GetFiles(server.DataDirectory, "*", SearchOption.AllDirectories).Where(IsDatabase))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes.AsSpan(offset, length).Fill(0x5A);
            await File.WriteAllBytesAsync(file, bytes);
            damaged.Add(file, bytes);
        }

        Assert.NotEmpty(damaged);
        var line = await RefusedAsync(Arguments(server.DataDirectory));

        Assert.Contains(server.DataDirectory, line, StringComparison.Ordinal);
        Assert.True(what == "corrupt" || line.Contains("newer", StringComparison.Ordinal), line);
        Assert.All(damaged, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }

    private static async Task<string> RefusedAsync(IEnumerable<string> arguments, params IEnumerable<string> before)
    {
        await using var process = ServerProcess.Launch(arguments, before);
        var exitCode = await process.WaitForExitAsync(Limit);
        Assert.True(exitCode == 1, $"exit code {exitCode}\n{process.Describe()}");
        Assert.Empty(process.Output);
        return Assert.Single(process.Errors);
    }

    private static IEnumerable<string> Arguments(string data, params IEnumerable<(string Option, int Port)> taken)
    {
        var free = FreePorts.Take(3);
        var ports = new Dictionary<string, int> { ["--urls"] = free[0], ["--silo-port"] = free[1], ["--gateway-port"] = free[2] };
        foreach (var (option, port) in taken)
        {
            ports[option] = port;
        }

        return ["--data", data, .. ports.SelectMany(port => (string[])[port.Key, port.Key == "--urls" ? $"http://127.0.0.1:{port.Value}" : $"{port.Value}"])];
    }

    private static bool IsDatabase(string file)
    {
        using var reader = File.OpenRead(file);
        Span<byte> start = stackalloc byte[16];
        return reader.ReadAtLeast(start, 16, throwOnEndOfStream: false) == 16 && start.SequenceEqual("SQLite format 3\0"u8);
    }
}
