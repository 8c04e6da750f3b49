using System.Net.Sockets;
using Npgsql;

namespace Orleans.StatefulSets.Storage.Tests.Postgres;

public sealed class PostgresProblemTests
{
    private const string Where = "PostgreSQL at db:5432/cluster";

    public static TheoryData<Exception, JournalStorageProblem, string> Failures => new()
    {
        { Refusal("53100", "could not extend file"), JournalStorageProblem.DiskFull, $"no space is left for {Where}" },
        { Refusal("25006", "cannot execute UPDATE in a read-only transaction"), JournalStorageProblem.ReadOnly, $"{Where} can't be written: it is read-only" },
        { Refusal("42501", "permission denied for schema public"), JournalStorageProblem.ReadOnly, $"{Where} can't be used by this user: permission denied for schema public" },
        { Refusal("28P01", "password authentication failed for user \"me\""), JournalStorageProblem.Unavailable, $"{Where} refuses the user: password authentication failed for user \"me\"" },
        { Refusal("28000", "no pg_hba.conf entry for host\nand more"), JournalStorageProblem.Unavailable, $"{Where} refuses the user: no pg_hba.conf entry for host" },
        { Refusal("3D000", "database \"cluster\" does not exist"), JournalStorageProblem.Unavailable, $"{Where} cannot be opened: database \"cluster\" does not exist" },
        { Refusal("57P03", "the database system is starting up"), JournalStorageProblem.Unavailable, $"{Where} is starting or stopping: the database system is starting up" },
        { Refusal("53300", "sorry, too many clients already"), JournalStorageProblem.Unavailable, $"{Where}: sorry, too many clients already" },
        { Refusal("XX001", "invalid page in block 7"), JournalStorageProblem.Corrupt, $"{Where} is damaged: invalid page in block 7" },
        { new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)), JournalStorageProblem.Unavailable, $"{Where} cannot be reached: Connection refused" },
        { new NpgsqlException("Exception while reading", new EndOfStreamException()), JournalStorageProblem.Unavailable, $"the connection to {Where} broke" },
        { new NpgsqlException("Exception while reading", new TimeoutException()), JournalStorageProblem.Unavailable, $"{Where} does not answer in time" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_is_one_line(Exception failure, JournalStorageProblem problem, string message)
    {
        var described = PostgresProblem.Describe(failure, Where);

        Assert.Equal((problem, message), (described.Problem, described.Message));
        Assert.Same(failure, described.InnerException);
    }

    [Theory]
    [InlineData("53100", false)]
    [InlineData("23505", false)]
    [InlineData("57P01", true)]
    [InlineData("08006", true)]
    public void A_refused_statement_is_undone_and_what_a_lost_session_did_is_not_known(string state, bool unknown) =>
        Assert.Equal(unknown, PostgresProblem.IsOutcomeUnknown(Refusal(state, "")));

    [Theory]
    [InlineData("")]
    [InlineData("Username=me;Password=secret")]
    [InlineData("Host=db;Pasword=secret")]
    [InlineData("secret")]
    public void What_is_no_connection_string_is_refused_without_repeating_it(string text)
    {
        var failure = Assert.Throws<JournalStorageException>(() => PostgresAddress.Parse(text));

        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static PostgresException Refusal(string state, string message) => new(message, "ERROR", "ERROR", state);
}
