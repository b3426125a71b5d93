"""Settings, addresses and the ways in (web, worker, command line). Holds no rule of the domain."""
