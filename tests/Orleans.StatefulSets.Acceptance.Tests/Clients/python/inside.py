"""Into a pod: exec, logs and a forwarded port."""

from kubernetes.stream import portforward, stream

from cluster import expect, proven


def run(cluster):
    cluster.create_set(replicas=1, claims=False)
    cluster.wait_for_ready(1)
    pod = ("web-0", cluster.namespace)

    shell = stream(cluster.core.connect_get_namespaced_pod_exec, *pod, command=["sh", "-c", "hostname; exit 3"],
                   stderr=True, stdin=False, stdout=True, tty=False, _preload_content=False)
    shell.run_forever(timeout=20)
    expect((shell.read_stdout(), shell.read_stderr(), shell.returncode), ("web-0\n", "", 3))
    proven("a command's output and exit code come back")

    cat = stream(cluster.core.connect_get_namespaced_pod_exec, *pod, command=["head", "-n", "2"],
                 stderr=True, stdin=True, stdout=True, tty=False, _preload_content=False)
    cat.write_stdin("one\ntwo\n")
    cat.run_forever(timeout=20)
    expect((cat.read_stdout(), cat.returncode), ("one\ntwo\n", 0))
    proven("what is typed is read")

    forwarded = portforward(cluster.core.connect_get_namespaced_pod_portforward, *pod, ports="80")
    connection = forwarded.socket(80)
    connection.setblocking(True)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: web-0\r\nConnection: close\r\n\r\n")
    answer = b""
    while part := connection.recv(4096):
        answer += part
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer
    assert b"<title>Welcome to nginx!</title>" in answer, answer
    expect(forwarded.error(80), None)
    proven("a forwarded port reaches the server")

    log = cluster.core.read_namespaced_pod_log(*pod, tail_lines=1)
    assert '"GET / HTTP/1.1" 200' in log, log
    proven("the log tells of the request")
