using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Crashes;

/// <summary>Files in volumes, and the end of the server without a warning.</summary>
[Collection("crashes")]
public sealed class FileTests
{
    [SkippableFact]
    public async Task What_a_command_wrote_before_it_returned_is_there_after_kill_9()
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl);
        for (var round = 0; round < 5; round++)
        {
            await kubectl.OutputAsync($"exec web-0 -- sh -c 'mkdir -p /usr/share/nginx/html/d; echo round {round} > /usr/share/nginx/html/d/f; ln -sf d/f /usr/share/nginx/html/index.html'");
            await server.KillAsync();
            await server.RestartAsync();
            Assert.Equal($"round {round}", await kubectl.OutputAsync("exec web-0 -- curl -s http://localhost/"));
        }

        Assert.Equal("0", await kubectl.OutputAsync("get pod web-0 -o jsonpath={.status.containerStatuses[0].restartCount}"));
    }

    [SkippableFact]
    public async Task A_container_whose_own_layer_was_changed_starts_anew_and_the_others_go_on()
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl);
        await kubectl.OutputAsync("exec web-0 -- touch /tmp/mine");
        await kubectl.OutputAsync("exec web-1 -- ls /tmp");

        await server.KillAsync();
        await server.RestartAsync();

        await kubectl.UntilShownAsync("get pods", row => row[0] == "web-0" && row[1] == "1/1" && row[3].StartsWith('1'));
        Assert.Equal("", await kubectl.OutputAsync("exec web-0 -- ls /tmp"));
        Assert.Equal(
            "Unknown 255",
            await kubectl.OutputAsync("get pod web-0 -o jsonpath='{.status.containerStatuses[0].lastState.terminated.reason} {.status.containerStatuses[0].lastState.terminated.exitCode}'"));
        Assert.Equal("0", await kubectl.OutputAsync("get pod web-1 -o jsonpath={.status.containerStatuses[0].restartCount}"));
    }

    [SkippableFact]
    public async Task Only_a_claims_end_frees_its_files_and_only_where_its_volume_is_not_retained()
    {
        await using var server = await ServerProcess.StartAsync("--latency", "none");
        var kubectl = await server.OpenAsync(KubectlVersion.Newest);
        await WebSet.CreateAsync(kubectl);
        await kubectl.OutputAsync("exec web-0 -- dd if=/dev/urandom of=/usr/share/nginx/html/big bs=1M count=20");
        await kubectl.OutputAsync("exec web-1 -- dd if=/dev/urandom of=/usr/share/nginx/html/big bs=1M count=20");
        var full = FilesBytes(server);
        await kubectl.OutputAsync("delete sts web --cascade=foreground");
        Assert.True(FilesBytes(server) >= full / 2, "the files went with the set");

        await kubectl.OutputAsync("delete pvc www-web-0");

        await Deadline.WaitAsync(TimeSpan.FromSeconds(30), () => FilesBytes(server) <= full - (10 << 20), () => $"{FilesBytes(server)} of {full} bytes are left");
    }

    private static long FilesBytes(ServerProcess server) =>
        new DirectoryInfo(server.DataDirectory).GetFiles("files.db*").Sum(file => file.Length);
}
