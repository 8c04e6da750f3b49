using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Does return, rewrite, set, if and break.</summary>
internal static class RewriteRunner
{
    /// <summary>Does steps in order.</summary>
    /// <returns>What comes next; null to go on where one is.</returns>
    public static async ValueTask<Turn?> RunAsync(NginxExchange exchange, IReadOnlyList<RewriteStep> steps)
    {
        var (turn, _) = await RunStepsAsync(exchange, steps);
        return turn;
    }

    private static async ValueTask<(Turn? Turn, bool IsOver)> RunStepsAsync(NginxExchange exchange, IReadOnlyList<RewriteStep> steps)
    {
        var hasNewUri = false;
        foreach (var step in steps)
        {
            switch (step)
            {
                case ReturnStep done:
                    return (Return(exchange, done), true);
                case SetStep set:
                    exchange.Set(set.Variable, exchange.Text(set.Value));
                    break;
                case BreakStep:
                    return (null, true);
                case IfStep test when await HoldsAsync(exchange, test):
                    var (turn, isOver) = await RunStepsAsync(exchange, test.Steps);
                    if (turn is not null || isOver)
                    {
                        return (turn, isOver);
                    }

                    break;
                case ReplaceStep replace when exchange.Matches(replace.Pattern, exchange.Uri):
                    if (await ReplaceAsync(exchange, replace) is { } next)
                    {
                        return (next, true);
                    }

                    if (replace.Flag == "break")
                    {
                        return (null, true);
                    }

                    hasNewUri = true;
                    break;
            }
        }

        return (hasNewUri && exchange.Location != exchange.Server.Root ? new Turn.Find() : null, false);
    }

    private static Turn Return(NginxExchange exchange, ReturnStep step)
    {
        var text = step.Text is null ? null : exchange.Text(step.Text);
        if (step.Code == 444)
        {
            return new Turn.Close();
        }

        if (step.Code is 301 or 302 or 303 or 307 or 308 && text is not null)
        {
            return Redirects.To(exchange, step.Code, text);
        }

        if (text is null && step.Code >= 300)
        {
            return new Turn.Fail(step.Code);
        }

        var type = MimeTypes.Of(exchange.Uri, exchange.Settings);
        var response = Http.HttpResponse.OfText(step.Code, type, text ?? "");
        response.Reason = NginxPages.Reason(step.Code);
        if (step.Code == 204)
        {
            (response.Content, response.ContentType) = (null, null);
        }

        return new Turn.Answer(response);
    }

    /// <returns>Null where the next step is done with the new path.</returns>
    private static async ValueTask<Turn?> ReplaceAsync(NginxExchange exchange, ReplaceStep step)
    {
        var to = exchange.Text(step.To);
        var question = to.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (to, null) : (to[..question], to[(question + 1)..]);

        // What the client asked goes along, unless the new one ends with a question mark.
        var own = exchange.Query is { Length: > 0 } asked ? asked : null;
        var both = query switch { null => own, "" => null, _ => own is null ? query : $"{query}&{own}" };
        if (step.Flag is "redirect" or "permanent")
        {
            return Redirects.To(exchange, step.Flag == "permanent" ? 301 : 302, both is null ? path : $"{path}?{both}");
        }

        var moved = await exchange.RedirectAsync(path.Length == 0 ? "/" : path, both, new Turn.Find());
        return moved is Turn.Fail || step.Flag == "last" ? moved : null;
    }

    private static async ValueTask<bool> HoldsAsync(NginxExchange exchange, IfStep test)
    {
        var subject = exchange.Text(test.Subject);
        switch (test.Operator)
        {
            case "":
                return subject is not ("" or "0");
            case "=" or "!=":
                return (subject == exchange.Text(test.Operand!)) == (test.Operator == "=");
            case "~" or "~*":
                return exchange.Matches(test.Pattern!, subject);
            case "!~" or "!~*":
                return !test.Pattern!.IsMatch(subject);
            default:
                return await IsFileAsync(exchange, subject, test.Operator.TrimStart('!')) != test.Operator.StartsWith('!');
        }
    }

    private static async ValueTask<bool> IsFileAsync(NginxExchange exchange, string path, string test)
    {
        try
        {
            var node = await exchange.Files.StatAsync(exchange.Caller, path);
            return test switch
            {
                "-f" => node.Kind == FileKind.Regular,
                "-d" => node.IsDirectory,
                "-x" => await exchange.Files.AccessAsync(exchange.Caller, path, AccessMode.Execute),
                _ => true,
            };
        }
        catch (FileException)
        {
            return false;
        }
    }
}
