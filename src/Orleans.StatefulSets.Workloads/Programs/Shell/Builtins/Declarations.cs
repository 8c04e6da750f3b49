using Orleans.StatefulSets.Workloads.Programs.Shell.Expansion;
using Orleans.StatefulSets.Workloads.Programs.Shell.Syntax;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Builtins;

/// <summary>The builtins that declare variables.</summary>
internal static class Declarations
{
    public static ValueTask<int> ExportAsync(BuiltinCall call) => DeclareAsync(
        call, "export", variable => variable.IsExported, (variables, name, isOn) => variables.Export(name, isOn));

    public static ValueTask<int> ProtectAsync(BuiltinCall call) => DeclareAsync(
        call, "readonly", variable => variable.IsReadOnly, (variables, name, _) => variables.Protect(name));

    public static ValueTask<int> Hide(BuiltinCall call)
    {
        if (call.Shell.FunctionDepth == 0)
        {
            throw call.Error("not in a function");
        }

        foreach (var operand in call.Operands)
        {
            var (name, value) = Split(call, operand);
            call.Shell.Variables.Hide(name);
            if (value is not null)
            {
                call.Shell.Variables.Set(name, value);
            }
        }

        return new(0);
    }

    public static ValueTask<int> Unset(BuiltinCall call)
    {
        var (options, operands) = call.Parse("vf");
        var isFunction = options.Any(option => option.Letter == 'f');
        foreach (var name in operands)
        {
            if (isFunction)
            {
                call.Shell.Functions.Remove(name);
                continue;
            }

            if (!Names.IsName(name))
            {
                throw call.Error($"{name}: bad variable name");
            }

            call.Shell.Variables.Unset(name);
        }

        return new(0);
    }

    public static ValueTask<int> Calculate(BuiltinCall call)
    {
        if (call.Arguments.Count < 2)
        {
            throw call.Error("expression expected");
        }

        var value = 0L;
        foreach (var expression in call.Operands)
        {
            value = Arithmetic.Evaluate(expression, call.Shell.Variables);
        }

        return new(value == 0 ? 1 : 0);
    }

    private static async ValueTask<int> DeclareAsync(BuiltinCall call, string word, Func<Variable, bool> isSuch, Action<Variables, string, bool> declare)
    {
        var (options, operands) = call.Parse(word == "export" ? "pn" : "p");
        var variables = call.Shell.Variables;
        if (operands.Count == 0)
        {
            foreach (var (name, variable) in variables.All.Where(pair => isSuch(pair.Value)).ToList())
            {
                await call.PrintAsync($"{word} {name}{(variable.Value is null ? "" : "=" + Quoting.Always(variable.Value))}\n");
            }

            return 0;
        }

        foreach (var operand in operands)
        {
            var (name, value) = Split(call, operand);
            if (value is not null)
            {
                variables.Set(name, value);
            }

            declare(variables, name, !options.Any(option => option.Letter == 'n'));
        }

        return 0;
    }

    private static (string Name, string? Value) Split(BuiltinCall call, string operand)
    {
        var equals = operand.IndexOf('=');
        var name = equals < 0 ? operand : operand[..equals];
        return Names.IsName(name) ? (name, equals < 0 ? null : operand[(equals + 1)..]) : throw call.Error($"{name}: bad variable name");
    }
}
