using System.Globalization;
using System.Reflection;
using Orleans.StatefulSets.Resources.Writing;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Architecture.Tests.Wire;

/// <summary>What silos send each other, read from the types: all that two versions of the program must agree on to be one cluster.</summary>
internal static class WireContract
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private const string GrainSuffix = "Grain";

    // Surrogates carry them as numbers.
    private static readonly Type[] SentAsNumbers = [typeof(WriteVerb), typeof(PatchKind), typeof(FieldValidation), typeof(FileKind)];

    public static IReadOnlyList<Type> Serialized { get; } = [.. Rooms.Types.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)))];

    public static IReadOnlyList<MethodInfo> Methods { get; } = [.. Rooms.Types
        .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))
        .SelectMany(type => type.GetMethods(Declared))];

    /// <summary>A line for each thing that is agreed on, in ordinal order.</summary>
    public static IReadOnlyList<string> Lines() =>
    [
        .. Rooms.Types.Where(IsGrain).Select(type => $"grain {GrainTypeOf(type)} {Interfaces(type)}")
            .Concat(Methods.Select(method => $"method {NameOf(method.DeclaringType!)} {AliasOf(method)}({Parameters(method)}) {NameOf(method.ReturnType)}"))
            .Concat(Serialized.SelectMany(type => Numbered(type).Select(member => $"member {NameOf(type)} {member.Id:D2} {NameOf(TypeOf(member.Member))} {member.Member.Name}")))
            .Concat(Enums().SelectMany(type => Enum.GetValues(type).Cast<object>().Select(value => $"enum {NameOf(type)} {Convert.ToInt64(value, CultureInfo.InvariantCulture):D3} {value}")))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The members that are sent, by their numbers.</summary>
    public static IEnumerable<(uint Id, MemberInfo Member)> Numbered(Type type) => type.GetMembers(Declared)
        .Select(member => (member.GetCustomAttribute<IdAttribute>()?.Id, member)).Where(member => member.Id is not null).Select(member => (member.Id!.Value, member.member));

    /// <summary>The name by which Orleans knows a method or a type that has one; null otherwise.</summary>
    public static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    private static bool IsGrain(Type type) => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IGrainBase));

    // As Orleans names a class without an attribute: a grain of that name is looked for on the other version's silos too.
    private static string GrainTypeOf(Type type) =>
        type.CustomAttributes.SingleOrDefault(attribute => attribute.AttributeType == typeof(GrainTypeAttribute))?.ConstructorArguments[0].Value as string
        ?? (type.Name.EndsWith(GrainSuffix, StringComparison.Ordinal) ? type.Name[..^GrainSuffix.Length] : type.Name).ToLowerInvariant();

    private static string Interfaces(Type grain) => string.Join(
        ' ', grain.GetInterfaces().Where(type => type.IsAssignableTo(typeof(IAddressable)) && Rooms.Types.Contains(type)).Select(type => type.FullName).Order(StringComparer.Ordinal));

    private static IEnumerable<Type> Enums() => Serialized.SelectMany(Numbered).Select(member => TypeOf(member.Member))
        .Concat(Methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)))
        .SelectMany(Parts).Concat(SentAsNumbers).Where(type => type.IsEnum).Distinct();

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsArray ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];

    private static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static string Parameters(MethodInfo method) => string.Join(", ", method.GetParameters().Select(parameter => NameOf(parameter.ParameterType)));

    private static string NameOf(Type type) => type switch
    {
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        { IsGenericParameter: true } => type.Name,
        { IsGenericType: true } => $"{PlainNameOf(type).Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        _ => PlainNameOf(type),
    };

    // All that has no name of its own is known by its namespace too; a room or a folder that is renamed is another one to the version before.
    private static string PlainNameOf(Type type) =>
        AliasOf(type) ?? (type.Namespace!.StartsWith(nameof(System), StringComparison.Ordinal) ? type.Name : $"{type.Namespace}.{type.Name}");
}
