using System.IO.Compression;
using System.Text;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Tests;

public sealed class WriteTests : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    private RunningApi api = null!;

    public async Task InitializeAsync() => api = await RunningApi.StartAsync();

    public async Task DisposeAsync() => await api.DisposeAsync();

    [Fact]
    public async Task Create_answers_201_with_the_object()
    {
        var reply = await api.SendAsync("POST", Maps, """{"metadata":{"name":"a"}}""", "application/json; charset=utf-8");

        Assert.Equal(201, reply.Code);
        Assert.Equal("ConfigMap", reply.Json["kind"]!.GetValue<string>());
        Assert.Equal("101", reply.Json["metadata"]!["resourceVersion"]!.GetValue<string>());
        Assert.Equal("no-cache, private", reply.Headers["Cache-Control"]);
        Assert.True(Guid.TryParse(reply.Headers["Audit-Id"], out _));
    }

    [Fact]
    public async Task Create_reads_yaml()
    {
        var reply = await api.SendAsync("POST", Maps, "metadata:\n  name: a\ndata:\n  key: value\n", "application/yaml");

        Assert.Equal("value", reply.Json["data"]!["key"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_generated_name_is_tried_again_when_it_is_taken()
    {
        api.Writer.TakenNames = 2;
        var reply = await api.SendAsync("POST", Maps, """{"metadata":{"generateName":"a-","labels":{"x":"y"}},"unknown":1}""");

        Assert.Equal("a-x0003", reply.Json["metadata"]!["name"]!.GetValue<string>());

        // The rest of the body goes on byte by byte: a strict check must find what it is to find.
        Assert.Equal(
            """{"metadata":{"name":"a-x0003","generateName":"a-","labels":{"x":"y"}},"unknown":1}""",
            Encoding.UTF8.GetString(api.Writer.Requests[^1].Body.Span));
    }

    [Fact]
    public async Task An_empty_name_is_filled_in_where_it_stands()
    {
        await api.SendAsync("POST", Maps, """{"metadata":{"name":"","generateName":"a-"}}""");

        Assert.Equal("""{"metadata":{"name":"a-x0001","generateName":"a-"}}""", Encoding.UTF8.GetString(api.Writer.Requests[^1].Body.Span));
    }

    [Fact]
    public async Task Generating_a_name_ends_after_eight_tries()
    {
        api.Writer.TakenNames = 100;
        var reply = await api.SendAsync("POST", Maps, """{"metadata":{"generateName":"a-"}}""");

        Assert.Equal(409, reply.Code);
        Assert.Equal(8, api.Writer.Requests.Count);
        Assert.Equal("configmaps \"a-x0008\" already exists, the server was not able to generate a unique name for the object", reply.Message);
    }

    [Theory]
    [InlineData("{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("{\"metadata\":{}}", 422, "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required")]
    [InlineData("", 400, "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)")]
    [InlineData("{\"apiVersion\":\"apps/v1\",\"kind\":\"Unicorn\",\"metadata\":{\"name\":\"a\"}}", 400, "Unicorn in version \"v1\" cannot be handled as a ConfigMap: no kind \"Unicorn\" is registered for version \"apps/v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"")]
    public async Task Bodies_that_do_not_fit_are_refused_and_change_nothing(string body, int code, string message)
    {
        var reply = await api.SendAsync("POST", Maps, body);

        Assert.Equal((code, message), (reply.Code, reply.Message));
        Assert.Empty(api.Writer.Requests);
    }

    [Theory]
    [InlineData("POST", "text/plain", "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf")]
    [InlineData("PATCH", "application/json", "415: Unsupported Media Type")]
    [InlineData("PATCH", "", "415: Unsupported Media Type")]
    [InlineData("PATCH", "application/apply-patch+yaml", "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json")]
    public async Task Bodies_of_another_format_are_415(string method, string contentType, string message)
    {
        var reply = await api.SendAsync(method, method == "POST" ? Maps : Maps + "/a", "{}", contentType);

        Assert.Equal(415, reply.Code);
        Assert.Equal(message, reply.Message);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        var reply = await api.SendAsync("POST", Maps, "{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"" + new string('x', 3 * 1024 * 1024) + "\"}}");

        Assert.Equal((413, "Request entity too large: limit is 3145728"), (reply.Code, reply.Message));
    }

    [Fact]
    public async Task A_packed_body_is_unpacked()
    {
        var (code, _) = await SendPackedAsync("gzip", Pack("""{"metadata":{"name":"packed"}}"""));

        Assert.Equal(201, code);
        Assert.Equal(200, (await api.GetAsync(Maps + "/packed")).Code);
    }

    [Fact]
    public async Task A_packed_body_that_unpacks_to_too_much_is_413()
    {
        var bomb = Pack("{\"x\":\"" + new string('x', 64 * 1024 * 1024));

        var (code, text) = await SendPackedAsync("gzip", bomb);

        Assert.InRange(bomb.Length, 1, 1_000_000);
        Assert.Equal(413, code);
        Assert.Contains("Request entity too large: limit is 3145728", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "not packed", 400)]
    [InlineData("br", "{}", 415)]
    public async Task A_body_that_is_not_what_its_encoding_says_is_refused(string encoding, string body, int expected)
    {
        Assert.Equal(expected, (await SendPackedAsync(encoding, Encoding.UTF8.GetBytes(body))).Code);
    }

    private async Task<(int Code, string Text)> SendPackedAsync(string encoding, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        using var response = await api.Http.PostAsync(new Uri(Maps, UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
        {
            packing.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    [Fact]
    public async Task Options_of_a_write_reach_the_writer()
    {
        await api.SendAsync("POST", Maps + "?dryRun=All&fieldManager=me&fieldValidation=Strict", """{"metadata":{"name":"a"}}""");
        await api.SendAsync("POST", Maps, """{"metadata":{"name":"b"}}""", "application/json", ("User-Agent", "kubectl/v1.33.1 (linux/amd64)"));

        var (first, second) = (api.Writer.Requests[0], api.Writer.Requests[1]);
        Assert.Equal((true, "me", FieldValidation.Strict), (first.DryRun, first.FieldManager, first.FieldValidation));
        Assert.Equal((false, "kubectl", FieldValidation.Warn), (second.DryRun, second.FieldManager, second.FieldValidation));
        Assert.Null(api.Replica.Find(ResourceKinds.ConfigMaps.Key("default", "a")));
    }

    [Theory]
    [InlineData("dryRun=Some", "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: []string{\"Some\"}: supported values: \"All\"")]
    [InlineData("fieldManager=a%09b", "CreateOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\\x09b\": invalid character U+0009 (at position 1)")]
    [InlineData("fieldValidation=Some", "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Some\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"")]
    public async Task Wrong_options_of_a_write_are_422(string query, string message)
    {
        var reply = await api.SendAsync("POST", $"{Maps}?{query}", """{"metadata":{"name":"a"}}""");

        Assert.Equal((422, message), (reply.Code, reply.Message));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"web-0"},"target":{"name":"node-1"}}""", 404, "pods \"web-0\" not found")]
    [InlineData("""{"metadata":{},"target":{"name":"node-1"}}""", 400, "Name parameter required.")]
    public async Task A_binding_posted_to_its_collection_names_the_pod_in_its_body(string body, int code, string message)
    {
        var reply = await api.SendAsync("POST", "/api/v1/namespaces/default/bindings", body);

        Assert.Equal((code, message), (reply.Code, reply.Message));
        Assert.Equal(405, (await api.GetAsync("/api/v1/namespaces/default/bindings?watch=true")).Code);
    }

    [Fact]
    public async Task Warnings_of_the_writer_become_headers()
    {
        api.Writer.Warnings = ["unknown field \"spec.x\""];
        var reply = await api.SendAsync("POST", Maps, """{"metadata":{"name":"a"}}""");

        Assert.Equal("299 - \"unknown field \\\"spec.x\\\"\"", reply.Headers["Warning"]);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"b"}}""", "the name of the object (b) does not match the name on the URL (a)")]
    [InlineData("""{"metadata":{"name":"a","namespace":"x"}}""", "the namespace of the provided object does not match the namespace sent on the request")]
    public async Task An_update_under_another_name_is_refused(string body, string message)
    {
        var reply = await api.SendAsync("PUT", Maps + "/a", body);

        Assert.Equal((400, message), (reply.Code, reply.Message));
    }

    [Fact]
    public async Task Text_that_is_no_utf8_is_read_with_replacement_characters()
    {
        using var content = new ByteArrayContent("{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\""u8.ToArray().Append((byte)0xff).Concat("\"}}"u8.ToArray()).ToArray());
        using var response = await api.Http.PostAsync(Maps, content);

        Assert.Contains("\"x\":\"\ufffd\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json-patch+json", PatchKind.Json)]
    [InlineData("application/merge-patch+json", PatchKind.Merge)]
    [InlineData("application/strategic-merge-patch+json; charset=utf-8", PatchKind.StrategicMerge)]
    public async Task A_patch_goes_to_the_writer_as_its_kind(string contentType, PatchKind kind)
    {
        api.Add(ResourceKinds.ConfigMaps, "a");
        await api.SendAsync("PATCH", Maps + "/a", "{}", contentType);

        Assert.Equal(kind, api.Writer.Requests.Single().Patch);
    }

    [Fact]
    public async Task Deleting_answers_a_status_and_for_a_pod_that_lingers_the_pod()
    {
        api.Add(ResourceKinds.ConfigMaps, "a");
        api.Add(ResourceKinds.Pods, "p");

        var map = await api.SendAsync("DELETE", Maps + "/a");
        var pod = await api.SendAsync("DELETE", "/api/v1/namespaces/default/pods/p", """{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background"}""");

        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"a","kind":"configmaps","uid":"uid-a"}}""",
            map.Text.TrimEnd());
        Assert.NotNull(pod.Json["metadata"]!["deletionTimestamp"]);
        Assert.Equal("Background", api.Writer.Requests[^1].DeleteOptions!.PropagationPolicy);
    }

    [Fact]
    public async Task A_deleted_service_is_answered_whole()
    {
        api.Add(ResourceKinds.Services, "s");

        Assert.Equal("Service", (await api.SendAsync("DELETE", "/api/v1/namespaces/default/services/s")).Json["kind"]!.GetValue<string>());
    }

    [Fact]
    public async Task Delete_options_may_stand_in_the_query()
    {
        api.Add(ResourceKinds.Pods, "p");
        await api.SendAsync("DELETE", "/api/v1/namespaces/default/pods/p?gracePeriodSeconds=0&propagationPolicy=Foreground");

        var options = api.Writer.Requests.Single().DeleteOptions!;
        Assert.Equal((0, "Foreground"), (options.GracePeriodSeconds, options.PropagationPolicy));
    }

    [Fact]
    public async Task Delete_options_that_contradict_each_other_are_422()
    {
        var reply = await api.SendAsync("DELETE", Maps + "/a", """{"orphanDependents":true,"propagationPolicy":"Orphan"}""");

        Assert.Equal(422, reply.Code);
        Assert.EndsWith("orphanDependents and deletionPropagation cannot be both set", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_collection_deletes_what_the_selector_chooses()
    {
        api.Add(ResourceKinds.ConfigMaps, "a", "app=x");
        api.Add(ResourceKinds.ConfigMaps, "b", "app=y");

        var reply = await api.SendAsync("DELETE", Maps + "?labelSelector=app%3Dx");

        Assert.Equal(["a"], reply.Names);
        Assert.Equal(["b"], (await api.GetAsync(Maps)).Names);
    }

    [Theory]
    [InlineData("POST", "/api/v1/pods")]
    [InlineData("DELETE", "/api/v1/namespaces")]
    [InlineData("OPTIONS", "/api/v1/pods")]
    [InlineData("PATCH", "/api/v1/namespaces/default/pods/p/binding")]
    [InlineData("POST", "/api")]
    public async Task Methods_that_a_path_does_not_have_are_405(string method, string path)
    {
        var reply = await api.SendAsync(method, path, method == "DELETE" ? null : "{}");

        Assert.Equal((405, "MethodNotAllowed"), (reply.Code, reply.Reason));
    }

    [Fact]
    public async Task What_the_writer_refuses_is_the_answer()
    {
        api.Writer.Failure = () => ApiErrors.Conflict(ResourceKinds.ConfigMaps, "a");

        var reply = await api.SendAsync("PUT", Maps + "/a", """{"metadata":{"name":"a"}}""");

        Assert.Equal((409, "Conflict"), (reply.Code, reply.Reason));
    }

    [Fact]
    public async Task An_unexpected_failure_says_nothing_of_the_inside()
    {
        api.Writer.Failure = () => new InvalidOperationException("a secret");

        var reply = await api.SendAsync("PUT", Maps + "/a", """{"metadata":{"name":"a"}}""");

        Assert.Equal((500, "InternalError"), (reply.Code, reply.Reason));
        Assert.DoesNotContain("secret", reply.Text, StringComparison.Ordinal);
        Assert.Contains("a secret", api.Writer.Failures.Single(), StringComparison.Ordinal);
    }
}
