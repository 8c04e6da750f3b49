namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>One step of what is done before a location's content is asked for.</summary>
internal abstract record RewriteStep;

/// <summary><c>return code [text or URL]</c></summary>
internal sealed record ReturnStep(int Code, NginxText? Text) : RewriteStep;

/// <summary><c>rewrite expression replacement [flag]</c></summary>
/// <param name="Pattern">What the path must match.</param>
/// <param name="To">What it becomes.</param>
/// <param name="Flag"><c>last</c>, <c>break</c>, <c>redirect</c>, <c>permanent</c>; empty for going on.</param>
internal sealed record ReplaceStep(NginxPattern Pattern, NginxText To, string Flag) : RewriteStep;

/// <summary><c>set $variable value</c></summary>
internal sealed record SetStep(string Variable, NginxText Value) : RewriteStep;

/// <summary><c>break</c></summary>
internal sealed record BreakStep : RewriteStep;

/// <summary><c>if (condition) { … }</c></summary>
/// <param name="Subject">What is looked at.</param>
/// <param name="Operator"><c>=</c>, <c>!=</c>, <c>~</c>, <c>~*</c>, <c>!~</c>, <c>!~*</c>, a file test such as <c>-f</c>; empty for whether there is a value that is not 0.</param>
/// <param name="Operand">What it is compared to.</param>
/// <param name="Pattern">What it is to match.</param>
/// <param name="Steps">What is done then.</param>
internal sealed record IfStep(NginxText Subject, string Operator, NginxText? Operand, NginxPattern? Pattern, IReadOnlyList<RewriteStep> Steps) : RewriteStep;
