"""What single programs do: the tables behind `risk`. Data only; tools with sub-commands are in `tool_tables.py`.

A program is called read-only only if it stands here. GNU, BSD and macOS behaviour are all meant. Sources: the
programs' manual pages.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# No argument of theirs writes, sends, runs a program or changes the machine; builtins that change only the shell.
HARMLESS = _set(
    """
    : [ [[ arch b2sum base32 basename bzcat cal cat cd cksum cmp column comm cut df diff dirname dirs du echo egrep exit
    expand expr factor false fgrep findmnt fold free getcap getconf getfacl getfattr grep groups head hexdump id
    iostat jobs join jq last lastlog locale logname look ls lsattr lsblk lscpu lsipc lslogins lsmem lsmod lsns lsof
    lsusb md5 md5sum mpstat namei nl nproc numfmt od paste pgrep pidof popd printenv printf ps pstree
    pushd pwd readlink realpath return rev seq sha1sum sha224sum sha256sum sha384sum sha512sum shasum shift sleep stat
    strings sum tac tail test times tr true tsort tty type ulimit umask uname unexpand uptime users vmstat w wait wc
    where which who whoami xzcat zcat zegrep zfgrep zgrep zipinfo break continue
    """
)

# Read-only unless one of these is given. Long options count abbreviated too, letters also inside a cluster.
UNSAFE_OPTIONS = {
    "arp": "-d -s -f --delete --set --file",
    "base64": "-o --output",
    "bat": "cache",
    "dig": "-f",
    "dmesg": "-c -C -D -E -n --clear --read-clear --console-on --console-off --console-level",
    "dmidecode": "--dump-bin",
    "fd": "",
    "file": "-C --compile",
    "getent": "",
    "host": "",
    "journalctl": "--vacuum-size --vacuum-time --vacuum-files --rotate --flush --sync --relinquish-var --root --image "
    "--smart-relinquish-var --setup-keys --update-catalog --cursor-file",
    "lspci": "-A -F -H -M -O -Q -q",
    "mtr": "",
    "netstat": "",
    "nm": "",
    "nslookup": "",
    "pidstat": "",
    "ping": "-f",
    "ping6": "-f",
    "pmap": "-n -N --create-rc --create-rc-to",
    "ptx": "-G --traditional",
    "rg": "",
    "sar": "-o",
    "sensors": "-s --set",
    "size": "",
    "sort": "-o --output --temporary-directory -T",
    "ss": "-K --kill -D --diag",
    "tracepath": "",
    "traceroute": "",
    "tree": "-o -R",
    "whois": "",
    "yq": "-i --inplace --in-place -s --split-exp --split-exp-file",
    "zstdcat": "-o -r -z --output-dir-flat --output-dir-mirror --rm --trace --train --train-cover --train-fastcover "
    "--train-legacy --compress",
}

# With one of these they run another program.
RUNNING_OPTIONS = {
    "bat": "--pager --lessopen",
    "fd": "-x -X --exec --exec-batch",
    "jobs": "-x",
    "nm": "--plugin",
    "pidstat": "-e",
    "rg": "--pre --hostname-bin --search-zip -z",
    "size": "--plugin",
    "sort": "--compress-program",
    "yq": "--security-enable-system-operator",
}
# A word `@FILE` of these stands for the options in the file.
READS_OPTIONS = _set("nm size")

# These send their arguments over the network: a read-only one has literal words only.
SENDS = _set("dig getent host mtr nslookup ping ping6 tracepath traceroute whois")

# Read-only only if every option is one of these (`=`: takes a value) and there is no operand but OPERANDS allows it.
ONLY_OPTIONS = {
    "date": "-u -R -d= -r= -I --utc --iso-8601 --rfc-email --rfc-3339= --date= --reference= --universal -v= -j",
    "env": "-0 --null",
    "hash": "-l",
    "history": "",
    "hostname": "-a -A -d -f -i -I -s -y --alias --all-fqdns --all-ip-addresses --domain --fqdn --ip-address --long --short",
    "hostnamectl": "",
    "ifconfig": "-a -s -v",
    "localectl": "",
    "mount": "-l -v -t=",
    "route": "-n -e -v",
    "swapon": "-s -v --show --summary --noheadings --raw --bytes",
    "sysctl": "-a -A --all",
    "timedatectl": "",
    "top": "-b -n= -d= -p= -u= -o= -w= -H -c -i -1",
    "uniq": "-c -d -u -i -f= -s= -w= -z --count --repeated --unique --ignore-case",
    "unzip": "-l -v -Z",
    "xxd": "-l= -s= -c= -g= -p -u -b",
}
REQUIRED_OPTIONS = {"unzip": "-l -v -Z"}  # read-only only with one of these
OPERANDS = {"uniq": 1, "xxd": 1, "unzip": 99}  # the operand after these would be a file to write

# Whatever the arguments, these can lose what cannot be had back.
DESTRUCTIVE = {
    "Remove-Item": "removes files",
    "bfg": "rewrites history",
    "blkdiscard": "discards a device's data",
    "btrfs": "may delete subvolumes",
    "cfdisk": "changes partitions",
    "certutil": "may delete certificates",
    "cryptsetup": "may erase a device's keys",
    "dd": "writes raw data",
    "debugfs": "may change a file system's structure",
    "del": "removes files",
    "delgroup": "deletes a group",
    "deluser": "deletes a user",
    "diskutil": "may erase a disk",
    "dropdb": "drops a database",
    "dropuser": "drops a database role",
    "fallocate": "changes a file's blocks",
    "fdisk": "changes partitions",
    "format": "formats a device",
    "fstrim": "discards unused blocks",
    "gdisk": "changes partitions",
    "git-filter-repo": "rewrites history",
    "groupdel": "deletes a group",
    "halt": "stops the machine",
    "hdparm": "may erase a disk",
    "init": "changes the run level",
    "kexec": "starts another kernel",
    "lvreduce": "shrinks volumes",
    "lvremove": "removes volumes",
    "mdadm": "may destroy an array",
    "mkswap": "formats a device",
    "newfs": "formats a device",
    "nvme": "may erase a disk",
    "parted": "changes partitions",
    "partprobe": "changes partitions",
    "pg_dropcluster": "drops a cluster",
    "pg_resetwal": "resets the write-ahead log",
    "poweroff": "stops the machine",
    "pvremove": "removes physical volumes",
    "rd": "removes directories",
    "reboot": "restarts the machine",
    "rm": "removes files",
    "rmdir": "removes directories",
    "sfdisk": "changes partitions",
    "sgdisk": "changes partitions",
    "shred": "overwrites files",
    "shutdown": "stops the machine",
    "srm": "removes files",
    "telinit": "changes the run level",
    "tmpreaper": "removes files",
    "tmpwatch": "removes files",
    "trash": "removes files",
    "truncate": "cuts files",
    "unlink": "removes a file",
    "userdel": "deletes a user",
    "vgremove": "removes volume groups",
    "vssadmin": "may delete shadow copies",
    "wevtutil": "may clear logs",
    "wipe": "overwrites files",
    "wipefs": "erases file-system signatures",
    "zfs": "may destroy a file system",
    "zpool": "may destroy a pool",
}
DESTRUCTIVE_PREFIXES = {
    "mkfs": "formats a device",
    "mke2fs": "formats a device",
    "fsck": "repairs a file system in place",
    "e2fsck": "repairs a file system in place",
}

# These change something, but as a rule nothing is lost by them.
CHANGING = _set(
    """
    addgroup adduser ansible ansible-playbook atrm bunzip2 bzip2 chattr chgrp chmod chown chpasswd chsh cpio createdb
    createrepo createuser csplit disown groupadd gunzip gzip hwclock ifdown ifup initctl insmod install iptables-restore
    kdestroy kill killall kinit ln logger lvcreate lvextend mail mailx mkdir mkfifo mknod mktemp mogrify mv nsupdate
    ntpdate openvpn patch pg_basebackup pg_ctl pg_ctlcluster pg_dump pg_dumpall pkill pvcreate qemu-img renice resize2fs
    restorecon rmmod scp sendmail service setenforce sftp split swapoff sync tee touch tune2fs umount unxz useradd
    usermod vgcreate visudo wall wget wg-quick xfs_growfs xz growpart mysqldump mongodump
    """
)

# The same, but with these options or operands something is lost.
CHANGING_UNLESS = {
    "apk": "del",
    "blockdev": "--flushbufs",
    "bundle": "clean",
    "cargo": "clean uninstall",
    "conda": "remove clean uninstall",
    "cp": "--remove-destination",
    "gem": "uninstall cleanup",
    "go": "clean",
    "ip6tables": "-F -X -D -Z --flush --delete --delete-chain --zero",
    "ipset": "flush destroy -F -X",
    "keytool": "-delete",
    "launchctl": "remove bootout unload",
    "logrotate": "-f --force",
    "losetup": "-D -d --detach --detach-all",
    "lz4": "--rm",
    "make": "clean distclean mrproper",
    "modprobe": "-r --remove",
    "mongorestore": "--drop",
    "pacman": "-R --remove",
    "passwd": "-d --delete -l",
    "pg_restore": "-c --clean",
    "pipx": "uninstall uninstall-all",
    "pnpm": "remove prune",
    "poetry": "remove",
    "rclone": "delete deletefile purge sync move rmdir rmdirs cleanup",
    "rsync": "--delete --delete-before --delete-during --delete-after --delete-delay --delete-excluded --del "
    "--remove-source-files --remove-sent-files",
    "s3cmd": "del rb rm --delete-removed",
    "semanage": "-D --deleteall",
    "setcap": "-r",
    "setfacl": "-b --remove-all",
    "skopeo": "delete",
    "ssh-add": "-d -D",
    "ssh-copy-id": "",
    "ssh-keygen": "-R",
    "tar": "--remove-files --delete",
    "tc": "del delete",
    "update-alternatives": "--remove --remove-all",
    "uv": "remove uninstall clean",
    "yarn": "remove",
    "zip": "-d -m --delete --move",
    "zstd": "--rm",
}

# Words that make an unknown program's command line destructive.
DESTROYING_WORDS = _set(
    """
    decommission del delete delete-all deleteall destroy drop dropdb erase flush flushall flushdb nuke obliterate prune
    purge rb remove remove-all rm rmdir rmi shred teardown terminate truncate uninstall unlink wipe
    --delete --destroy --drop --erase --force-delete --prune --purge --remove --wipe
    """
)
DESTROYING_PREFIXES = (
    "--delete-", "batch-delete", "delete-", "delete:", "deregister-", "destroy-", "destroy:", "drop-", "purge-",
    "remove-", "terminate-", "wipe-",
)  # fmt: skip

# Run the command that follows their own options.
WRAPPERS = {
    "aws-vault": "",
    "builtin": "",
    "busybox": "",
    "caffeinate": "-d -i -m -s -u -t=",
    "cgexec": "-g= --sticky",
    "chroot": "--userspec= --groups= --skip-chdir",
    "chrt": "-b -f -i -o -r -p -a --batch --fifo --idle --other --rr",
    "command": "-p",
    "coproc": "",
    "dbus-run-session": "",
    "doas": "-n -s -u= -C=",
    "env": "-i -0 -u= -C= -v --ignore-environment --unset= --chdir= --null --debug",
    "exec": "-c -l -a=",
    "faketime": "-f",
    "flock": "-n -x -s -u -w= -E= -o -c= -F --nonblock --exclusive --shared --unlock --timeout= --wait= --close --no-fork",
    "gosu": "",
    "ionice": "-c= -n= -t -p= --class= --classdata= --ignore",
    "ltrace": "-f -c -S -t -e= -p= -s= -o= -u=",
    "mise": "",
    "nice": "-n= --adjustment=",
    "nohup": "",
    "nsenter": "-a -m -u -i -n -p -U -C -T -t= -F -r -w --all --mount --uts --ipc --net --pid --user --cgroup --target= "
    "--no-fork",
    "numactl": "-N= -m= -C= -i= -l --cpunodebind= --membind= --physcpubind= --interleave= --localalloc",
    "parallel": "-j= -k -X -m -N= -n= -a= --jobs= --keep-order --halt= --bar --dry-run --will-cite --colsep= -C= --tag",
    "proxychains": "-q -f=",
    "rlwrap": "-a -r -c -A -H=",
    "runuser": "-u= -g= -G= -m -p -f -l",
    "script": "-q -f -e -a -c= --quiet --flush --return --append --command=",
    "setsid": "-c -f -w --ctty --fork --wait",
    "sshpass": "-e -p= -f= -d= -P= -v",
    "stdbuf": "-i= -o= -e= --input= --output= --error=",
    "strace": "-f -c -t -T -y -v -q -e= -p= -s= -o= -u=",
    "su-exec": "",
    "sudo": "-A -b -E -H -i -k -n -P -S -s -v -u= -g= -h= -p= -r= -t= -C= -D= -R= -T= --preserve-env --user= --group= "
    "--host= --non-interactive --login --set-home --stdin --background --chdir= --askpass --prompt= --shell",
    "systemd-run": "-t -P -G -q -d -r -S -u= -p= -E= -M= --user --system --scope --wait --pty --pipe --collect --unit= "
    "--property= --uid= --gid= --nice= --slice= --description= --working-directory= --setenv= --service-type= "
    "--on-active= --on-calendar=",
    "taskset": "-a -c -p",
    "time": "-p -v -a -f= -o= --verbose --append --format= --output= --portability",
    "timeout": "-k= -s= -v --kill-after= --signal= --preserve-status --foreground --verbose",
    "tini": "-g -s -v",
    "torsocks": "",
    "toybox": "",
    "unbuffer": "-p",
    "unshare": "-m -u -i -n -p -U -C -f -r --mount --uts --ipc --net --pid --user --fork --map-root-user --mount-proc",
    "watch": "-n= -d -t -b -e -g -c -x --interval= --differences --no-title --beep --errexit --chgexit --color --exec",
    "xargs": "-0 -r -t -x -o -p -n= -I= -P= -d= -L= -a= -E= -s= -i -J= -R= --null --no-run-if-empty --verbose --max-args= "
    "--max-procs= --delimiter= --arg-file= --max-lines= --replace= --max-chars= --exit --interactive",
}
# Options of `set`, and of `shopt -o`, that change no meaning of the words behind them. (`keyword` makes assignments of
# arguments, `history` and `histexpand` make `!$` a text of before.)
SET_LETTERS = frozenset("abCeEfhmnopPrtTuvx")
SET_OPTIONS = _set(
    "allexport braceexpand errexit errtrace functrace hashall monitor noclobber noexec noglob notify nounset onecmd "
    "physical pipefail verbose xtrace"
)

WRAPPER_OPERANDS = {
    "timeout": 1,
    "chroot": 1,
    "flock": 1,
    "chrt": 1,
    "taskset": 1,
    "faketime": 1,
    "gosu": 1,
    "su-exec": 1,
}

# What these run is never read-only: another user, root, machine or time, or out of sight. (sudo and doas: changing.)
RAISING = _set(
    """
    aws-vault busybox cgexec chroot coproc dbus-run-session faketime flock gosu ltrace mise nsenter parallel
    proxychains rlwrap runuser script sshpass strace su-exec systemd-run tini torsocks toybox unshare watch
    """
)

# What these read may mean something else than to bash: quotes, braces, a glob that runs code.
OTHER_SHELLS = _set("csh fish ksh mksh powershell pwsh tcsh zsh")

SHELLS = _set("ash bash csh dash fish ksh mksh powershell pwsh rbash sh tcsh zsh")

INTERPRETERS = _set(
    """
    bb bun clojure deno elixir expect groovy guile ipython irb java jshell julia lua luajit mongo mongosh node nodejs osascript perl
    php pypy pypy3 python python2 python3 R racket Rscript ruby scala swift tclsh ts-node tsx
    """
)
# What a program text of an interpreter shows when it destroys; a hint only, it is never read-only anyway.
DESTROYING_CODE = (
    r"\b(?:rmtree|unlink|unlinkSync|rmSync|rmdirSync|os\.remove|os\.rmdir|removedirs|FileUtils\.rm\w*|File\.delete|"
    r"rm -|dropDatabase|deleteMany|deleteOne|drop_all|drop\(\)|remove\(\)|DROP\s+TABLE|TRUNCATE|DELETE\s+FROM)"
)

# Setting one of these changes which programs run, what they load or which configuration they trust; or one that begins
# or ends so, in any case of letters for a proxy.
TELLING_VARIABLES = _set(
    """
    PATH CDPATH ENV IFS PS0 PS1 PS2 PS3 PS4 PS5 PS6 PS7 PS8 PS9 VISUAL GREP_OPTIONS RIPGREP_CONFIG_PATH HOME TMPDIR
    GCONV_PATH LOCPATH NLSPATH HOSTALIASES PGSERVICEFILE PGSYSCONFDIR PGPASSFILE TERMCAP FIGNORE GLOBIGNORE EXECIGNORE
    INPUTRC POSIXLY_CORRECT
    """
)
TELLING_BEGINNINGS = tuple(
    """
    BASH SHELL PROMPT_ LD_ DYLD_ GIT_ PYTHON PERL RUBY NODE_ NPM_ JAVA_ LESS MAN KUBE CLOUDSDK_ AWS_ AZURE_ HELM_ TF_
    DOCKER_ SSH GPG XDG_ OPENSSL SSL CURL MALLOC_ PSQL MYSQL SYSTEMD_ JQ_ TERMINFO VAULT_ HIST ARGOCD_ BAT_ BZIP CERTBOT_
    CLICKHOUSE_ CONSUL_ CONTAINER DBUS_ DPKG_ ERL_ ETCDCTL_ FLUX_ GH_ GLIBC_ GNUPG GOOGLE_APPLICATION_ GOOGLE_EXTERNAL_ GZIP
    HOMEBREW_ MINIKUBE_ MTR_ NERDCTL NOMAD_ PIP_ RABBITMQ_ REDISCLI_ RPM_ TEXTDOMAIN XZ_ ZSTD_
    """.split()
)
TELLING_ENDS = tuple(
    "PAGER EDITOR BROWSER _OPTS _OPTIONS _PRELOAD ASKPASS _CONFIG _CONFIG_DIR _CONFIG_FILE _CONFIG_PATH".split()
)
TELLING_PROXY = "_proxy"
PLAIN_VARIABLES = _set("AWS_PROFILE AWS_REGION AWS_DEFAULT_REGION VAULT_ADDR")  # although they begin so
