using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>A tool of the image: its options are read, its usage and errors are told, its output is gathered here; what it does is its own.</summary>
/// <param name="options">
/// What it understands, after <c>getopt_long(3)</c>: the letters, <c>:</c> behind one that takes a value; behind a space the long names as
/// <c>name=letter</c>. A leading <c>+</c> ends the options at the first operand.
/// </param>
/// <param name="usage">The line of usage behind the tool's name.</param>
/// <param name="names">The names it goes by.</param>
internal abstract class Tool(string options, string usage, params string[] names) : IProgram
{
    private readonly OptionSyntax syntax = new(options);

    public IReadOnlyList<string> Names => names;

    /// <summary>The line of usage behind a name.</summary>
    public virtual string UsageOf(string name) => usage;

    /// <summary>The exit status for wrong usage.</summary>
    protected virtual int Misused => 1;

    /// <summary>The exit status where the usage is shown for it.</summary>
    protected virtual int UsageShown => Misused;

    public async ValueTask<int> RunAsync(Process process)
    {
        var name = NameOf(process);
        var call = new ToolCall(process, name);
        try
        {
            var given = process.Arguments.Skip(1).ToList();
            if (given is ["--help"])
            {
                await call.UsageAsync(this);
                return 0;
            }

            call.Options = syntax.Parse(Prepare(given));
            await RunAsync(call);
        }
        catch (UsageException misuse)
        {
            await call.ComplainAsync(misuse.Message);
            if (misuse.WithUsage)
            {
                await call.UsageAsync(this);
            }

            call.Status = misuse.Status ?? (misuse.WithUsage ? UsageShown : Misused);
        }

        finally
        {
            await call.CloseAllAsync();
        }

        await call.FlushAsync();
        return call.Status;
    }

    /// <summary>Does it. The exit status is <see cref="ToolCall.Status"/>.</summary>
    protected abstract ValueTask RunAsync(ToolCall call);

    /// <summary>Rewrites arguments of an older style (<c>head -5</c>).</summary>
    protected virtual List<string> Prepare(List<string> arguments) => arguments;

    private string NameOf(Process process)
    {
        var called = process.Arguments.Count > 0 ? process.Arguments[0] : names[0];
        return called[(called.LastIndexOf('/') + 1)..];
    }
}

/// <summary>A tool was called wrongly: it says so and ends.</summary>
/// <param name="message">Behind the tool's name; empty for only the usage.</param>
/// <param name="withUsage">Whether the usage follows.</param>
internal sealed class UsageException(string message = "", bool withUsage = true) : Exception(message)
{
    public bool WithUsage => withUsage;

    /// <summary>The exit status, where it is not the tool's ordinary one for misuse.</summary>
    public int? Status { get; init; }
}
