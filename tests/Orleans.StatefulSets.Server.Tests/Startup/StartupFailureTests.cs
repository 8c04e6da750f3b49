using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Startup;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Tests.Startup;

public sealed class StartupFailureTests
{
    private static readonly ServerOptions Options = new() { DataDirectory = "/srv/cluster", Urls = [new("http://127.0.0.1:8080"), new("http://127.0.0.1:8081")] };

    public static TheoryData<Exception, string> Failures => new()
    {
        {
            new IOException("Failed to bind to address http://127.0.0.1:8081: address already in use.", new AddressInUseException("in use", new SocketException((int)SocketError.AddressAlreadyInUse))),
            "http://127.0.0.1:8081 is already in use; choose another address with --urls"
        },
        {
            new InvalidOperationException("lifecycle", new AddressInUseException("Address already in use")),
            "silo port 11111 or gateway port 30000 is already in use; choose others with --silo-port and --gateway-port"
        },
        {
            new AggregateException(new InvalidOperationException("x", new SocketException((int)SocketError.AddressNotAvailable))),
            "http://127.0.0.1:8080 is not an address of this machine; choose another with --urls"
        },
        {
            new InvalidOperationException("silo", new JournalStorageException(JournalStorageProblem.DataDirectoryInUse, "/srv/cluster is in use by another server")),
            "/srv/cluster is in use by another server"
        },
        { new StartupException("the kubeconfig is not ours\n   at Line.Two()"), "the kubeconfig is not ours" },
        { new UnauthorizedAccessException("Access to the path '/srv/cluster' is denied."), "/srv/cluster cannot be written by this user; choose another folder with --data" },
        { new IOException("Read-only file system : '/srv/cluster'", 30), "/srv/cluster is on a read-only file system; choose another folder with --data" },
        { new IOException("No space left on device : '/srv/cluster'", 28), "no space is left for /srv/cluster; free some, or choose another folder with --data" },
        { new InvalidOperationException("first\nsecond"), "cannot start: first; --verbose shows more" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_is_one_line_that_says_what_to_do(Exception failure, string line)
    {
        using var output = new StringWriter();

        Assert.Equal(1, StartupFailure.Report(failure, Options, output));
        Assert.Equal(line + Environment.NewLine, output.ToString());
    }

    [Fact]
    public void Verbose_adds_the_trace()
    {
        using var output = new StringWriter();

        StartupFailure.Report(new InvalidOperationException("first"), Options with { Verbose = true }, output);

        Assert.Contains("System.InvalidOperationException: first", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_a_file_is_named_as_such()
    {
        var file = Path.GetTempFileName();
        try
        {
            var failure = Assert.ThrowsAny<IOException>(() => Kubeconfig.Write(file, Options.Urls[0], "token-1"));

            Assert.Equal($"{file} is a file, not a folder; choose another with --data", StartupFailure.Describe(failure, Options with { DataDirectory = file }));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
