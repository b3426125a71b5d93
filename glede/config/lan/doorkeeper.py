"""How the door's own small web server runs: like the web server, with one process and no TLS."""

from glede.config.gunicorn import bind, forwarded_allow_ips, on_starting, post_fork

wsgi_app = "glede.config.lan.door:application"
workers, threads, worker_class = 1, 4, "gthread"
timeout, graceful_timeout, keepalive = 30, 2, 2
control_socket_disable = True
loglevel = "warning"
proc_name = "glede door"

__all__ = ["bind", "forwarded_allow_ips", "on_starting", "post_fork"]
