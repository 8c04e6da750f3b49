using Orleans.Dashboard;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>
/// The Orleans dashboard, put together when somebody first looks: its pages unpack to some 60 MB, more than the rest of an empty server.
/// </summary>
internal static class LazyDashboard
{
    private const string Path = "/orleans";

    public static void MapLazyDashboard(this WebApplication app)
    {
        var pages = new Lazy<RequestDelegate>(() => Build(app));
        app.Use(next => context =>
        {
            if (!context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal))
            {
                return next(context);
            }

            // The application's own routing has looked already, and found its answer for unknown paths.
            context.SetEndpoint(null);
            return pages.Value(context);
        });
    }

    private static RequestDelegate Build(IApplicationBuilder app)
    {
        var branch = app.New();

        // Routes of its own, not the application's, whose table is closed by now.
        branch.Properties.Remove("__GlobalEndpointRouteBuilder");
        branch.Properties.Remove("__EndpointRouteBuilder");
        branch.UseRouting();
        branch.UseEndpoints(endpoints => endpoints.MapOrleansDashboard(Path));
        return branch.Build();
    }
}
