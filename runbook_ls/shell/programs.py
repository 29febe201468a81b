"""What single programs do: the tables behind `risk`. Data only; sub-command tools are in `tools.py`.

A program is called read-only only if it stands here. The sets say what a program does *whatever its arguments*;
UNSAFE_OPTIONS and ONLY_OPTIONS name the arguments that matter. GNU, BSD and macOS behaviour are all meant.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# No argument of theirs writes, sends, runs a program or changes the machine.
HARMLESS = _set(
    """
    : [ [[ arch base32 basename b2sum cal cat cksum cmp comm cut df diff dirname du echo egrep expand expr factor
    false fgrep fold free getconf getent grep groups head id iostat join jobs last lastlog locale logname look ls
    lsattr lsblk lscpu lsipc lslogins lsmem lsmod lsns lsof lspci lsusb md5 md5sum mpstat namei nl nproc numfmt od
    paste pgrep pidof pidstat pmap printenv printf ps pstree ptx pwd readlink realpath rev sar seq sha1sum
    sha224sum sha256sum sha384sum sha512sum shasum sleep stat strings sum tac tail test tr true tsort tty type
    uname unexpand uptime users vmstat w wc where which who whoami zcat zgrep bzcat xzcat zstdcat zegrep zfgrep
    jq hexdump nstat findmnt getfacl getfattr getcap lsinitramfs sensors dmidecode nm size ldconfig-p ntpstat
    cd pushd popd dirs shift return exit break continue wait times umask ulimit getopts local shopt set
    """
)

# Read-only unless one of these is given. Long options also count abbreviated, letters also inside a cluster.
UNSAFE_OPTIONS = {
    "base64": "-o --output",
    "bat": "--pager",
    "column": "--no-such",
    "date": "-s --set",
    "dmesg": "-c -C -D -E -n --clear --read-clear --console-on --console-off --console-level",
    "fd": "-x -X --exec --exec-batch",
    "file": "-C --compile",
    "journalctl": "--vacuum-size --vacuum-time --vacuum-files --rotate --flush --sync --relinquish-var "
    "--smart-relinquish-var --setup-keys --update-catalog --cursor-file",
    "loginctl": "-x",
    "netstat": "-z",
    "rg": "--pre --hostname-bin --search-zip -z",
    "sort": "-o --output --compress-program --temporary-directory -T",
    "ss": "-K --kill -D --diag",
    "tree": "-o -R",
    "uniq": "--no-such",
    "xxd": "-r --revert",
    "yq": "-i --inplace --in-place -s --split-exp --from-file",
    "dig": "-f",
    "host": "--no-such",
    "nslookup": "--no-such",
    "ping": "-f",
    "ping6": "-f",
    "traceroute": "--no-such",
    "tracepath": "--no-such",
    "whois": "--no-such",
    "mtr": "--no-such",
}  # fmt: skip

# Read-only only if every argument is one of these options (`=`: takes a value) and there is no other argument.
ONLY_OPTIONS = {
    "hostname": "-a -A -d -f -i -I -s -y --alias --all-fqdns --all-ip-addresses --domain --fqdn --ip-address --long --short",
    "mount": "-l",
    "env": "-0 --null",
    "alias": "-p",
    "export": "-p",
    "declare": "-p -f -F -x -a -A",
    "typeset": "-p -f -F -x -a -A",
    "hash": "-l",
    "history": "",
    "top": "-b -n= -d= -p= -u= -o= -w= -H -c -i -1",
    "sysctl": "-a -A --all",
    "timedatectl": "",
    "hostnamectl": "",
    "localectl": "",
    "swapon": "-s -v --show --summary --noheadings --raw --bytes",
    "uniq": "-c -d -u -i -f= -s= -w= -z --count --repeated --unique --ignore-case",
    "xxd": "-l= -s= -c= -g= -p -u -b",
    "times": "",
}

# The last operand of these is a file to write: read-only with at most this many operands.
OPERANDS = {"uniq": 1, "column": 99, "xxd": 1, "host": 2, "nslookup": 2}

# These send their arguments over the network: a read-only one has literal words only.
SENDS = frozenset({"curl", "dig", "host", "nslookup", "ping", "ping6", "traceroute", "tracepath", "whois", "mtr"})

# Whatever the arguments, these can lose what cannot be had back.
DESTRUCTIVE = {
    "rm": "removes files",
    "rmdir": "removes directories",
    "unlink": "removes a file",
    "shred": "overwrites files",
    "srm": "removes files",
    "wipe": "overwrites files",
    "trash": "removes files",
    "dd": "writes raw data",
    "truncate": "cuts files",
    "fallocate": "changes a file's blocks",
    "wipefs": "erases file-system signatures",
    "blkdiscard": "discards a device's data",
    "fdisk": "changes partitions",
    "sfdisk": "changes partitions",
    "cfdisk": "changes partitions",
    "gdisk": "changes partitions",
    "sgdisk": "changes partitions",
    "parted": "changes partitions",
    "partprobe": "changes partitions",
    "mkswap": "formats a device",
    "newfs": "formats a device",
    "diskutil": "may erase a disk",
    "hdparm": "may erase a disk",
    "cryptsetup": "may erase a device's keys",
    "lvremove": "removes volumes",
    "vgremove": "removes volume groups",
    "pvremove": "removes physical volumes",
    "lvreduce": "shrinks volumes",
    "mdadm": "may destroy an array",
    "zpool": "may destroy a pool",
    "zfs": "may destroy a file system",
    "btrfs": "may delete subvolumes",
    "debugfs": "may change a file system's structure",
    "userdel": "deletes a user",
    "deluser": "deletes a user",
    "groupdel": "deletes a group",
    "delgroup": "deletes a group",
    "reboot": "restarts the machine",
    "shutdown": "stops the machine",
    "poweroff": "stops the machine",
    "halt": "stops the machine",
    "init": "changes the run level",
    "telinit": "changes the run level",
    "kexec": "starts another kernel",
    "dropdb": "drops a database",
    "dropuser": "drops a database role",
    "fstrim": "discards unused blocks",
    "pg_resetwal": "resets the write-ahead log",
    "pg_dropcluster": "drops a cluster",
    "flushall": "removes all keys",
    "certutil": "may delete certificates",
    "tmpwatch": "removes files",
    "tmpreaper": "removes files",
    "git-filter-repo": "rewrites history",
    "bfg": "rewrites history",
    "rd": "removes directories",
    "del": "removes files",
    "Remove-Item": "removes files",
    "format": "formats a device",
    "nsupdate": "changes DNS records",
    "wevtutil": "may clear logs",
    "vssadmin": "may delete shadow copies",
}
DESTRUCTIVE_PREFIXES = {"mkfs": "formats a device", "mke2fs": "formats a device", "fsck": "repairs a file system in place"}

# Programs that change something, but nothing is lost by them as a rule: with these options something is.
CHANGING = {
    "apk": "del", "ansible": "", "ansible-playbook": "", "at": "-r -d", "atrm": "", "blockdev": "--flushbufs", "brew": "uninstall remove rm cleanup autoremove",
    "bundle": "clean", "bunzip2": "", "bzip2": "", "cargo": "clean uninstall", "certbot": "delete revoke", "chattr": "", "chgrp": "", "chmod": "",
    "chown": "", "chsh": "", "conda": "remove clean uninstall", "cp": "--remove-destination", "cpio": "", "createdb": "", "createuser": "",
    "crontab": "-r", "disown": "", "dpkg": "-r -P --remove --purge", "gem": "uninstall cleanup", "go": "clean",
    "gunzip": "", "gzip": "", "ifconfig": "", "ifdown": "", "ifup": "", "insmod": "", "install": "", "initctl": "", "ipset": "flush destroy -F -X",
    "iptables": "-F -X -D --flush --delete --delete-chain", "ip6tables": "-F -X -D --flush --delete --delete-chain", "iptables-restore": "", "kill": "", "killall": "",
    "launchctl": "remove bootout unload", "ln": "", "logger": "", "logrotate": "-f --force", "lvcreate": "", "lvextend": "", "lz4": "--rm", "make": "clean distclean mrproper",
    "mail": "", "mailx": "", "mkdir": "", "mkfifo": "", "mknod": "", "mktemp": "", "modprobe": "-r --remove", "mogrify": "", "mv": "", "nft": "flush delete",
    "nmcli": "delete", "npm": "uninstall unpublish prune", "pacman": "-R --remove", "passwd": "-d --delete -l", "patch": "", "pg_ctl": "", "pg_ctlcluster": "", "pg_dump": "", "pg_dumpall": "", "pg_basebackup": "",
    "pg_restore": "-c --clean", "pip": "uninstall", "pip3": "uninstall", "pipx": "uninstall uninstall-all", "pkill": "", "pnpm": "remove prune", "poetry": "remove", "qemu-img": "",
    "renice": "", "resize2fs": "", "rmmod": "", "rpm": "-e --erase", "rsync": "--delete --delete-before --delete-during --delete-after --delete-delay --delete-excluded --del --remove-source-files --remove-sent-files",
    "scp": "", "sendmail": "", "service": "", "setfacl": "-b --remove-all", "setcap": "-r", "sftp": "", "skopeo": "delete", "snap": "remove", "split": "", "csplit": "",
    "ssh-copy-id": "", "ssh-keygen": "-R", "swapoff": "", "sync": "", "tar": "--remove-files --delete", "tc": "del delete", "tee": "", "touch": "", "tune2fs": "",
    "ufw": "reset delete", "umount": "", "unxz": "", "unzip": "", "update-alternatives": "--remove --remove-all", "useradd": "", "usermod": "", "uv": "remove uninstall clean", "wall": "", "wget": "",
    "xz": "", "yarn": "remove", "zip": "-d -m --delete --move", "zstd": "--rm", "ssh-add": "-d -D", "gpg": "--delete-keys --delete-secret-keys --delete-secret-and-public-key", "read": "", "mapfile": "", "readarray": "", "unset": "", "readonly": "", "let": "",
    "chpasswd": "", "groupadd": "", "visudo": "", "adduser": "", "addgroup": "", "hwclock": "", "ntpdate": "", "setenforce": "", "restorecon": "", "semanage": "-D --deleteall", "firewall-cmd": "", "keytool": "-delete",
    "xfs_growfs": "", "losetup": "-D -d --detach --detach-all", "pvcreate": "", "vgcreate": "", "growpart": "", "docker-compose-up": "", "kinit": "", "kdestroy": "", "createrepo": "", "openvpn": "", "wg-quick": "",
}  # fmt: skip

# Words that make an unknown program's command line destructive.
DESTROYING_WORDS = _set(
    """
    delete destroy remove rm del purge drop prune uninstall wipe erase flush flushall flushdb nuke terminate
    truncate format obliterate shred unlink rmi rb rmdir deleteall dropdb teardown delete-all remove-all
    decommission --delete --destroy --purge --remove --wipe --erase --prune --drop --force-delete
    """
)
DESTROYING_PREFIXES = (
    "delete-", "destroy-", "remove-", "purge-", "drop-", "terminate-", "batch-delete", "--delete-", "deregister-", "wipe-", "delete:", "destroy:",
)  # fmt: skip

# Run the command that follows their own options; None as options: what they do cannot be told.
WRAPPERS = {
    "builtin": "",
    "caffeinate": "-d -i -m -s -u -t=",
    "chrt": "-b -f -i -o -r -p -a --batch --fifo --idle --other --rr",
    "command": "-p",
    "doas": "-n -s -u= -C=",
    "env": "-i -0 -u= -C= -v --ignore-environment --unset= --chdir= --null --debug",
    "exec": "-c -l -a=",
    "ionice": "-c= -n= -t -p= --class= --classdata= --ignore",
    "nice": "-n= --adjustment=",
    "nohup": "",
    "setsid": "-c -f -w --ctty --fork --wait",
    "stdbuf": "-i= -o= -e= --input= --output= --error=",
    "sudo": "-A -b -E -H -i -k -n -P -S -s -v -u= -g= -h= -p= -r= -t= -C= -D= -R= -T= --preserve-env --user= --group= --host= --non-interactive --login --set-home --stdin --background --chdir= --askpass --prompt= --shell",
    "time": "-p -v -a -f= -o= --verbose --append --format= --output= --portability",
    "timeout": "-k= -s= -v --kill-after= --signal= --preserve-status --foreground --verbose",
    "unbuffer": "-p",
    "watch": "-n= -d -t -b -e -g -c -x --interval= --differences --no-title --beep --errexit --chgexit --color --exec",
    "xargs": "-0 -r -t -x -o -p -n= -I= -P= -d= -L= -a= -E= -s= -i -J= -R= --null --no-run-if-empty --verbose --max-args= --max-procs= --delimiter= --arg-file= --max-lines= --replace= --max-chars= --exit --interactive",
    "parallel": "-j= -k -X -m -N= -n= -a= --jobs= --keep-order --halt= --bar --dry-run --will-cite --colsep= -C= --tag --no-notice",
    "flock": "-n -x -s -u -w= -E= -o -c= -F --nonblock --exclusive --shared --unlock --timeout= --wait= --close --no-fork",
    "chroot": "--userspec= --groups= --skip-chdir",
    "nsenter": "-a -m -u -i -n -p -U -C -T -t= -F -r -w --all --mount --uts --ipc --net --pid --user --cgroup --target= --no-fork",
    "unshare": "-m -u -i -n -p -U -C -f -r --mount --uts --ipc --net --pid --user --fork --map-root-user --mount-proc",
    "strace": "-f -c -t -T -y -v -q -e= -p= -s= -o= -u=",
    "ltrace": "-f -c -S -t -e= -p= -s= -o= -u=",
    "runuser": "-u= -g= -G= -m -p -f -l",
    "faketime": "-f",
    "numactl": "-N= -m= -C= -i= -l --cpunodebind= --membind= --physcpubind= --interleave= --localalloc",
    "taskset": "-a -c -p",
    "cgexec": "-g= --sticky",
    "busybox": "",
    "toybox": "",
    "torsocks": "",
    "proxychains": "-q -f=",
    "dbus-run-session": "",
    "systemd-run": "-t -P -G -q -d -r -S -u= -p= -E= -M= --user --system --scope --wait --pty --pipe --collect --unit= --property= --uid= --gid= --nice= --slice= --description= --working-directory= --setenv= --service-type= --on-active= --on-calendar=",
    "mise": "",
    "aws-vault": "",
    "coproc": "",
    "sshpass": "-e -p= -f= -d= -P= -v",
    "gosu": "",
    "su-exec": "",
    "tini": "-g -s -v --",
    "rlwrap": "-a -r -c -A -H=",
    "script": "-q -f -e -a -c= --quiet --flush --return --append --command=",
}  # fmt: skip

# Operands of a wrapper before the command it runs.
WRAPPER_OPERANDS = {"timeout": 1, "chroot": 1, "flock": 1, "chrt": 1, "taskset": 1, "faketime": 1, "gosu": 1, "su-exec": 1}

# What these run does not become read-only by it: another user, root, machine or time.
RAISING = _set(
    """
    sudo doas runuser chroot nsenter unshare strace ltrace flock parallel systemd-run coproc busybox toybox gosu
    su-exec script cgexec faketime torsocks proxychains mise aws-vault sshpass watch tini rlwrap dbus-run-session
    """
)

SHELLS = frozenset({"bash", "sh", "dash", "zsh", "ksh", "ash", "mksh", "rbash", "fish", "pwsh", "powershell", "csh", "tcsh"})

INTERPRETERS = _set(
    """
    python python2 python3 perl ruby node nodejs deno bun php lua luajit Rscript julia tclsh expect osascript
    groovy scala jshell ipython pypy pypy3 irb racket guile elixir swift gawk-script
    """
)
# What a program text of an interpreter shows when it destroys; a hint only, it is never read-only anyway.
DESTROYING_CODE = (
    r"\b(?:rmtree|unlink|unlinkSync|rmSync|rmdirSync|os\.remove|os\.rmdir|removedirs|FileUtils\.rm\w*|File\.delete|"
    r"rm -|dropDatabase|deleteMany|drop_all|drop\(\)|remove\(\)|DROP\s+TABLE|TRUNCATE|DELETE\s+FROM)"
)

# Setting one of these changes which programs run, what they load or which configuration they trust.
TELLING_VARIABLES = (
    r"(?:PATH|CDPATH|ENV|IFS|PS\d|BASH.*|SHELL.*|PROMPT_.*|LD_.*|DYLD_.*|GIT_.*|\w*PAGER|\w*EDITOR|VISUAL|\w*BROWSER|"
    r"PYTHON.*|PERL.*|RUBY.*|NODE_.*|NPM_.*|JAVA_.*|\w*_OPTS|\w*_OPTIONS|\w*_PRELOAD|LESS.*|MAN.*|KUBE.*|CLOUDSDK_.*|"
    r"AWS_(?!PROFILE$|REGION$|DEFAULT_REGION$)\w+|AZURE_\w+|HELM_.*|TF_.*|DOCKER_.*|\w*ASKPASS|SSH.*|GPG.*|"
    r"RIPGREP_CONFIG_PATH|HOME|XDG_.*|TMPDIR|OPENSSL.*|SSL.*|CURL.*|GCONV_PATH|LOCPATH|NLSPATH|MALLOC_.*|HOSTALIASES|"
    r"PG(?:SERVICEFILE|SYSCONFDIR|PASSFILE)|PSQL.*|MYSQL.*|SYSTEMD_.*|JQ_.*|TERMINFO.*|TERMCAP|"
    r"HIST\w+|FIGNORE|GLOBIGNORE|EXECIGNORE|INPUTRC|(?i:\w*_proxy))"
)
