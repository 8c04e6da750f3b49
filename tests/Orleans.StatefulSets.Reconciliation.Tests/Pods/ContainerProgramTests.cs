using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

public sealed class ContainerProgramTests
{
    [Theory]
    [InlineData("", null, 0)]
    [InlineData("nginx|-g|daemon off;", null, 0)]
    [InlineData("sleep|3600", 3600.0, 0)]
    [InlineData("/bin/sleep|1.5", 1.5, 0)]
    [InlineData("sleep|2m", 120.0, 0)]
    [InlineData("sleep|infinity", null, 0)]
    [InlineData("true", 0.0, 0)]
    [InlineData("/bin/false", 0.0, 1)]
    [InlineData("sh|-c|exit 3", 0.0, 3)]
    [InlineData("/bin/sh|-c|sleep 5; exit 1", 5.0, 1)]
    [InlineData("sh|-c|sleep 5 && exit 7", 5.0, 7)]
    [InlineData("sh|-c|false && sleep 5", 0.0, 1)]
    [InlineData("sh|-c|false; sleep 5", 5.0, 0)]
    [InlineData("bash|-c|echo hello && exec sleep 10", 10.0, 0)]
    [InlineData("sh|-c|sleep inf; exit 1", null, 0)]
    [InlineData("sh|-c|false; exit", 0.0, 1)]
    [InlineData("sh|-c|exit 3; exit 4", 0.0, 3)]
    [InlineData("sh|-c|exit 258", 0.0, 2)]
    [InlineData("exit|3", null, 0)]
    [InlineData("exec|sleep|5", null, 0)]
    [InlineData("sh|-ec|exit 3", null, 0)]
    [InlineData("sh|-c|sleep 5 & exit 3", null, 0)]
    [InlineData("sh|-c|true && (exit 3)", null, 0)]
    [InlineData("sh|-c|while true; do sleep 1; done", null, 0)]
    [InlineData("sh|-c|echo x > /data/f; exit 1", null, 0)]
    [InlineData("sleep|-1", null, 0)]
    [InlineData("sleep|999999999999d", null, 0)]
    public void A_command_made_of_simple_words_says_how_long_it_runs_and_how_it_ends(string words, double? seconds, int code)
    {
        var container = new V1Container { Name = "c", Command = words.Length == 0 ? null : words.Split('|') };

        var program = ContainerProgram.Of(container, isInit: false);

        Assert.Equal((seconds, seconds is null ? 0 : code), (program.RunsFor?.TotalSeconds, program.ExitCode));
    }

    [Theory]
    [InlineData("sleep|3600", true)]
    [InlineData("sh|-c|sleep 5; exit 1", true)]
    [InlineData("sh|-c|echo hello; sleep 5", false)]
    [InlineData("sh|-c|sleep $TIME", false)]
    [InlineData("sleep|$(TIME)", false)]
    [InlineData("sh|-c|touch /data/f; sleep 5", false)]
    [InlineData("", false)]
    public void One_whose_words_touch_nothing_need_not_run(string words, bool isAll) =>
        Assert.Equal(isAll, ContainerProgram.IsAll(new V1Container { Name = "c", Command = words.Length == 0 ? null : words.Split('|') }));

    [Theory]
    [InlineData("sleep|3600", true)]
    [InlineData("sh|-c|sleep 5; exit 1", true)]
    [InlineData("", false)]
    public void Neither_sleep_nor_a_shell_hears_TERM_as_a_first_process(string words, bool ignores) =>
        Assert.Equal(ignores, ContainerProgram.Of(new V1Container { Name = "c", Command = words.Length == 0 ? null : words.Split('|') }, isInit: false).IgnoresTerm);

    [Fact]
    public void An_init_container_that_says_nothing_is_done_at_once_and_a_sidecar_never() => Assert.Equal(
        (TimeSpan.Zero, null),
        (ContainerProgram.Of(new V1Container { Name = "i" }, isInit: true).RunsFor, ContainerProgram.Of(new V1Container { Name = "s", RestartPolicy = "Always" }, isInit: true).RunsFor));
}
