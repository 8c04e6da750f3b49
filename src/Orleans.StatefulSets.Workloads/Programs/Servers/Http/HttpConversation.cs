using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>What is said over one connection: requests and their answers, one after another.</summary>
/// <param name="site">Who answers.</param>
/// <param name="caller">The connection.</param>
/// <param name="process">For whom.</param>
internal sealed class HttpConversation(IHttpSite site, TcpCaller caller, Process process)
{
    private const int ClientClosedRequest = 400;
    private const int RequestTimeOut = 408;
    private readonly HttpLimits limits = site.Limits;
    private readonly TimeProvider clock = process.Container.Clock;
    private HttpReader reader = new(caller.File);
    private long sent;

    /// <summary>Answers until one side has enough.</summary>
    /// <param name="begun">A reader that has read ahead; null for a new one.</param>
    public async ValueTask RunAsync(HttpReader? begun = null)
    {
        reader = begun ?? reader;
        for (var number = 1; await HasMoreAsync(number); number++)
        {
            await process.StepAsync();
            if (!await ExchangeAsync(number))
            {
                return;
            }
        }
    }

    /// <summary>Waits for the next request; false where there is none in time, or where no more are taken.</summary>
    private async ValueTask<bool> HasMoreAsync(int number)
    {
        if (!reader.Ahead.IsEmpty)
        {
            return true;
        }

        using var idle = CancellationTokenSource.CreateLinkedTokenSource(caller.Ended, caller.Draining);
        using var timer = new CancellationTokenSource(number == 1 ? limits.HeadWithin : limits.IdleWithin, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, timer.Token);
        try
        {
            return await reader.FillAsync(both.Token);
        }
        catch (OperationCanceledException) when (!caller.Ended.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <returns>Whether the connection can be used again.</returns>
    private async ValueTask<bool> ExchangeAsync(int number)
    {
        var request = new HttpRequest { Process = process, From = caller.From, Port = caller.Port, Connection = caller.Number, Ended = caller.Ended, Received = clock.GetUtcNow() };
        HttpResponse? response;
        var mayPassOver = true;
        try
        {
            if (!await ReadHeadAsync(request))
            {
                return false;
            }

            ExpectBody(request);
            response = await site.AnswerAsync(request);
        }
        catch (HttpFaultException refused) when (refused.Fault is HttpFault.Gone or HttpFault.TooSlow)
        {
            await site.LogAsync(request, refused.Fault == HttpFault.Gone ? ClientClosedRequest : RequestTimeOut, 0);
            return false;
        }
        catch (HttpFaultException refused)
        {
            response = site.Refuse(request, refused.Fault);
            _ = response is null || (response.Closes = true);
            mayPassOver = refused.Fault == HttpFault.BodyTooLong;
        }

        if (response is null)
        {
            await site.LogAsync(request, 444, 0);
            return false;
        }

        try
        {
            var stays = await SendAsync(request, response, number);
            return mayPassOver && await PassBodyOverAsync(request) && stays;
        }
        finally
        {
            await (response.Content?.DisposeAsync() ?? default);
        }
    }

    private async ValueTask<bool> ReadHeadAsync(HttpRequest request)
    {
        using var timer = new CancellationTokenSource(limits.HeadWithin, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, caller.Ended);
        try
        {
            return await HttpHead.ReadAsync(reader, request, limits, both.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !caller.Ended.IsCancellationRequested)
        {
            throw new HttpFaultException(HttpFault.TooSlow);
        }
    }

    private void ExpectBody(HttpRequest request)
    {
        if (request.Minor > 0 && request.Header("Expect")?.Equals("100-continue", StringComparison.OrdinalIgnoreCase) == true)
        {
            request.Body.Asked = () => caller.File.WriteAsync(ByteText.ToBytes("HTTP/1.1 100 Continue\r\n\r\n"), caller.Ended);
        }
    }

    private async ValueTask<bool> SendAsync(HttpRequest request, HttpResponse response, int number)
    {
        var hasBody = response.Content is not null && request.Method != "HEAD" && response.Status is not (204 or 304);
        var isOpen = hasBody && response.Content is { Length: null };
        response.IsChunked = isOpen && request.Minor > 0;
        response.KeepsOpen = !response.Closes && request.WantsToStay && number < limits.Requests && !caller.Draining.IsCancellationRequested && (!isOpen || response.IsChunked)
            && !request.Body.IsAwaited;
        var head = request.IsBare ? "" : string.Concat(site.HeadOf(request, response).Select(line => line + "\r\n")) + "\r\n";
        sent = 0;
        try
        {
            await WriteAsync(head, hasBody ? response.Content : null, response.IsChunked);
        }
        catch (Exception failure) when (failure is FileException || (failure is OperationCanceledException && !caller.Ended.IsCancellationRequested))
        {
            // The client went, or does not read; what it did not take is not counted.
            response.KeepsOpen = false;
        }

        await site.LogAsync(request, response.Status, sent);
        return response.KeepsOpen && (response.Content?.Length is not { } promised || !hasBody || sent == promised);
    }

    /// <summary>Head and first piece go together, so that a small answer is one write.</summary>
    private async ValueTask WriteAsync(string head, HttpPayload? content, bool chunked)
    {
        using var timer = new CancellationTokenSource(limits.SendWithin, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, caller.Ended);
        var pending = ByteText.ToBytes(head);
        while (content is not null && await content.ReadAsync(caller.Ended) is { IsEmpty: false } piece)
        {
            await process.StepAsync(1 + (piece.Length / 4096));
            byte[] framed = chunked
                ? [.. pending, .. ByteText.ToBytes($"{piece.Length:x}\r\n"), .. piece.Span, .. "\r\n"u8]
                : [.. pending, .. piece.Span];
            timer.CancelAfter(limits.SendWithin);
            await caller.File.WriteAsync(framed, both.Token);
            pending = [];
            sent += piece.Length;
        }

        byte[] rest = chunked && content is not null ? [.. pending, .. "0\r\n\r\n"u8] : pending;
        if (rest.Length > 0)
        {
            await caller.File.WriteAsync(rest, both.Token);
        }
    }

    /// <summary>What nobody read of the body stands before the next request; and a client that still sends would not see its answer.</summary>
    private async ValueTask<bool> PassBodyOverAsync(HttpRequest request)
    {
        if (request.Body.HasEnded)
        {
            return true;
        }

        using var timer = new CancellationTokenSource(limits.BodyWithin, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, caller.Ended);
        try
        {
            var passed = 0L;
            while (!request.Body.HasEnded && !request.Body.IsAwaited && passed <= limits.PassedOverBytes)
            {
                passed += (await request.Body.ReadAsync(both.Token)).Length;
                await process.StepAsync();
            }
        }
        catch (Exception failure) when (failure is HttpFaultException || (failure is OperationCanceledException && !caller.Ended.IsCancellationRequested))
        {
            return false;
        }

        return request.Body.HasEnded;
    }
}
