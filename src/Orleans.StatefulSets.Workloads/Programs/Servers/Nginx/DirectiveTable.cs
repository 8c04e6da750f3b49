namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>Where a directive may stand.</summary>
[Flags]
internal enum ConfigContext
{
    None = 0,
    Main = 1,
    Events = 2,
    Http = 4,
    Server = 8,
    Location = 16,
    If = 32,
    Upstream = 64,

    /// <summary>Lines of a table (<c>types</c>, <c>map</c>), or of what has no effect: any word may begin one.</summary>
    Table = 128,
}

/// <summary>What is known of a directive.</summary>
/// <param name="Contexts">Where it may stand.</param>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Inner">What its block is; none where it has no block.</param>
/// <param name="IsNoticed">It is real but has no effect here, and its user would notice.</param>
internal sealed record DirectiveRule(ConfigContext Contexts, int Least, int Most, ConfigContext Inner = ConfigContext.None, bool IsNoticed = false);

/// <summary>The directives of nginx that a configuration may hold.</summary>
internal static class DirectiveTable
{
    private const int Any = int.MaxValue;
    private const ConfigContext Hs = ConfigContext.Http | ConfigContext.Server;
    private const ConfigContext Hsl = Hs | ConfigContext.Location;
    private const ConfigContext Hsli = Hsl | ConfigContext.If;
    private const ConfigContext Sli = ConfigContext.Server | ConfigContext.Location | ConfigContext.If;

    private static readonly ILookup<string, DirectiveRule> Rules = All().ToLookup(rule => rule.Name, rule => rule.Rule, StringComparer.Ordinal);

    /// <summary>Directives that tune what cannot be seen here.</summary>
    private static readonly HashSet<string> Silent = new(
        """
        accept_mutex chunked_transfer_encoding client_body_buffer_size client_body_in_file_only client_body_temp_path client_header_buffer_size connection_pool_size debug_connection
        directio disable_symlinks env etag fastcgi_temp_path gunzip gzip gzip_buffers gzip_comp_level gzip_disable gzip_http_version gzip_min_length gzip_proxied gzip_static gzip_types
        gzip_vary http2 if_modified_since ignore_invalid_headers keepalive keepalive_requests keepalive_time large_client_header_buffers lingering_close lingering_time
        lingering_timeout log_not_found log_subrequest map_hash_bucket_size map_hash_max_size max_ranges merge_slashes min_delete_depth msie_padding multi_accept open_file_cache open_file_cache_errors
        open_file_cache_min_uses open_file_cache_valid open_log_file_cache output_buffers pcre_jit postpone_output proxy_buffer_size proxy_buffering proxy_buffers proxy_busy_buffers_size proxy_cache
        proxy_cache_bypass proxy_cache_key proxy_cache_path proxy_cache_valid proxy_headers_hash_bucket_size proxy_headers_hash_max_size proxy_ignore_client_abort proxy_max_temp_file_size
        proxy_next_upstream proxy_no_cache proxy_pass_header proxy_hide_header proxy_pass_request_body proxy_pass_request_headers proxy_request_buffering proxy_send_timeout proxy_socket_keepalive
        proxy_temp_file_write_size proxy_temp_path random_index read_ahead recursive_error_pages reset_timedout_connection resolver resolver_timeout rewrite_log scgi_temp_path send_timeout sendfile
        sendfile_max_chunk server_names_hash_bucket_size server_names_hash_max_size ssl_buffer_size ssl_certificate ssl_certificate_key ssl_ciphers ssl_dhparam ssl_ecdh_curve
        ssl_password_file ssl_prefer_server_ciphers ssl_protocols ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_verify ssl_trusted_certificate
        ssl_verify_client ssl_verify_depth ssl_client_certificate tcp_nodelay tcp_nopush thread_pool timer_resolution types_hash_bucket_size types_hash_max_size
        underscores_in_headers use uwsgi_temp_path variables_hash_bucket_size variables_hash_max_size working_directory worker_aio_requests worker_cpu_affinity worker_priority worker_rlimit_core
        worker_rlimit_nofile worker_shutdown_timeout least_conn ip_hash zone hash load_module aio keepalive_disable satisfy set_real_ip_from real_ip_header real_ip_recursive
        """.Split(null as char[], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    /// <summary>Directives that do something on a real server and nothing here; some are blocks.</summary>
    private static readonly HashSet<string> Noticed = new(
        """
        stream mail fastcgi_pass fastcgi_param fastcgi_index fastcgi_split_path_info fastcgi_read_timeout fastcgi_buffers fastcgi_buffer_size uwsgi_pass uwsgi_param scgi_pass grpc_pass grpc_set_header memcached_pass
        limit_req limit_req_zone limit_conn limit_conn_zone limit_rate limit_rate_after auth_request auth_request_set sub_filter sub_filter_once sub_filter_types mirror perl js_import js_content geo split_clients
        proxy_redirect proxy_cookie_path proxy_cookie_domain proxy_ssl_verify proxy_ssl_server_name proxy_ssl_name secure_link secure_link_md5 dav_methods create_full_put_path valid_referers slice ssi limit_except
        add_before_body add_after_body image_filter xslt_stylesheet userid referer_hash_max_size mp4 flv addition_types quic_retry http3 addition
        """.Split(null as char[], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    /// <summary>The rule of a directive where it stands.</summary>
    /// <exception cref="NginxConfigException">There is none.</exception>
    public static DirectiveRule Check(Directive directive, bool hasBlock, ConfigContext context)
    {
        if (context == ConfigContext.Table)
        {
            return new DirectiveRule(context, 0, Any, ConfigContext.Table);
        }

        if (Silent.Contains(directive.Name) || Noticed.Contains(directive.Name))
        {
            return new DirectiveRule(context, 0, Any, ConfigContext.Table, IsNoticed: Noticed.Contains(directive.Name));
        }

        if (!Rules.Contains(directive.Name))
        {
            throw directive.Error($"unknown directive \"{directive.Name}\"");
        }

        var rule = Rules[directive.Name].FirstOrDefault(rule => rule.Contexts.HasFlag(context)) ?? throw directive.Error($"\"{directive.Name}\" directive is not allowed here");
        if (hasBlock != (rule.Inner != ConfigContext.None))
        {
            throw directive.Error(hasBlock ? $"directive \"{directive.Name}\" is not terminated by \";\"" : $"directive \"{directive.Name}\" has no opening \"{{\"");
        }

        return directive.Arguments.Count >= rule.Least && directive.Arguments.Count <= rule.Most ? rule : throw directive.Error($"invalid number of arguments in \"{directive.Name}\" directive");
    }

    private static IEnumerable<(string Name, DirectiveRule Rule)> All()
    {
        const ConfigContext main = ConfigContext.Main;
        const ConfigContext http = ConfigContext.Http;
        const ConfigContext server = ConfigContext.Server;
        const ConfigContext location = ConfigContext.Location;

        yield return ("http", new(main, 0, 0, http));
        yield return ("events", new(main, 0, 0, ConfigContext.Events));
        yield return ("server", new(http, 0, 0, server));
        yield return ("server", new(ConfigContext.Upstream, 1, Any));
        yield return ("upstream", new(http, 1, 1, ConfigContext.Upstream));
        yield return ("location", new(server | location, 1, 2, location));
        yield return ("if", new(server | location, 1, Any, ConfigContext.If));
        yield return ("map", new(http, 2, 2, ConfigContext.Table));
        yield return ("types", new(Hsl, 0, 0, ConfigContext.Table));

        (string Names, ConfigContext Contexts, int Least, int Most)[] simple =
        [
            ("worker_processes pid daemon master_process lock_file", main, 1, 1), ("user", main, 1, 2), ("worker_connections", ConfigContext.Events, 1, 1), ("error_log", main | Hsl, 1, 2),
            ("listen", server, 1, Any), ("server_name", server, 1, Any), ("log_format", http, 2, Any), ("access_log", Hsli, 1, Any), ("root", Hsli, 1, 1), ("alias", location, 1, 1), ("index", Hsl, 1, Any),
            ("autoindex autoindex_exact_size autoindex_format autoindex_localtime", Hsl, 1, 1), ("try_files", server | location, 2, Any), ("error_page", Hsli, 2, Any), ("default_type", Hsl, 1, 1), ("charset", Hsli, 1, 1),
            ("add_header", Hsli, 2, 3), ("expires", Hsli, 1, 2), ("client_max_body_size client_body_timeout keepalive_timeout", Hsl, 1, 2), ("client_header_timeout", Hs, 1, 1), ("allow deny", Hsl, 1, 1),
            ("auth_basic auth_basic_user_file", Hsl, 1, 1), ("internal", location, 0, 0), ("stub_status", server | location, 0, 1), ("server_tokens absolute_redirect port_in_redirect server_name_in_redirect", Hsl, 1, 1),
            ("proxy_pass", location | ConfigContext.If, 1, 1), ("proxy_set_header", Hsl, 2, 2), ("proxy_http_version proxy_connect_timeout proxy_read_timeout proxy_intercept_errors", Hsl, 1, 1),
            ("return", Sli, 1, 2), ("rewrite", Sli, 2, 3), ("set", Sli, 2, 2), ("break", Sli, 0, 0),
        ];
        foreach (var (names, contexts, least, most) in simple)
        {
            foreach (var name in names.Split(' '))
            {
                yield return (name, new(contexts, least, most));
            }
        }
    }
}
