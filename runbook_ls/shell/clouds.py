"""The cloud command lines, whose sub-commands are too many to list: aws, gcloud, az, gsutil. Pure.

Their verbs are regular: what stands at the end of the path says what is done. Only paths made of known groups and
a known reading verb are read-only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from runbook_ls.shell.options import doubtful, find_option, skip_options
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.verdict import Risk, Verdict

_DESTROYING = re.compile(
    r"(?:batch-)?(?:delete|destroy|terminate|purge|remove|deregister|wipe|reset|drop|empty|force|release|undeploy)(?:-.*)?"
    r"|rm|rb|.*-deletion|cancel-.*|schedule-key-.*|failover|rollback-.*|restore-.*|abort-.*"
)

_AWS_GLOBAL = "--region= --profile= --output= --query= --no-cli-pager --no-paginate --debug --no-verify-ssl --cli-read-timeout= --cli-connect-timeout= --color= --no-sign-request --page-size= --max-items="
# get-… operations of these services print; elsewhere one may write a file or make something.
_AWS_GETS = frozenset(
    """
    sts iam logs cloudwatch ssm secretsmanager s3api ec2 lambda cloudformation route53 ecr eks ce sqs sns kms cloudfront
    elbv2 elb dynamodb acm cloudtrail guardduty configservice organizations athena glue codepipeline budgets rds
    resourcegroupstaggingapi support wafv2 backup codebuild servicequotas service-quotas autoscaling apigatewayv2 xray
    stepfunctions events ses sesv2 inspector2 securityhub accessanalyzer redshift account pricing sso-admin
    """.split()  # noqa: SIM905
)
_AWS_WRITES_FILE = re.compile(
    r"get-(?:object|object-torrent|export|sdk|job-output|media|clip|session-token|federation-token|password-data|"
    r"login.*|authorization-token|object-lambda.*|.*-credentials|calculated.*|random.*|data-key.*|role-credentials|console-.*)"
)
_AWS_READS = re.compile(r"(?:describe|list|get|batch-get|head|search|lookup|filter|view|check|validate)-.*|scan|query|tail")


def _aws(name: str, words: Sequence[Word]) -> Verdict:
    at, sure = skip_options(words, _AWS_GLOBAL, 1)
    service = words[at].value if sure and at < len(words) else None
    at, sure = skip_options(words, _AWS_GLOBAL, at + 1)
    operation = words[at].value if service and sure and at < len(words) else None
    if any(_DESTROYING.fullmatch(w.prefix) and w.prefix != "force" for w in words[1:]):
        return Verdict(Risk.DESTRUCTIVE, f"`aws {service or ''} {operation or ''}` destroys".replace("  ", " "))
    if len(words) == 1 or words[1].value in ("help", "--version"):
        return Verdict(Risk.READ_ONLY, "`aws` prints its help or version")
    if service is None or operation is None:
        return Verdict(Risk.UNKNOWN, "what `aws` does here cannot be told")
    what = f"aws {service} {operation}"
    rest = words[at + 1 :]
    if option := find_option(rest, "--delete --force"):
        return Verdict(Risk.DESTRUCTIVE, f"`{what} {option.raw}` can destroy")
    reading = (service, operation) in (("s3", "ls"), ("sts", "get-caller-identity"), ("configure", "list")) or (
        service not in ("s3", "configure")
        and _AWS_READS.fullmatch(operation)
        and not _AWS_WRITES_FILE.fullmatch(operation)
        and (not operation.startswith("get-") or service in _AWS_GETS)
    )
    if not reading:
        return Verdict(Risk.CHANGING, f"`{what}` changes something")
    if option := find_option(rest, "--endpoint-url --ca-bundle"):
        return Verdict(Risk.UNKNOWN, f"`{option.raw}` decides whom `{what}` asks")
    return _reads(what, rest, _AWS_GLOBAL)


_GCLOUD_GLOBAL = "--project= --account= --billing-project= --configuration= --format= --verbosity= --quiet -q --log-http --zone= --region= --location= --filter= --limit= --freshness= --order= --sort-by= --page-size= --flatten= --uri --cluster= --instance= --show-labels --global --impersonate-service-account="
_GCLOUD_GROUPS = frozenset(
    """
    alpha beta compute instances disks snapshots images networks subnets firewall-rules addresses routes routers zones
    regions machine-types instance-groups managed unmanaged instance-templates forwarding-rules backend-services
    url-maps target-http-proxies target-https-proxies ssl-certificates health-checks vpn-tunnels operations reservations
    container clusters node-pools images projects organizations folders iam service-accounts keys roles config
    configurations logging logs sinks metrics buckets views monitoring dashboards policies channels run services revisions
    jobs executions functions app versions sql databases users backups pubsub topics subscriptions dns managed-zones
    record-sets kms keyrings secrets artifacts repositories packages docker tags builds triggers storage
    objects auth components billing accounts services spanner redis memcache dataproc dataflow scheduler queues tasks
    endpoints bigtable filestore deploy releases delivery-pipelines targets rollouts fleet memberships asset
    certificate-manager certificates maps workflows eventarc composer environments source repos security-policies
    ssl-policies network-endpoint-groups interconnects project-info resource-manager tags-keys locations endpoints
    """.split()  # noqa: SIM905
)
_GCLOUD_READS = frozenset(
    """
    list describe read tail get-iam-policy get-value get-server-config list-tags get-health list-instances lookup
    get-ancestors search search-all-resources search-all-iam-policies get-serial-port-output list-grantable-roles
    get-ancestors-iam-policy info version get-status get-nat-mapping-info get-credentials-info ls cat du
    """.split()  # noqa: SIM905
)


def _gcloud(name: str, words: Sequence[Word]) -> Verdict:
    path: list[str] = []
    at, sure = skip_options(words, _GCLOUD_GLOBAL, 1)
    while sure and at < len(words):
        value = words[at].value
        if value is None:
            break
        path.append(value)
        if value not in _GCLOUD_GROUPS:
            break
        at, sure = skip_options(words, _GCLOUD_GLOBAL, at + 1)
    what = " ".join((name, *path))
    verb = path[-1] if path else ""
    reading = verb in _GCLOUD_READS
    if not reading and any(_DESTROYING.fullmatch(w.prefix) for w in words[1:]):
        return Verdict(Risk.DESTRUCTIVE, f"`{what}` destroys")
    if len(words) == 1 or words[1].value in ("help", "--version", "version", "info"):
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    if not sure or not path:
        return Verdict(Risk.UNKNOWN, f"what `{name}` does here cannot be told")
    if not reading:
        unsure = verb in _GCLOUD_GROUPS or at >= len(words)
        return Verdict(Risk.UNKNOWN if unsure else Risk.CHANGING, f"`{what}` may change something")
    rest = words[at + 1 :]
    if option := find_option(words[1:], "--flags-file --access-token-file --credential-file-override"):
        return Verdict(Risk.UNKNOWN, f"`{option.raw}` decides what `{what}` does")
    return _reads(what, rest, _GCLOUD_GLOBAL)


_AZ_GLOBAL = "--subscription= -o= --output= --query= --only-show-errors --verbose --debug -g= --resource-group= -n= --name="
_AZ_GROUPS = frozenset(
    """
    account group vm vmss disk snapshot image network vnet subnet nsg rule public-ip nic lb dns zone record-set aks nodepool
    acr repository storage blob container keyvault secret key certificate monitor metrics log-analytics workspace
    activity-log alert sql server db mysql postgres flexible-server cosmosdb webapp appservice plan functionapp config
    appsettings deployment resource role assignment definition ad user sp app signed-in-user policy tag lock redis
    servicebus namespace queue topic subscription eventhubs containerapp identity provider feature consumption usage
    budget advisor recommendation location cdn profile endpoint front-door application-gateway vpn-gateway route-table
    route private-endpoint peering extension cloud
    """.split()  # noqa: SIM905
)
_AZ_READS = re.compile(r"list|show|list-(?!keys$|connection).*|show-(?!and).*|check-.*|query|get-instance-view|get-versions|exists")


def _az(name: str, words: Sequence[Word]) -> Verdict:
    path: list[str] = []
    at, sure = skip_options(words, _AZ_GLOBAL, 1)
    while sure and at < len(words) and words[at].value is not None:
        path.append(words[at].value or "")
        if path[-1] not in _AZ_GROUPS:
            break
        at, sure = skip_options(words, _AZ_GLOBAL, at + 1)
    what = " ".join((name, *path))
    verb = path[-1] if path else ""
    reading = bool(path) and (_AZ_READS.fullmatch(verb) is not None or what in ("az version", "az account show"))
    if not reading and any(_DESTROYING.fullmatch(w.prefix.lower()) for w in words[1:]):
        return Verdict(Risk.DESTRUCTIVE, f"`{what}` destroys")
    if len(words) == 1 or words[1].value in ("--help", "-h", "--version", "version"):
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    if not sure or not path or verb in _AZ_GROUPS:
        return Verdict(Risk.UNKNOWN, f"what `{name}` does here cannot be told")
    if not reading:
        return Verdict(Risk.CHANGING, f"`{what}` may change something")
    return _reads(what, words[at + 1 :], _AZ_GLOBAL)


def _gsutil(name: str, words: Sequence[Word]) -> Verdict:
    at, sure = skip_options(words, "-m -q -D -u= -i=", 1)
    verb = words[at].value if sure and at < len(words) else None
    if any(w.value in ("rm", "rb") for w in words[1:]) or (verb == "rsync" and find_option(words, "-d")):
        return Verdict(Risk.DESTRUCTIVE, f"`{name} {verb}` destroys")
    if verb is None:
        return Verdict(Risk.UNKNOWN, f"what `{name}` does here cannot be told")
    if verb in ("ls", "cat", "stat", "du", "version", "hash", "help"):
        return _reads(f"{name} {verb}", words[at + 1 :], "")
    return Verdict(Risk.CHANGING, f"`{name} {verb}` changes something")


def _reads(what: str, rest: Sequence[Word], valued: str) -> Verdict:
    if word := doubtful(rest, valued):
        return Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an option of `{what}`")
    return Verdict(Risk.READ_ONLY, f"`{what}` reads")


READERS: Mapping[str, Callable[[str, Sequence[Word]], Verdict]] = {
    "aws": _aws,
    "gcloud": _gcloud,
    "az": _az,
    "gsutil": _gsutil,
}
