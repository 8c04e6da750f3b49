using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary>What <c>exec</c> and <c>attach</c> ask for (<c>PodExecOptions</c>, <c>PodAttachOptions</c>).</summary>
internal sealed record RemoteCommandQuery
{
    /// <summary>The command and its arguments; empty for <c>attach</c>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The container; null: the default one.</summary>
    public string? Container { get; init; }

    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    public bool Tty { get; init; }

    /// <summary>A terminal has one output: the error stream is not a stream of its own.</summary>
    public bool HasStderr => Stderr && !Tty;

    /// <summary>Whether there is any stream between the client and the command.</summary>
    public bool HasStreams => Stdin || Stdout || HasStderr;

    /// <exception cref="ApiException">400: there is no command to run.</exception>
    public static RemoteCommandQuery Read(ApiQuery query, bool isExec)
    {
        var command = isExec ? query.Texts("command") : [];
        return isExec && command.Count == 0
            ? throw ApiErrors.BadRequest("you must specify at least one command for the container")
            : new RemoteCommandQuery
            {
                Command = command,
                Container = query.Text("container") is { Length: > 0 } container ? container : null,
                Stdin = query.Flag("stdin"),
                Stdout = query.Flag("stdout"),
                Stderr = query.Flag("stderr"),
                Tty = query.Flag("tty"),
            };
    }
}

/// <summary>A terminal's size in characters.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct TerminalSize(ushort Width, ushort Height);
