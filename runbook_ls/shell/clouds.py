"""The cloud command lines, whose sub-commands are too many to list: aws, gcloud, az, gsutil. Pure.

Their verbs are regular: what stands at the end of the path says what is done. Only paths made of known groups and
a known reading verb are read-only. Sources: each tool's command reference, 2025/26.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from runbook_ls.shell.options import doubtful, find_option, skip_options
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.verdict import Risk, Verdict


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DESTROYING = (
    r"(?i)(?:batch-)?(?:delete|destroy|terminate|purge|remove|deregister|wipe|reset|drop|empty|release|undeploy)(?:-.*)?"
    r"|rm|rb|.*-deletion|cancel-.*|failover|rollback-.*|restore-.*|abort-.*|--.*delete.*"
)


class _Cloud(NamedTuple):
    """A tool of the form `NAME GROUP… VERB`. `options` may stand anywhere; `doubt` decides what a verb does."""

    options: str
    groups: frozenset[str]
    reads: str  # a pattern of verbs
    doubt: str = ""
    first_only: frozenset[str] = frozenset()  # groups at the beginning, verbs further on


_GCLOUD = _Cloud(
    options="--project= --account= --billing-project= --configuration= --format= --verbosity= --quiet -q --log-http "
    "--zone= --region= --location= --filter= --limit= --freshness= --order= --sort-by= --page-size= --flatten= --uri "
    "--cluster= --instance= --show-labels --global --impersonate-service-account= --bucket= --view=",
    groups=_set(
        """
        accounts addresses alpha app artifacts asset auth backend-services backups beta bigtable billing buckets budgets
        builds certificate-manager certificates channels cloud-shell clusters components composer compute config
        configurations container databases dashboards dataflow dataproc delivery-pipelines deploy disks dns docker
        endpoints environments eventarc executions firewall-rules fleet folders forwarding-rules functions
        health-checks iam images instance-groups instance-templates instances interconnects jobs keyrings keys kms
        locations logging logs machine-types managed managed-zones maps memberships memcache metrics monitoring
        network-endpoint-groups networks node-pools objects operations organizations packages policies project-info
        projects pubsub queues record-sets redis regions releases repositories repos reservations resource-manager
        revisions roles rollouts routers routes run scheduler secrets security-policies service-accounts services sinks
        snapshots source spanner sql ssl-certificates ssl-policies storage subnets subscriptions tags target-http-proxies
        target-https-proxies targets tasks topics triggers unmanaged url-maps users versions views vpn-tunnels workflows
        zones
        """
    ),
    reads=(
        r"list|describe|read|tail|ls|cat|du|get-iam-policy|get-value|get-server-config|list-(?!.*create).*|get-health|"
        r"lookup|get-ancestors.*|search(?:-all-.*)?|get-serial-port-output|get-status|get-nat-mapping-info"
    ),
    doubt="--flags-file --access-token-file --credential-file-override --log-http",
    first_only=_set("run deploy source app"),
)

_AZ = _Cloud(
    options="--subscription= -o= --output= --query= --only-show-errors --verbose --debug -g= --resource-group= -n= --name= "
    "--vault-name= --registry= -s= --cluster-name= --server= --account-name=",
    groups=_set(
        """
        account acr activity-log ad advisor aks alert app application-gateway appservice appsettings assignment blob
        budget cdn cloud config consumption container containerapp cosmosdb db definition deployment disk dns endpoint
        eventhubs extension feature flexible-server front-door functionapp group identity image keyvault key
        lb location lock log-analytics metrics monitor mysql namespace network nic nodepool nsg peering plan policy
        postgres private-endpoint profile provider public-ip queue recommendation record-set redis repository resource
        role route route-table rule secret server servicebus signed-in-user snapshot sp sql storage subnet subscription
        tag topic usage user vm vmss vnet vpn-gateway webapp workspace zone certificate
        """
    ),
    reads=r"list(?:-.*)?|show(?:-.*)?|check-.*|query|get-instance-view|get-versions|exists",
)


def _judge(name: str, words: Sequence[Word], cloud: _Cloud) -> Verdict:
    path: list[str] = []
    at, sure = skip_options(words, cloud.options, 1)
    while sure and at < len(words) and (value := words[at].value) is not None:
        path.append(value)
        leading = all(word in ("alpha", "beta") for word in path[:-1])
        if value not in cloud.groups or (value in cloud.first_only and not leading):
            break
        at, sure = skip_options(words, cloud.options, at + 1)
    # The walk stops on the verb, or runs out of words within the groups.
    verb = path[-1] if path and at < len(words) and words[at].value == path[-1] else None
    what = " ".join((name, *path))
    reads = (
        verb is not None and re.fullmatch(cloud.reads, verb) is not None and (len(path) > 1 or name != "az")
    )
    if not reads and any(re.fullmatch(_DESTROYING, w.prefix) for w in words[1:]):
        return Verdict(Risk.DESTRUCTIVE, f"`{what}` destroys")
    if len(words) == 1 or (len(words) == 2 and words[1].value in _INFORMING):
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    if verb is None:
        return Verdict(Risk.UNKNOWN, f"what `{what}` does here cannot be told")
    if not reads:
        return Verdict(Risk.CHANGING, f"`{what}` may change something")
    return _reads(what, words[1:], cloud.options, cloud.doubt)


_INFORMING = _set("--help --version -h -v help info version")


def _reads(what: str, words: Sequence[Word], valued: str, doubt: str) -> Verdict:
    if option := find_option(words, doubt, valued):
        return Verdict(Risk.UNKNOWN, f"`{option.raw}` decides what `{what}` does")
    if word := doubtful(words, valued):
        return Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an option of `{what}`")
    return Verdict(Risk.READ_ONLY, f"`{what}` reads")


# aws: SERVICE OPERATION

_AWS_OPTIONS = (
    "--region= --profile= --output= --query= --no-cli-pager --no-paginate --debug --no-verify-ssl --cli-read-timeout= "
    "--cli-connect-timeout= --color= --no-sign-request --page-size= --max-items= --log-group-name= --instance-ids= "
    "--name= --bucket= --cluster= --filters= --stack-name= --function-name= --db-instance-identifier= --start-time="
)
_AWS_DOUBT = "--endpoint-url --ca-bundle"
# Operations `get-…` of these services print; elsewhere one may write a file or make something.
_AWS_GETS = _set(
    """
    accessanalyzer account acm apigatewayv2 athena autoscaling backup budgets ce cloudformation cloudfront cloudtrail
    cloudwatch codebuild codepipeline configservice dynamodb ec2 ecr eks elb elbv2 events glue guardduty iam inspector2 kms
    lambda logs organizations pricing rds redshift resourcegroupstaggingapi route53 s3api secretsmanager securityhub
    service-quotas ses sesv2 sns sqs ssm sso-admin stepfunctions sts support wafv2 xray
    """
)
_AWS_READS = (
    r"(?:describe|list|batch-get|head|search|lookup|filter|view|check|validate)-.*|scan|query|tail"
    r"|get-(?!object$|object-torrent$|export$|sdk$|job-output$|media$|clip$|session-token$|federation-token$"
    r"|password-data$|login|authorization-token$|object-lambda|role-credentials$|console-|random|data-key|run-output$).*"
)


def _aws(name: str, words: Sequence[Word]) -> Verdict:
    at, sure = skip_options(words, _AWS_OPTIONS, 1)
    service = words[at].value if sure and at < len(words) else None
    at, sure = skip_options(words, _AWS_OPTIONS, at + 1)
    operation = words[at].value if service and sure and at < len(words) else None
    what = " ".join(filter(None, (name, service, operation)))
    listed = (service, operation) in (("s3", "ls"), ("configure", "list"), ("configure", "list-profiles"))
    reads = listed or (
        operation is not None
        and service not in ("s3", "configure")
        and re.fullmatch(_AWS_READS, operation) is not None
        and (not operation.startswith("get-") or service in _AWS_GETS)
    )
    if not reads and any(re.fullmatch(_DESTROYING, w.prefix) or w.value == "--force" for w in words[1:]):
        return Verdict(Risk.DESTRUCTIVE, f"`{what}` destroys")
    if len(words) == 1 or (len(words) == 2 and words[1].value in _INFORMING):
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    if operation is None:
        return Verdict(Risk.UNKNOWN, f"what `{what}` does here cannot be told")
    if not reads:
        return Verdict(Risk.CHANGING, f"`{what}` may change something")
    return _reads(what, words[1:], _AWS_OPTIONS, _AWS_DOUBT)


def _gsutil(name: str, words: Sequence[Word]) -> Verdict:
    at, sure = skip_options(words, "-m -q -D -u= -i=", 1)
    verb = words[at].value if sure and at < len(words) else None
    if any(w.value in ("rm", "rb") for w in words[1:]) or (verb == "rsync" and find_option(words[at:], "-d")):
        return Verdict(Risk.DESTRUCTIVE, f"`{name} {verb}` destroys")
    if verb is None:
        return Verdict(Risk.UNKNOWN, f"what `{name}` does here cannot be told")
    if verb in ("ls", "cat", "stat", "du", "version", "hash", "help"):
        return _reads(f"{name} {verb}", words[at + 1 :], "", "")
    return Verdict(Risk.CHANGING, f"`{name} {verb}` changes something")


READERS: Mapping[str, Callable[[str, Sequence[Word]], Verdict]] = {
    "aws": _aws,
    "gcloud": lambda name, words: _judge(name, words, _GCLOUD),
    "az": lambda name, words: _judge(name, words, _AZ),
    "gsutil": _gsutil,
}
# The options by which these run a command elsewhere.
COMMAND_OPTIONS = "--command= --scripts= --parameters="
