using System.Globalization;
using System.Net;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Counts in a ConfigMap.</summary>
internal sealed class CounterWriter(TortureClient client, History history, string name, Random chance)
{
    /// <summary>Read, add one, write with the version that was read: an increment that was acknowledged twice or lost would show in the sum.</summary>
    public async Task CountAsync()
    {
        var path = $"/api/v1/namespaces/{Writers.Namespace}/configmaps/{name}";
        if (await client.SendAsync(HttpMethod.Get, path, null, client.Any(chance)) is not (HttpStatusCode.OK, { } stored))
        {
            return;
        }

        stored["data"]!["n"] = (int.Parse(stored["data"]!["n"]!.GetValue<string>(), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        var (code, written) = await client.SendAsync(HttpMethod.Put, path, stored.ToJsonString(), client.Any(chance));
        if (client.Remember("configmaps", code, written) == true)
        {
            History.Count(history.Counted, name);
        }
        else if (TortureClient.IsUnknown(code))
        {
            History.Count(history.Unknown, name);
        }
    }
}
