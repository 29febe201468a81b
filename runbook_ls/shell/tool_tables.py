"""The tables of tools with sub-commands, for `tools.judge`. Data only.

Not listed is unknown; a reading sub-command is listed only if none of its options but those in `doubt` writes, runs
a program or decides whom it asks. Sources: each tool's own reference, 2025/26.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from runbook_ls.shell.tools import Tool
from runbook_ls.shell.verdict import Risk

_FILES = "-f --filename -k --kustomize"  # of kubectl: a web address too
_IP_OBJECTS = "addr a address link l route r ro neigh n neighbor rule maddr netns tunnel"

_TABLES: Mapping[tuple[str, ...], Tool] = {
    ("apt", "apt-get", "apt-cache", "aptitude"): Tool(
        options="-y --yes -q -qq --quiet -a --all-versions --installed --upgradable --assume-yes "
        "--no-install-recommends -n= -s",
        reads="""
            list; search; show; policy; showpkg; depends; rdepends; madison; showsrc; pkgnames; stats
            changelog
        """,
        changes="""
            update; install; upgrade; full-upgrade; dist-upgrade; download; source; build-dep; reinstall
            edit-sources; check; satisfy; hold; unhold; clean; autoclean
        """,
        destroying="remove; purge; autoremove; autopurge",
        doubt="-o --option -c --config-file",
    ),
    ("apt-mark",): Tool(
        reads="showmanual; showauto; showhold",
        changes="auto; manual; hold; unhold",
    ),
    ("argocd",): Tool(
        options="--server= --auth-token= --grpc-web --insecure --plaintext -o= --output= --core",
        reads="""
            app list; app get; app history; app diff; app logs; app manifests; app resources; cluster list
            repo list; proj list; version; account list; account get-user-info; context; cluster get
            proj get; app wait
        """,
        changes="""
            app create; app sync; app set; app rollback; app patch; app edit; app unset; login; repo add
            cluster add; proj create; app terminate-op; app actions run; relogin; logout
        """,
        destroying="""
            app delete; app delete-resource; cluster rm; repo rm; proj delete; account delete-token
        """,
        doubt="--config --local",
        asks={"": "--server"},
        destroys={
            "app sync": "--prune --force --replace",
            "app rollback": "--prune",
        },
    ),
    ("at",): Tool(
        reads="-l; -c; -V",
        destroying="-r; -d",
        alone=Risk.CHANGING,
    ),
    ("brew",): Tool(
        reads="--version; config; search; leaves; doctor",
        changes="install; upgrade; update; tap; link; unlink; services",
        destroying="uninstall; remove; rm; cleanup; autoremove; untap",
        destroys={
            "services": "stop kill",
        },
        # A formula may be named by its file, which is a program.
        only={
            "--prefix": "",
            "list": "-1 --versions --formula --cask",
            "info": "",
            "outdated": "-v",
            "deps": "",
        },
    ),
    ("certbot",): Tool(
        reads="certificates; plugins; show_account; --version",
        changes="renew; certonly; run; register; install; reconfigure; update_account; enhance; rollback",
        destroying="delete; revoke; unregister",
        doubt="--config --config-dir --work-dir --logs-dir --manual-auth-hook --pre-hook --post-hook "
        "--deploy-hook -c",
        alone=Risk.CHANGING,
    ),
    ("consul",): Tool(
        reads="""
            members; info; catalog services; catalog nodes; kv get; version; operator raft list-peers
            intention list; acl token list; validate
        """,
        changes="""
            kv put; join; reload; maint; lock; agent; snapshot save; kv import; kv export; connect
            config write
        """,
        destroying="""
            kv delete; leave; force-leave; operator raft remove-peer; snapshot restore; intention delete
            services deregister; acl token delete; config delete
        """,
        doubt="-http-addr -token-file -ca-file",
    ),
    ("crictl",): Tool(
        options="-r= --runtime-endpoint= -i= --image-endpoint= -t= --timeout= -D --debug -o= --output= -a --all "
        "-q",
        reads="""
            ps; pods; images; img; inspect; inspecti; inspectp; logs; info; stats; statsp; version
            imagefsinfo
        """,
        changes="pull; exec; run; runp; start; create; update; port-forward; attach; stop; stopp",
        destroying="rm; rmi; rmp",
        doubt="-c --config",
    ),
    ("crontab",): Tool(
        options="-u=",
        reads="-l",
        changes="-e",
        destroying="-r; -ri; -ir",
        alone=Risk.CHANGING,
    ),
    ("docker", "podman", "nerdctl"): Tool(
        options="-D --debug -l= --log-level= --tls --tlsverify -f= --file= -p= "
        "--project-name= --profile= --format= --filter= -n= --tail= --since=",
        reads="""
            ps; images; logs; inspect; stats; top; port; info; version; history; diff; events; search
            container ls; container list; container ps; container logs; container inspect; container top
            container stats; container port; container diff; image ls; image list; image inspect
            image history; network ls; network list; network inspect; volume ls; volume list; volume inspect
            system df; system info; system events; compose ps; compose logs; compose images; compose top
            compose version; compose ls; compose port; compose events; context ls; context show
            context inspect; node ls; node ps; node inspect; service ls; service ps; service inspect
            service logs; stack ls; stack ps; stack services; secret ls; config ls; manifest inspect
            buildx ls; buildx du; plugin ls; plugin inspect; pod ps; pod ls; pod inspect; pod logs
        """,
        changes="""
            run; exec; build; pull; push; start; stop; restart; pause; unpause; tag; login; logout; commit
            cp; create; save; load; import; export; rename; update; wait; attach; container run
            container exec; container start; image build; container stop; container restart
            container create; image pull; image push; image tag; network create; network connect
            network disconnect; volume create; compose up; compose start; compose stop; compose restart
            compose build; compose pull; compose push; compose exec; compose run; compose create
            compose config; compose cp; swarm init; swarm join; stack deploy; service create; service update
            service scale; buildx build; context use; context create; compose down; compose pause
            compose unpause; secret create; config create; plugin install
        """,
        destroying="""
            rm; rmi; kill; container rm; container kill; container prune; image rm; image prune; network rm
            network prune; volume rm; volume prune; system prune; builder prune; buildx prune; compose rm
            compose kill; context rm; node rm; service rm; stack rm; secret rm; config rm; swarm leave
            plugin rm; buildx rm; image remove; system reset; pod rm; pod prune; manifest rm
            container remove; volume remove
        """,
        doubt="-H --host --context --config --output --resolve-image-digests --runtime --conmon --hooks-dir --root --runroot "
        "--url --connection --identity --module --storage-opt --imagestore --tmpdir --cpu-profile --memory-profile "
        "--network-cmd-path --network-config-dir --cdi-spec-dir --address --data-root --cni-path --cni-netconfpath "
        "--hosts-dir",
        asks={"search": "", "manifest inspect": ""},
        destroys={
            "compose down": "-v --volumes --rmi --remove-orphans",
            "compose up": "-V --renew-anon-volumes --remove-orphans",
        },
    ),
    ("docker-compose",): Tool(
        options="-f= --file= -p= --project-name= --profile= --tail= --since=",
        reads="ps; logs; images; top; version; port; events; ls",
        changes="""
            up; start; stop; restart; build; pull; push; exec; run; create; config; down; pause; unpause
            scale
        """,
        destroying="rm; kill",
        destroys={
            "down": "-v --volumes --rmi --remove-orphans",
            "up": "-V --remove-orphans",
        },
    ),
    ("dpkg",): Tool(
        reads="""
            -l; -L; -s; -S; -p; -I; -c; -C; --list; --listfiles; --status; --search; --version
            --print-architecture; --get-selections; --compare-versions; --audit
        """,
        changes="-i; --install; --configure; --unpack; --set-selections",
        destroying="-r; -P; --remove; --purge",
        doubt="--root --admindir --instdir --pre-invoke --post-invoke --status-logger --command-fd",
    ),
    ("dpkg-query",): Tool(
        reads="-l; -L; -s; -S; -W; -p; --list; --show; --status; --listfiles; --search",
    ),
    ("eksctl",): Tool(
        reads="get; get cluster; get nodegroup; version; info",
        changes="create; upgrade; scale; enable; associate; utils; update; set",
        destroying="delete; drain; unset; disassociate; deregister",
    ),
    ("etcdctl",): Tool(
        options="--endpoints= --cacert= --cert= --key= --write-out= -w= --user= --dial-timeout= "
        "--command-timeout= --prefix --keys-only --limit=",
        reads="""
            get; member list; endpoint status; endpoint health; endpoint hashkv; version; alarm list
            user list; role list; check perf; watch; ls; cluster-health
        """,
        changes="""
            put; member add; member update; snapshot save; snapshot status; alarm disarm; lease grant; lock
            move-leader; auth enable; user add; txn; set; mk
        """,
        destroying="""
            del; member remove; compaction; defrag; snapshot restore; lease revoke; user delete; role delete
            auth disable; rm; rmdir
        """,
        asks={"": "--endpoints"},
    ),
    ("firewall-cmd",): Tool(
        options="--zone= --permanent --policy=",
        reads="""
            --state; --list-all; --list-all-zones; --list-ports; --list-services; --get-active-zones
            --get-default-zone; --get-zones; --list-rich-rules; --version; --get-services
        """,
        changes="--reload; --runtime-to-permanent; --panic-on; --panic-off; --complete-reload",
    ),
    ("flux",): Tool(
        reads="""
            get; get all; get kustomizations; get helmreleases; get sources; get sources git; logs; events
            version; check; tree kustomization; stats; trace
        """,
        changes="""
            reconcile; create; bootstrap; install; suspend; resume; export; push; pull; diff; build; tag
        """,
        destroying="delete; uninstall",
        doubt="--kubeconfig",
    ),
    ("gh",): Tool(
        options="-R= --repo= -L= --limit= --json= -q= --jq= -t= --template=",
        reads="""
            pr list; pr view; pr status; pr checks; pr diff; issue list; issue view; issue status; repo list
            repo view; run list; run view; workflow list; workflow view; release list; release view
            auth status; gist list; gist view; label list; search issues; search prs; search repos
            search code; search commits; secret list; variable list; variable get; status; version
            cache list; ruleset list; org list
        """,
        changes="""
            pr create; pr checkout; pr merge; pr close; pr comment; pr edit; pr review; pr ready; pr reopen
            issue create; issue close; issue comment; issue edit; issue reopen; repo create; repo clone
            repo fork; repo sync; run rerun; run watch; run download; workflow run; workflow enable
            workflow disable; release create; release upload; release download; release edit; auth login
            auth refresh; gist create; gist edit; api; secret set; variable set; label create; label edit
            run cancel; auth setup-git; repo edit; repo rename; repo archive; extension install
            extension upgrade; auth token
        """,
        destroying="""
            repo delete; release delete; release delete-asset; gist delete; issue delete; secret delete
            variable delete; label delete; run delete; cache delete; auth logout; extension remove
            ssh-key delete; gpg-key delete; codespace delete; project delete; project item-delete
        """,
        doubt="--web -w",
        destroys={
            "api": "DELETE -XDELETE --method=DELETE",
            "pr merge": "-d --delete-branch --admin",
            "pr close": "-d --delete-branch",
            "repo sync": "--force",
        },
    ),
    ("git",): Tool(
        options="--no-pager -P --no-optional-locks --no-replace-objects --literal-pathspecs --glob-pathspecs "
        "--icase-pathspecs",
        reads="""
            status; log; diff; show; shortlog; blame; annotate; describe; rev-parse; rev-list; ls-files
            ls-tree; merge-base; name-rev; cat-file; for-each-ref; show-ref; diff-tree; diff-index
            diff-files; whatchanged; grep; count-objects; cherry; range-diff; stash list; stash show
            remote get-url; worktree list; version; check-ignore; check-attr; var; config --get
            config --list; config get; config list; reflog show; verify-commit; verify-tag; submodule status
            notes list; notes show; bisect log; lfs ls-files; lfs status; show-branch
        """,
        changes="""
            add; commit; push; pull; fetch; merge; rebase; cherry-pick; revert; reset; checkout; switch
            restore; mv; clone; init; stash; stash push; stash pop; stash apply; stash save; stash branch
            apply; am; bisect; submodule; submodule update; submodule init; submodule add; worktree
            worktree add; notes; archive; bundle; format-patch; gc; maintenance; repack; lfs; config
            config set; remote add; remote set-url; remote rename; remote update; update-index; read-tree
            write-tree; commit-tree; hash-object; symbolic-ref; replace; sparse-checkout; rm; fsck
            fast-import; difftool; mergetool; send-email; request-pull; update-ref; reflog; rerere
            submodule sync; instaweb; ls-remote; remote show; help
        """,
        destroying="""
            clean; filter-branch; filter-repo; prune; stash drop; stash clear; reflog expire; reflog delete
            remote remove; remote rm; remote prune; worktree remove; worktree prune; submodule deinit
            lfs prune; notes remove; notes prune; branch delete; replace -d
        """,
        doubt="--output --ext-diff --textconv --open-files-in-pager -O --upload-pack --exec -c --config-env "
        "--exec-path --git-dir --work-tree -C --receive-pack --edit --filters --batch-command --add "
        "--unset --help",
        destroys={
            "push": "-f --force --force-with-lease --force-if-includes -d --delete --mirror --prune",
            "reset": "--hard --merge --keep",
            "checkout": "-f --force -- . --ours --theirs",
            "switch": "-f --force --discard-changes -C --force-create",
            "branch": "-D -d --delete -f --force -M -C",
            "tag": "-d --delete -f --force",
            "update-ref": "-d --stdin",
            "gc": "--prune",
            "rm": "-f --force",
            "restore": "-W --worktree .",
            "fetch": "-f --force -p --prune",
            "symbolic-ref": "-d --delete",
            "config": "--unset --unset-all --remove-section",
            "replace": "-d --delete",
        },
        only={
            "branch": "-a -r -v -vv --list --all --remotes --verbose --show-current --contains= --merged= "
            "--no-merged= --sort= --format= --no-color --points-at=",
            "tag": "-l= --list= -n --sort= --contains= --points-at= --merged= --format=",
            "remote": "-v --verbose",
            "reflog": "-n= -1 -5 -10 -20",
            "config": "-l --list --show-origin --show-scope --global --local --system --name-only",
        },
    ),
    ("gpg",): Tool(
        reads="--list-keys; --list-secret-keys; -k; -K; --version; --fingerprint; --list-packets",
        changes="""
            --import; --export; --gen-key; --full-generate-key; -e; -d; --encrypt; --decrypt; -s; --sign
            --verify; --recv-keys; --send-keys; --edit-key; -c; --symmetric; --armor; --detach-sign
            --clearsign; --export-secret-keys; --quick-generate-key; --trust-model
        """,
        destroying="""
            --delete-keys; --delete-key; --delete-secret-keys; --delete-secret-key
            --delete-secret-and-public-key
        """,
        doubt="--homedir --options -o --output --load-extension --agent-program --gpgconf --dirmngr-program "
        "--photo-viewer --keyring --auto-key-locate --auto-key-retrieve --log-file --status-file "
        "--logger-file",
        alone=Risk.UNKNOWN,
    ),
    ("helm",): Tool(
        options="-n= --namespace= --kube-context= --debug --burst-limit= --qps= -A --all-namespaces -o= "
        "--output= -f= --filter= --max= --revision= --version= --repo= -a --all",
        reads="""
            list; ls; status; history; get; get all; get values; get manifest; get notes; get hooks
            get metadata; show; show all; show chart; show values; show readme; show crds; inspect; search
            search repo; search hub; version; env; repo list; dependency list; plugin list; lint
        """,
        changes="""
            install; upgrade; rollback; repo add; repo update; repo index; pull; push; package; create
            dependency update; dependency build; plugin install; plugin update; registry login
            registry logout; test; template; verify
        """,
        destroying="uninstall; delete; del; un; repo remove; repo rm; plugin uninstall",
        doubt="--kubeconfig --kube-apiserver --kube-token --post-renderer --output-dir --registry-config --repository-config "
        "--repository-cache --keyring",
        asks=dict.fromkeys(
            (
                "show",
                "show all",
                "show chart",
                "show values",
                "show readme",
                "show crds",
                "inspect",
                "search hub",
            ),
            "",
        ),
        destroys={
            "upgrade": "--force --cleanup-on-fail",
            "rollback": "--force --cleanup-on-fail",
        },
    ),
    ("ip",): Tool(
        options="-4 -6 -s -d -j -p -o -br -brief -c -color -color=auto -details -stats -json -h -human -a -all "
        "-N",
        reads="""
            addr show; addr s; a s; a sh; a show; a list; a ls; address show; addr list; addr ls; link show; link list; link ls; l show
            link sh; route show; route get; route list; route ls; r s; r g; r get; r show; neigh show
            neigh list; neigh get; rule show; rule list; netns list; netns identify; netns pids; tunnel show
            maddr show; ntable show; ro show; ro get; n show
        """,
        changes="""
            addr add; a add; address add; addr change; addr replace; link set; link add; link change
            link property; l set; route add; r add; route change; route replace; route append; neigh add
            neigh change; neigh replace; rule add; netns add; netns exec; netns set; netns attach
            tunnel add; tunnel change; monitor; xfrm; tuntap; token; macsec; mroute; tcp_metrics; l2tp; fou
            maddr add
        """,
        destroying="""
            addr del; addr delete; addr flush; a del; a flush; address del; address delete; address flush
            link delete; link del; l del; route del; route delete; route flush; r del; r flush; neigh del
            neigh delete; neigh flush; rule del; rule delete; rule flush; netns del; netns delete
            tunnel del; tunnel delete; maddr del
        """,
        doubt="-b -batch -B -force -n -netns -net add del delete flush set change replace append exec",
        # Verbs may be cut short: `ip r d default`.
        only=dict.fromkeys(_IP_OBJECTS.split(), ""),
    ),
    ("iptables",): Tool(
        options="-t= --table= -w -v -n --line-numbers -x --numeric --verbose --wait",
        reads="-L; -S; --list; --list-rules; -nL; -vnL; -nvL; -Ln; -nvxL; -V; -Lnv; -Lvn",
        changes="-A; -I; -N; -R; -E; --append; --insert; --new-chain; --replace; -P; --policy",
        destroying="-F; -X; -D; -Z; --flush; --delete-chain; --delete; --zero",
        doubt="-F -X -D -Z -A -I -N -R -E -P --flush --delete-chain --delete --zero --modprobe -M",
    ),
    ("istioctl",): Tool(
        reads="version; proxy-status; ps; analyze; proxy-config",
        changes="install; upgrade; kube-inject; manifest; operator; dashboard",
        destroying="uninstall; x; tag remove",
        doubt="-c --kubeconfig --level --reset",
    ),
    ("kind",): Tool(
        reads="get; get clusters; get nodes; version",
        changes="create; load; build; export; create cluster",
        destroying="delete",
    ),
    ("kubeadm",): Tool(
        reads="version; config view; token list; certs check-expiration; config images list",
        changes="""
            init; join; upgrade plan; upgrade apply; token create; certs renew; config images pull
            upgrade node
        """,
        destroying="reset; token delete",
        doubt="--kubeconfig",
    ),
    ("kubectl", "k", "microk8s.kubectl"): Tool(
        options="-n= --namespace= --context= --cluster= --user= --request-timeout= -v= --v= -A "
        "--all-namespaces -l= --selector= -o= --output= --field-selector= --sort-by= -c= --container= "
        "--since= --tail= --since-time= -f --follow -w --watch --as= --as-group= --show-labels "
        "--no-headers --chunk-size= --warnings-as-errors",
        reads="""
            get; describe; logs; top; top pod; top node; explain; version; api-resources; api-versions
            cluster-info; events; auth can-i; auth whoami; config view; config get-contexts
            config current-context; config get-clusters; config get-users; rollout status; rollout history
            options; wait; cluster-info dump; plugin list
        """,
        changes="""
            apply; create; run; exec; expose; scale; autoscale; label; annotate; patch; edit; set; rollout restart
            rollout pause; rollout resume; rollout undo; cordon; uncordon; taint; cp; attach; port-forward
            proxy; certificate approve; certificate deny; config set-context; config use-context
            config set-cluster; config set-credentials; config rename-context; config set; debug; replace
            auth reconcile; config unset; convert; kustomize; diff
        """,
        destroying="delete; drain; config delete-context; config delete-cluster; config delete-user",
        doubt="-s --server --kubeconfig --output-directory --raw --profile-output --cache-dir --token --tls-server-name "
        "--kuberc --log-file --log-dir --log_file --log_dir",
        asks=dict.fromkeys(("get", "describe", "wait", "rollout status", "rollout history"), _FILES),
        destroys={
            "apply": "--prune --force",
            "replace": "--force",
            "patch": "--force",
        },
    ),
    ("loginctl",): Tool(
        reads="""
            list-sessions; list-users; session-status; user-status; show-session; show-user; list-seats
            show-seat; seat-status
        """,
        changes="""
            enable-linger; disable-linger; lock-session; unlock-session; activate; attach; lock-sessions
            unlock-sessions
        """,
        destroying="""
            terminate-session; terminate-user; kill-session; kill-user; flush-devices; terminate-seat
        """,
        doubt="-H -M --host --machine",
    ),
    ("minikube",): Tool(
        reads="status; ip; version; addons list; profile list; logs",
        changes="""
            start; stop; pause; unpause; addons enable; addons disable; ssh; tunnel; service; config; mount
            image; kubectl
        """,
        destroying="delete",
        doubt="-f --file --log_file --log_dir --log-file --log-dir",
    ),
    ("nft",): Tool(
        options="-a -n -s -j -nn --handle --json --numeric",
        reads="""
            list; list ruleset; list tables; list table; list chain; list chains; list sets; list set
            list map
        """,
        changes="add; create; insert; replace; rename; -f; import; get; describe; monitor; export",
        destroying="delete; flush; reset; destroy",
        doubt="-f -i -D -I -d --file --interactive --define --includepath --debug",
        joins=True,
        alone=Risk.UNKNOWN,
    ),
    ("nmcli",): Tool(
        options="-t -f= -g= -p -c= -m= -e= --terse --fields= --get-values= -a",
        reads="""
            general status; device status; device show; device wifi list; dev status
            dev show; d show; connection show; con show; c show; networking connectivity
        """,
        changes="""
            connection up; connection down; connection add; connection modify; connection reload; con up
            con down; con mod; con modify; con add; device connect; device disconnect; device wifi connect
            networking on; networking off; general hostname; radio wifi; connection edit; connection import
        """,
        destroying="connection delete; con delete; con del; device delete; c delete",
        only=dict.fromkeys("device dev d general radio connection con c".split(), ""),  # as with `ip`
    ),
    ("nomad",): Tool(
        reads="""
            status; job status; node status; alloc status; alloc logs; version; server members; eval status
            job history; job inspect; deployment list; deployment status
        """,
        changes="""
            job run; run; job plan; job dispatch; job scale; alloc exec; alloc restart; job revert
            deployment promote; node eligibility; job start; job restart
        """,
        destroying="""
            stop; job stop; node drain; system gc; alloc stop; namespace delete; deployment fail
            server force-leave; volume delete; var purge; node purge
        """,
    ),
    ("npm",): Tool(
        reads="--version; -v",
        changes="""
            install; ci; i; run; start; test; update; publish; audit; exec; init; link; pack; rebuild
            config set; version; run-script; add; cache; ls; list; view; info; outdated; root; prefix
            whoami; config get; config list; ping; search; help
        """,
        destroying="uninstall; unpublish; prune; rm; remove; un; cache clean; deprecate; config delete",
        doubt="--prefix --script-shell --userconfig --globalconfig",
    ),
    ("oc",): Tool(
        options="-n= --namespace= --context= --cluster= --user= --request-timeout= -v= --v= -A "
        "--all-namespaces -l= --selector= -o= --output= --field-selector= --sort-by= -c= --container= "
        "--since= --tail= --since-time= -f --follow -w --watch --as= --as-group= --show-labels "
        "--no-headers --chunk-size= --warnings-as-errors",
        reads="""
            get; describe; logs; top; top pod; top node; explain; version; api-resources; api-versions
            cluster-info; events; auth can-i; auth whoami; config view; config get-contexts
            config current-context; config get-clusters; config get-users; rollout status; rollout history
            options; wait; cluster-info dump; plugin list; status; whoami; projects; get-token
        """,
        changes="""
            apply; create; run; exec; expose; scale; autoscale; label; annotate; patch; edit; set; rollout restart
            rollout pause; rollout resume; rollout undo; cordon; uncordon; taint; cp; attach; port-forward
            proxy; certificate approve; certificate deny; config set-context; config use-context
            config set-cluster; config set-credentials; config rename-context; config set; debug; replace
            auth reconcile; config unset; convert; kustomize; diff; login; logout; project; new-app
            new-project; start-build; rsh; adm; process; import-image; rollback; policy
        """,
        destroying="delete; drain; config delete-context; config delete-cluster; config delete-user",
        doubt="-s --server --kubeconfig --output-directory --raw --profile-output --cache-dir --token --tls-server-name "
        "--kuberc --log-file --log-dir --log_file --log_dir",
        asks=dict.fromkeys(("get", "describe", "wait", "rollout status", "rollout history"), _FILES),
        destroys={
            "apply": "--prune --force",
            "replace": "--force",
            "patch": "--force",
        },
    ),
    ("openssl",): Tool(
        reads="""
            x509; s_client; verify; version; crl; req; rsa; ec; pkey; dgst; asn1parse; ciphers; pkcs7
            ecparam; storeutl; list; sha256; md5; prime; errstr; pkeyparam; dhparam
        """,
        changes="""
            genrsa; genpkey; gendsa; ca; s_server; speed; passwd; cms; smime; ts; rehash; kdf; mac; srp
            s_time; engine; pkeyutl; pkcs8; rsautl; spkac; fipsinstall; info; cmp; skeyutl; enc; base64
            rand; ocsp; pkcs12
        """,
        doubt="-out -keyout -writerand -engine -engine_impl -provider -provider-path -config -CAcreateserial "
        "-CAserial -newkey -new -x509 -sess_out -keylogfile -rand -genkey -psk_session -msgfile -proxy "
        "-CA -sigfile -signature -early_data -ssl_client_engine -url",
        alone=Risk.UNKNOWN,
    ),
    ("pip",): Tool(
        options="-v -q --disable-pip-version-check --no-color -l --local --user",
        reads="list; show; freeze; check; --version; debug; cache info; cache dir; config list; inspect",
        changes="install; download; wheel; config; index",
        destroying="uninstall; cache purge; cache remove",
        doubt="--log --python --cert --client-cert -f --path -i --index-url --extra-index-url --find-links --proxy",
    ),
    ("pulumi",): Tool(
        changes="""
            up; preview; refresh; stack; config; stack output; stack ls; new; import; login; logs
            stack select; stack init
        """,
        destroying="destroy; stack rm; cancel; config rm; state delete",
    ),
    ("rabbitmqctl",): Tool(
        options="-n= -q -s --node= --quiet --silent -p= --vhost= -t= --formatter=",
        reads="""
            status; list_queues; list_exchanges; list_bindings; list_connections; list_channels
            list_consumers; list_users; list_vhosts; list_permissions; cluster_status; list_policies; ping
            version; environment; node_health_check; report; list_parameters; list_user_permissions
        """,
        changes="""
            start_app; stop_app; stop; add_user; change_password; set_permissions; set_policy; add_vhost
            set_user_tags; join_cluster; rotate_logs; close_connection; set_parameter; set_disk_free_limit
            set_vm_memory_high_watermark; sync_queue
        """,
        destroying="""
            reset; force_reset; delete_queue; purge_queue; delete_user; delete_vhost; forget_cluster_node
            clear_permissions; clear_policy; clear_password; shutdown; clear_parameter
            close_all_connections; remove_user
        """,
    ),
    ("redis-cli",): Tool(
        options="-h= -p= -a= -n= -u= --user= --pass= --no-auth-warning --raw --no-raw --csv --json --tls -3 -2 "
        "-t= -c",
        reads="""
            ping; PING; info; INFO; get; GET; mget; MGET; keys; KEYS; scan; SCAN; ttl; TTL; pttl; PTTL; type
            TYPE; exists; EXISTS; llen; LLEN; lrange; LRANGE; hget; HGET; hgetall; HGETALL; hkeys; HKEYS
            hlen; HLEN; scard; SCARD; smembers; SMEMBERS; sismember; SISMEMBER; zcard; ZCARD; zrange; ZRANGE
            zscore; ZSCORE; strlen; STRLEN; dbsize; DBSIZE; time; TIME; role; ROLE; lastsave; LASTSAVE
            object; OBJECT; randomkey; RANDOMKEY; xlen; XLEN; xrange; XRANGE; xinfo; XINFO; config get
            CONFIG GET; client list; CLIENT LIST; cluster info; CLUSTER INFO; cluster nodes; CLUSTER NODES
            slowlog get; SLOWLOG GET; memory usage; MEMORY USAGE; memory stats; acl list; ACL LIST
            pubsub channels; --version
        """,
        changes="""
            set; SET; setex; SETEX; setnx; SETNX; mset; MSET; append; APPEND; incr; INCR; decr; DECR; incrby
            INCRBY; expire; EXPIRE; persist; PERSIST; rename; RENAME; lpush; LPUSH; rpush; RPUSH; hset; HSET
            hmset; HMSET; sadd; SADD; zadd; ZADD; publish; PUBLISH; config; CONFIG; bgsave; BGSAVE; save
            SAVE; bgrewriteaof; BGREWRITEAOF; monitor; MONITOR; subscribe; SUBSCRIBE; lset; LSET; linsert
            LINSERT; move; MOVE; replicaof; REPLICAOF; slaveof; SLAVEOF; client; CLIENT; cluster; CLUSTER
            slowlog; SLOWLOG; xadd; XADD; pexpire; PEXPIRE; expireat; EXPIREAT; getset; GETSET; copy; COPY
        """,
        destroying="""
            del; DEL; unlink; UNLINK; flushall; FLUSHALL; flushdb; FLUSHDB; shutdown; SHUTDOWN; lpop; LPOP
            rpop; RPOP; hdel; HDEL; srem; SREM; zrem; ZREM; spop; SPOP; ltrim; LTRIM; debug; DEBUG; swapdb
            SWAPDB; getdel; GETDEL; xdel; XDEL; xtrim; XTRIM; restore; RESTORE; migrate; MIGRATE; failover
            FAILOVER; zremrangebyrank; ZREMRANGEBYRANK; zremrangebyscore; ZREMRANGEBYSCORE; cluster reset
            CLUSTER RESET; client kill; CLIENT KILL; script flush; SCRIPT FLUSH; config resetstat
            cluster forget; --pipe; --cluster del-node; --functions-rdb
        """,
        doubt="--eval -x -i --rdb --pipe",
        asks={"": "-h -u"},
        alone=Risk.UNKNOWN,
    ),
    ("rpm",): Tool(
        reads="-q; -qa; -qi; -ql; -qf; -qc; -qR; -qip; -qlp; --version; --querytags",
        changes="-V; -Va; -i; -ivh; -U; -Uvh; -F; --import",
        destroying="-e; --erase; -ev",
        doubt="--pipe --root --dbpath --eval -D --predefine --define --rcfile --load --macros -E",
    ),
    ("snap",): Tool(
        reads="list; info; find; version; services; changes",
        changes="install; refresh; start; stop; restart; set; connect; revert",
        destroying="remove",
    ),
    ("systemctl",): Tool(
        options="--no-pager --user --system -l --full -a --all -n= --lines= -t= --type= --state= -p= "
        "--property= -q --quiet -o= --output= --no-legend --plain -r --recursive --failed --value "
        "--no-ask-password --now -f",
        reads="""
            status; show; cat; list-units; list-unit-files; list-timers; list-sockets; list-jobs
            list-dependencies; list-machines; list-paths; is-active; is-enabled; is-failed
            is-system-running; get-default; help; show-environment
        """,
        changes="""
            start; stop; restart; reload; try-restart; reload-or-restart; enable; disable; reenable; mask
            unmask; link; daemon-reload; daemon-reexec; set-property; set-default; reset-failed; edit
            preset; set-environment; add-wants; unset-environment; import-environment; kill; suspend
            hibernate; cancel; freeze; thaw; default; condreload
        """,
        destroying="""
            poweroff; reboot; halt; kexec; isolate; rescue; emergency; switch-root; exit; revert; clean
            soft-reboot
        """,
        doubt="-H --host -M --machine --root --image",
    ),
    ("terraform",): Tool(
        reads="""
            version; output; state list; workspace list; workspace show; -version; -help; metadata functions
        """,
        changes="""
            init; plan; apply; import; refresh; fmt; get; login; logout; state mv; state show; state pull
            state push; state replace-provider; workspace new; workspace select; console; show; validate
            providers; providers lock; providers schema; test; untaint; graph
        """,
        destroying="destroy; state rm; workspace delete; force-unlock; taint",
        doubt="-state -chdir",
        destroys={
            "apply": "-destroy -auto-approve",
            "plan": "-destroy",
            "state push": "-force",
            "init": "-force-copy -migrate-state -reconfigure",
        },
    ),
    ("terragrunt",): Tool(
        changes="plan; apply; init; output; run-all; show; validate",
        destroying="destroy",
        destroys={
            "apply": "-auto-approve -destroy",
            "run-all": "destroy apply",
        },
    ),
    ("ufw",): Tool(
        reads="status; version; show; app list; app info",
        changes="""
            allow; deny; enable; limit; reject; logging; default; reload; insert; route; app update
            app default
        """,
        destroying="reset; disable; delete",
    ),
    ("vault",): Tool(
        options="-namespace= -format= -field= -mount= -tls-skip-verify",
        reads="""
            status; read; list; kv get; kv list; kv metadata get; secrets list; auth list; policy list
            policy read; token lookup; version; audit list; operator members; operator raft list-peers
            lease lookup; print token
        """,
        changes="""
            write; kv put; kv patch; login; secrets enable; auth enable; policy write; token create
            token renew; operator unseal; operator init; lease renew; kv undelete; kv rollback
            operator rotate; server; operator seal; operator raft snapshot save
        """,
        destroying="""
            delete; kv delete; kv destroy; kv metadata delete; secrets disable; auth disable; policy delete
            token revoke; lease revoke; audit disable; operator raft remove-peer
            operator raft snapshot restore; operator rekey; operator step-down; namespace delete
        """,
        doubt="-address -output-curl-string -ca-cert -agent-address",
    ),
    ("velero",): Tool(
        reads="""
            get; backup get; backup describe; backup logs; restore get; restore describe; restore logs
            schedule get; version; describe; logs; schedule describe
        """,
        changes="""
            backup create; restore create; schedule create; install; create; schedule pause
            schedule unpause; backup download
        """,
        destroying="delete; backup delete; restore delete; schedule delete; uninstall",
        doubt="--kubeconfig --log_file --log_dir --log-file --log-dir",
    ),
    ("yum", "dnf"): Tool(
        options="-y -q -v --assumeyes --quiet --installed --available --enablerepo= --disablerepo= --all "
        "--showduplicates -C",
        reads="""
            list; info; search; provides; whatprovides; repolist; deplist; repoquery; check-update
            history list; history info; grouplist; group list; updateinfo; version
        """,
        changes="""
            install; update; upgrade; downgrade; reinstall; makecache; localinstall; module; groupinstall
            history; config-manager; swap; distro-sync; mark; clean; clean all
        """,
        destroying="""
            remove; erase; autoremove; groupremove; history undo; history rollback; module reset
            group remove
        """,
        doubt="-c --config --setopt --installroot --repofrompath",
    ),
    ("zypper",): Tool(
        reads="search; info; list-updates; repos",
        changes="install; update; refresh",
        destroying="remove; rm; clean",
    ),
}

TOOLS: dict[str, Tool] = {name: tool for names, tool in _TABLES.items() for name in names}
# To read its state it runs the key provider that the folder's files name.
TOOLS["tofu"] = replace(
    TOOLS["terraform"], reads="version; workspace show; -version; -help; metadata functions"
)
