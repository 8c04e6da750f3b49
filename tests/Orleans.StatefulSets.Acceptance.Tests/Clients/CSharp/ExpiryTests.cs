using System.Collections.Concurrent;
using System.Net;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients.CSharp;

/// <summary>A watch from a version that the server no longer remembers.</summary>
[Collection(ClientsCollection.Name)]
public sealed class ExpiryTests(ForgetfulServer forgetful)
{
    [Fact]
    public async Task A_watch_from_too_old_a_version_is_told_410_Expired_and_a_new_list_goes_on()
    {
        await using var space = await ClientNamespace.OpenAsync(forgetful);
        foreach (var name in (string[])["large-0", "large-1", "large-2"])
        {
            await CreateAsync(space, name, new string('x', 700_000));
        }

        // The stream ends without a word unless somebody asked for the error.
        var errors = new List<Exception>();
        Assert.Empty(await space.Core.WatchListNamespacedSecretAsync(
            space.Name, resourceVersion: "1", timeoutSeconds: 10, onError: errors.Add).ToListAsync());
        AssertExpired(Assert.Single(errors));
        AssertExpired(await ErrorOfWatcherAsync(space));

        // So one begins anew: a list, and a watch from its version.
        var again = await space.Core.ListNamespacedSecretAsync(space.Name);
        Assert.Equal(["large-0", "large-1", "large-2"], again.Items.Select(secret => secret.Metadata.Name));
        await CreateAsync(space, "afterwards", "x");
        await foreach (var (type, secret) in space.Core.WatchListNamespacedSecretAsync(space.Name, resourceVersion: again.Metadata.ResourceVersion))
        {
            Assert.Equal((WatchEventType.Added, "afterwards"), (type, secret.Metadata.Name));
            break;
        }
    }

    // The older way, with callbacks. The error is the last event: the server ends the watch after it.
    private static async Task<Exception> ErrorOfWatcherAsync(ClientNamespace space)
    {
        var events = new ConcurrentQueue<object>();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = space.Core.WatchListNamespacedSecret(
            space.Name,
            resourceVersion: "1",
            onEvent: (type, secret) => events.Enqueue((type, secret.Metadata.Name)),
            onError: events.Enqueue,
            onClosed: closed.SetResult);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return Assert.IsAssignableFrom<Exception>(Assert.Single(events));
    }

    private static void AssertExpired(Exception error)
    {
        var status = Assert.IsType<KubernetesException>(error).Status;
        Assert.Equal(((int)HttpStatusCode.Gone, "Expired"), (status.Code, status.Reason));
        Assert.StartsWith("too old resource version: 1 (", status.Message, StringComparison.Ordinal);
    }

    private static Task CreateAsync(ClientNamespace space, string name, string filler) => space.Core.CreateNamespacedSecretAsync(
        new V1Secret { Metadata = new V1ObjectMeta { Name = name }, StringData = new Dictionary<string, string> { ["filler"] = filler } }, space.Name);
}
