using System.Runtime.Versioning;
using k8s;
using Orleans.StatefulSets.Server.Startup;

namespace Orleans.StatefulSets.Server.Tests.Startup;

public sealed class KubeconfigTests : IDisposable
{
    private static readonly Uri Address = new("http://127.0.0.1:8080");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kubeconfig-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_official_client_reads_server_token_and_namespace_from_it()
    {
        var written = Kubeconfig.Write(Path.Combine(folder.FullName, "made", "for it"), Address, "token-1");

        var client = KubernetesClientConfiguration.BuildConfigFromConfigFile(written.Path);
        Assert.Equal(("http://127.0.0.1:8080/", "token-1", "default"), (new Uri(client.Host).ToString(), client.AccessToken, client.Namespace));
    }

    // @kubernetes/client-node: "HTTP protocol is not allowed when skipTLSVerify is not set or false".
    [Fact]
    public void Clients_that_distrust_plain_http_are_told_that_it_is_meant()
    {
        var written = Kubeconfig.Write(folder.FullName, Address, "token-1");

        Assert.True(KubernetesClientConfiguration.BuildConfigFromConfigFile(written.Path).SkipTlsVerify);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_owner_may_read_it_even_if_that_was_otherwise_before()
    {
        var path = Kubeconfig.Write(folder.FullName, Address, "token-1").Path;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Kubeconfig.Write(folder.FullName, Address, "token-2");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(folder.FullName));
    }

    [Fact]
    public void A_second_start_keeps_the_token_and_writes_the_new_address()
    {
        Kubeconfig.Write(folder.FullName, Address, "token-1");

        var again = Kubeconfig.Write(folder.FullName, new Uri("http://127.0.0.1:9090"), "token-2");

        var client = KubernetesClientConfiguration.BuildConfigFromConfigFile(again.Path);
        Assert.Equal(("token-1", "token-1", 9090), (again.Token, client.AccessToken, new Uri(client.Host).Port));
    }

    [Fact]
    public void What_a_start_that_was_killed_left_behind_is_no_obstacle()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "kubeconfig.new"), "half a fi");

        Kubeconfig.Write(folder.FullName, Address, "token-1");

        Assert.Single(Directory.GetFiles(folder.FullName));
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Config\nusers:\n- name: mine\n  user: {token: secret}\n")]
    [InlineData("shopping: [milk")]
    [InlineData("")]
    public void A_file_of_somebody_else_is_left_as_it_is(string content)
    {
        var path = Path.Combine(folder.FullName, "kubeconfig");
        File.WriteAllText(path, content);

        var refusal = Assert.Throws<StartupException>(() => Kubeconfig.Write(folder.FullName, Address, "token-1"));

        Assert.Equal($"{path} was not written by this program: move it away, or choose another folder with --data", refusal.Message);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080")]
    [InlineData("http://[::]:8080", "http://[::1]:8080")]
    [InlineData("http://localhost:81", "http://localhost:81")]
    public void An_address_that_stands_for_all_is_written_as_loopback(string listening, string reached)
    {
        var path = Kubeconfig.Write(folder.FullName, new Uri(listening), "token-1").Path;

        Assert.Contains($"server: \"{reached}\"", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
