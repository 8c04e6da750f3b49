namespace Orleans.StatefulSets.Server.Options;

/// <summary>The commands that take a whole cluster out of a storage and into one.</summary>
internal static class TransferCommands
{
    private const string Stream = "Stream";

    // What says where a cluster lies. The rest of the server's options means nothing here; in the environment or a file it does no harm.
    private static readonly HashSet<string> OfStorage = ["data", "storage", "connection-string", "database-timeout", Settings.ConfigName, "verbose"];

    public static CommandShape Export { get; } = new()
    {
        Name = "export",
        Purpose =
        [
            "Writes a whole cluster as a stream of YAML documents, one an object: every kind, with status and all metadata, in an",
            "order in which what is depended on comes first. The server must be stopped; a running one is asked with --server.",
            "Secrets are written as they are: whoever reads the stream reads them.",
        ],
        Usage = "export [options]",
        Settings =
        [
            Own("output", "FILE", "the file to write, replaced if it is there; - for standard output (default -)"),
            Own("server", "URL", "ask the server that runs there, as any client would, instead of opening its database: all objects as they were at one resourceVersion, Events as they were at one of theirs"),
            .. Settings.All.Where(setting => OfStorage.Contains(setting.Name)),
        ],
        Ask = (options, given) =>
        {
            var server = given.Read<Uri?>("server", null, text => UrlText.Parse(text) is [var one] ? one : throw new OptionException("one URL at a time"));
            if (server is null)
            {
                RefuseStorage(options, given, "holds nothing to export; --server asks a server that runs");
            }

            return new ServerCommand.Export(new ExportOptions { Storage = options, Server = server, Output = given.Read("output", "-", SettingValues.File) });
        },
    };

    public static CommandShape Import { get; } = new()
    {
        Name = "import",
        Purpose =
        [
            "Loads a stream that export wrote into a storage that holds no cluster yet: all of it or, where one document is wrong,",
            "nothing. Objects get new uids, and what refers to them refers to those; names, times and generations stay, and",
            "resourceVersions are given anew. The server, started afterwards with the same storage, goes on with that cluster.",
        ],
        Usage = "import --input FILE [options]",
        Settings =
        [
            Own("input", "FILE", "the file to read; - for standard input. A document may have 8 MiB, an object 1.5 MiB"),
            Own("keep-uids", null, "keep the uids of the stream: for moving a cluster, not for copying one"),
            .. Settings.All.Where(setting => OfStorage.Contains(setting.Name) || setting.Name == "synchronous"),
        ],
        Ask = (options, given) =>
        {
            RefuseStorage(options, given, "holds nothing after the import");
            var input = given.TextOf("input") is null ? throw new OptionException("import needs --input FILE, or --input - for standard input") : given.Read("input", "", SettingValues.File);
            return new ServerCommand.Import(new ImportOptions { Storage = options, Input = input, KeepUids = given.Read("keep-uids", false, SettingValues.Flag) });
        },
    };

    private static void RefuseStorage(ServerOptions options, GivenOptions given, string why)
    {
        Contradictions.RefuseStorage(options, given);
        if (options.Storage == StorageKind.Memory)
        {
            throw new OptionException($"{given.SourceOf("storage")}: memory {why}");
        }
    }

    private static Setting Own(string name, string? placeholder, string explanation) => new()
    {
        Group = Stream,
        Name = name,
        Placeholder = placeholder,
        Explanation = explanation,
        IsOnlyTyped = true,
        Apply = (options, _) => options,
    };
}
