using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s.Models;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary>How a command ended, as channel 3 tells it (<c>k8s.io/kubelet/pkg/cri/streaming/remotecommand</c>).</summary>
internal static class RemoteCommandStatus
{
    /// <summary>The status of an exit code.</summary>
    public static V1Status Exited(int code) => code == 0
        ? new V1Status { Metadata = new V1ListMeta(), Status = "Success" }
        : new V1Status
        {
            Metadata = new V1ListMeta(),
            Status = "Failure",
            Reason = "NonZeroExitCode",
            Message = $"command terminated with non-zero exit code: exit status {code.ToString(CultureInfo.InvariantCulture)}",
            Details = new V1StatusDetails { Causes = [new V1StatusCause { Reason = "ExitCode", Message = code.ToString(CultureInfo.InvariantCulture) }] },
        };

    /// <summary>The status of a command that could not be run or watched to its end (apimachinery's <c>NewInternalError</c>).</summary>
    public static V1Status Failed(string why) => new()
    {
        Metadata = new V1ListMeta(),
        Status = "Failure",
        Reason = "InternalError",
        Message = $"Internal error occurred: {why}",
        Details = new V1StatusDetails { Causes = [new V1StatusCause { Message = why }] },
        Code = 500,
    };

    /// <summary>A status in a version of the protocol. Before the fourth it is a failure's message alone.</summary>
    public static byte[] Encode(V1Status status, int version) =>
        version >= 4 ? Encode(status)
        : status.Status == "Success" ? []
        : Encoding.UTF8.GetBytes(status.Message);

    /// <summary>The status on the wire. Written by hand: the client library's own converter has no encoder for it.</summary>
    public static byte[] Encode(V1Status status)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteEndObject();
            json.WriteString("status", status.Status);
            Write(json, "message", status.Message);
            Write(json, "reason", status.Reason);
            if (status.Details?.Causes is { } causes)
            {
                json.WriteStartObject("details");
                json.WriteStartArray("causes");
                foreach (var cause in causes)
                {
                    json.WriteStartObject();
                    Write(json, "reason", cause.Reason);
                    Write(json, "message", cause.Message);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            if (status.Code is { } code)
            {
                json.WriteNumber("code", code);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
