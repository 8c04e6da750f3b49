namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>A question to whoever sits at standard input.</summary>
internal static class Confirmation
{
    /// <summary>Asks on standard error behind the tool's name; yes begins with y.</summary>
    public static async ValueTask<bool> AskAsync(ToolCall call, string question)
    {
        await call.FlushAsync();
        await call.Process.ComplainAsync($"{call.Name}: {question}");
        return await call.Input.ReadLineAsync() is { } answer && answer.StartsWith("y", StringComparison.OrdinalIgnoreCase);
    }
}
