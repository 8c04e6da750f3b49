using System.Runtime.CompilerServices;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>A shell: runs commands in its process.</summary>
internal sealed class Interpreter
{
    private readonly CompoundRunner compounds;
    private readonly SimpleRunner simples;
    private readonly ProcessRunner processes;

    public Interpreter(Process process, string name, Variables variables, Options options)
    {
        Process = process;
        Name = name;
        Variables = variables;
        Options = options;
        Traps = new Traps(process);
        Expander = new Expander(this);
        Redirector = new Redirector(this);
        compounds = new CompoundRunner(this);
        simples = new SimpleRunner(this);
        processes = new ProcessRunner(this);
        variables.Computed["LINENO"] = () => Line.ToString(System.Globalization.CultureInfo.InvariantCulture);
        variables.Computed["RANDOM"] = () => NextRandom().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The process that it runs in.</summary>
    public Process Process { get; }

    /// <summary><c>$0</c></summary>
    public string Name { get; set; }

    /// <summary>Behind it errors say the line: the shell's name again, for a script; null for <c>-c</c> and standard input.</summary>
    public string? Script { get; set; }

    /// <summary><c>$1</c> and on.</summary>
    public IReadOnlyList<string> Parameters { get; set; } = [];

    public Variables Variables { get; }

    public Options Options { get; }

    public Traps Traps { get; }

    public Jobs Jobs { get; private init; } = new();

    public Expander Expander { get; }

    public Redirector Redirector { get; }

    public ProcessRunner Processes => processes;

    public SimpleRunner Simples => simples;

    public Dictionary<string, FunctionDefinition> Functions { get; private init; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Aliases { get; private init; } = new(StringComparer.Ordinal);

    /// <summary><c>$?</c></summary>
    public int Status { get; set; }

    /// <summary>The status of the last substitution in the words of the current command; null where there was none.</summary>
    public int? SubstitutionStatus { get; set; }

    /// <summary><c>$$</c>: a subshell's is its parent's.</summary>
    public int MainId { get; private init; }

    /// <summary><c>$!</c></summary>
    public int? LastBackground { get; set; }

    /// <summary>The current command's line.</summary>
    public int Line { get; set; }

    public Skip Skip { get; set; }

    /// <summary>How many loops <see cref="Skip"/> still concerns.</summary>
    public int SkipCount { get; set; }

    /// <summary>How many loops run around the current command in its function.</summary>
    public int Loops { get; set; }

    /// <summary>How many functions, evals and sourced files run around the current command.</summary>
    public int Depth { get; set; }

    /// <summary>How many of them are functions.</summary>
    public int FunctionDepth { get; set; }

    /// <summary>Where <c>getopts</c> stands.</summary>
    public Builtins.OptionState OptionState { get; } = new();

    /// <summary>Whether it asks a person.</summary>
    public bool IsInteractive => Options.Invocation.Contains('i');

    /// <summary>Whether it is a subshell.</summary>
    public bool IsChild { get; private init; }

    private int randomState;

    /// <summary>A shell that first began in a process.</summary>
    public static Interpreter New(Process process, string name, Options options) =>
        new(process, name, new Variables(process.Container.Limits.ProcessBytes), options) { MainId = process.Id, randomState = process.Id * 7919 };

    /// <summary>What a child process has of it after <c>fork(2)</c>.</summary>
    public Interpreter Fork(Process child)
    {
        var shell = new Interpreter(child, Name, Variables.Fork(), Options.Fork())
        {
            Script = Script,
            Jobs = Jobs.Fork(),
            Parameters = Parameters,
            Functions = new Dictionary<string, FunctionDefinition>(Functions, StringComparer.Ordinal),
            Aliases = new Dictionary<string, string>(Aliases, StringComparer.Ordinal),
            Status = Status,
            MainId = MainId,
            LastBackground = LastBackground,
            Line = Line,
            Loops = Loops,
            Depth = Depth,
            FunctionDepth = FunctionDepth,
            IsChild = true,
            randomState = child.Id * 7919,
        };
        shell.Options.Invocation.Remove('i');
        return shell;
    }

    /// <summary>Runs a command.</summary>
    /// <returns>Its status, which is also <see cref="Status"/>.</returns>
    public async ValueTask<int> RunAsync(Command command, Mode mode)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // Goes on with the whole stack to itself.
            await Task.Yield();
        }

        await Process.StepAsync();
        if (Options.NoExecution && !IsInteractive)
        {
            return 0;
        }

        if (Traps.IsInterrupted)
        {
            Traps.IsInterrupted = false;
            throw new ShellInterrupt();
        }

        Status = command switch
        {
            SimpleCommand simple => await simples.RunAsync(simple, mode),
            Sequence sequence => await RunSequenceAsync(sequence, mode),
            AndOrList list => await RunAndOrAsync(list, mode),
            Pipeline pipeline => await RunPipelineAsync(pipeline, mode),
            BackgroundCommand background => await processes.StartAsync(background.Body),
            Subshell subshell => Check(await processes.RunSubshellAsync(subshell.Body, mode), mode),
            RedirectedCommand redirected => await RunRedirectedAsync(redirected, mode),
            _ => await compounds.RunAsync(command, mode),
        };
        if (Traps.HasPending)
        {
            await RunTrapsAsync();
        }

        return Status;
    }

    /// <summary>Ends the shell where a command failed and <c>set -e</c> counts it.</summary>
    public int Check(int status, Mode mode) =>
        status != 0 && Options.ExitsOnError && !mode.HasFlag(Mode.Tested) ? throw new ShellExit(Status = status) : status;

    /// <summary>Runs the commands of a text, line by line, each parsed when those before it have run.</summary>
    public async ValueTask<int> RunTextAsync(string text, int firstLine, Mode mode)
    {
        var lexer = new Lexer(text, firstLine);
        var parser = new Parser(lexer, Aliases.GetValueOrDefault);
        var status = 0;
        while (Skip == Skip.None && Parse(parser) is { } command)
        {
            var isLast = mode.HasFlag(Mode.Last) && string.IsNullOrWhiteSpace(text[Math.Min(lexer.Consumed, text.Length)..]);
            status = await RunAsync(command, isLast ? mode : mode & ~Mode.Last);
        }

        return status;
    }

    /// <summary>Runs what ends the shell's process: catches what ends the shell, and runs its EXIT trap.</summary>
    public async ValueTask<int> RunToEndAsync(Func<ValueTask<int>> body)
    {
        try
        {
            Status = await body();
        }
        catch (ShellExit exit)
        {
            Status = exit.Status;
            if (exit.IsReplaced)
            {
                return Status;
            }
        }
        catch (ShellError error)
        {
            Status = error.Status;
            await ComplainAsync(error.Message);
        }

        if (Traps[0] is { Length: > 0 } action)
        {
            Traps.Set(0, null);
            Skip = Skip.None;
            var status = Status;
            Status = await RunToEndAsync(async () =>
            {
                await RunTextAsync(action, Line, Mode.Tested);
                return status;
            });
        }

        return Status & 0xFF;
    }

    /// <summary>Runs the traps of signals that came.</summary>
    public async ValueTask RunTrapsAsync()
    {
        var (status, skip) = (Status, Skip);
        while (Traps.TakePending() is { } action)
        {
            Skip = Skip.None;
            await RunTextAsync(action, Line, Mode.None);
            Status = status;
        }

        Skip = Skip == Skip.None ? skip : Skip;
    }

    /// <summary>Says an error as ash does: the shell's name, the builtin's, the line in a script.</summary>
    public async ValueTask ComplainAsync(string message, string? builtin = null, Process? to = null)
    {
        var line = (builtin ?? Script) is not null && !(IsInteractive && Script is null) ? $"line {Line}: " : "";
        try
        {
            await (to ?? Process).ComplainAsync($"{Name}: {(builtin is null ? "" : builtin + ": ")}{line}{message}\n");
        }
        catch (FileException failure) when (failure.Code is Errno.EBADF or Errno.EPIPE or Errno.ENOSPC)
        {
            // Nobody hears it.
        }
    }

    /// <summary>A function, eval or sourced file begins.</summary>
    /// <exception cref="ShellError">Too many already run.</exception>
    public void Descend()
    {
        if (Depth >= Process.Container.Limits.Recursion)
        {
            throw new ShellError("maximum recursion depth exceeded");
        }

        Depth++;
    }

    private Command? Parse(Parser parser)
    {
        try
        {
            return parser.ParseLine();
        }
        catch (ShellSyntaxException problem)
        {
            Line = problem.Line;
            throw new ShellError(problem.Message);
        }
    }

    private async ValueTask<int> RunSequenceAsync(Sequence sequence, Mode mode)
    {
        for (var i = 0; i < sequence.Commands.Count && Skip == Skip.None; i++)
        {
            await RunAsync(sequence.Commands[i], i == sequence.Commands.Count - 1 ? mode : mode & ~Mode.Last);
        }

        return Status;
    }

    private async ValueTask<int> RunAndOrAsync(AndOrList list, Mode mode)
    {
        await RunAsync(list.First, Mode.Tested);
        for (var i = 0; i < list.Rest.Count && Skip == Skip.None; i++)
        {
            if (list.Rest[i].AfterSuccess == (Status == 0))
            {
                await RunAsync(list.Rest[i].Command, i == list.Rest.Count - 1 ? mode : Mode.Tested);
            }
        }

        return Status;
    }

    private async ValueTask<int> RunPipelineAsync(Pipeline pipeline, Mode mode)
    {
        var inner = pipeline.IsNegated ? Mode.Tested : mode;
        var status = pipeline.Commands.Count == 1
            ? await RunAsync(pipeline.Commands[0], inner)
            : await processes.RunPipelineAsync(pipeline);
        return pipeline.IsNegated ? (status == 0 ? 1 : 0) : pipeline.Commands.Count == 1 ? status : Check(status, mode);
    }

    private async ValueTask<int> RunRedirectedAsync(RedirectedCommand command, Mode mode)
    {
        var saved = new Redirector.Saved();
        try
        {
            await Redirector.ApplyAsync(command.Redirections, saved);
        }
        catch (ShellError error) when (error.Status == 1)
        {
            await Redirector.UndoAsync(saved);
            await ComplainAsync(error.Message);
            return Check(Status = 1, mode);
        }

        try
        {
            return await RunAsync(command.Body, mode & ~Mode.Last);
        }
        finally
        {
            await Redirector.UndoAsync(saved);
        }
    }

    private int NextRandom()
    {
        randomState = unchecked((randomState * 1103515245) + 12345);
        return (randomState >> 16) & 0x7FFF;
    }
}
