"""The command line: each command is a thin client of the daemon's local socket.

Exit codes, but for `ccd status`, which has Nagios's:

| code | meaning |
| --- | --- |
| 0 | done |
| 1 | refused, not found, or a check found something wrong: the message says what to do |
| 2 | the command line is wrong |
| 3 | no daemon answers on the socket |
| 4 | the daemon failed; its log says why |
| 130 | interrupted |
"""
