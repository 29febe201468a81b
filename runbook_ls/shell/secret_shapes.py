"""What secrets look like: the data behind `shell.secrets`.

An anchor is a literal text that `str.find` looks for; its pattern is tried at that place only. Patterns are bounded
or cannot begin twice in one run of characters, so that no text makes them slow.

Sources: the vendors' pages on their token formats, GitHub's "Supported secret scanning patterns"; the rule names of
gitleaks' config/gitleaks.toml were read for completeness.
"""

from __future__ import annotations

import re

# Tokens that tell by their own shape: kind, anchors it begins with, what follows.
_BY_PREFIX: tuple[tuple[str, str, str], ...] = (
    ("age-secret-key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{58}"),
    ("anthropic-api-key", "sk-ant-", r"[\w-]{20,200}"),
    ("atlassian-token", "ATATT3 ATCTT3", r"[\w=-]{60,300}"),
    ("aws-access-key", "AKIA ASIA ABIA ACCA", r"[A-Z2-7]{16}"),
    ("aws-bedrock-key", "ABSK", r"[A-Za-z0-9+/]{100,280}={0,2}"),
    ("buildkite-token", "bkua_", r"[a-z0-9]{40}"),
    ("circleci-token", "CCIPAT_ CCIPRJ_", r"[A-Za-z0-9]{22}_[0-9a-f]{40}"),
    ("databricks-token", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    ("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"[0-9a-f]{64}"),
    ("docker-token", "dckr_pat_ dckr_oat_", r"[\w-]{27,60}"),
    ("doppler-token", "dp.pt. dp.st. dp.sa. dp.ct.", r"(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}"),
    ("dynatrace-token", "dt0c01. dt0s01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    ("fly-token", "fm1r_ fm2_ fo1_", r"[A-Za-z0-9+/_=-]{40,800}"),
    ("gcp-api-key", "AIza", r"[\w-]{35}"),
    ("gcp-client-secret", "GOCSPX-", r"[\w-]{28}"),
    ("gcp-oauth-token", "ya29.", r"[\w.-]{20,2048}"),
    ("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", r"[A-Za-z0-9]{36,255}"),
    ("github-token", "github_pat_", r"\w{60,255}"),
    ("gitlab-token", "glpat- gldt- glrt- glcbt- glptt- gloas- glagent- glsoat- glffct-", r"[\w.-]{20,300}"),
    ("gitlab-token", "GR1348941", r"[\w-]{20,50}"),
    ("grafana-token", "glsa_", r"[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}"),
    ("grafana-token", "glc_", r"[A-Za-z0-9+/]{32,400}={0,3}"),
    ("groq-api-key", "gsk_", r"[A-Za-z0-9]{52}"),
    ("heroku-api-key", "HRKU-", r"[\w-]{36,64}"),
    ("huggingface-token", "hf_ api_org_", r"[A-Za-z]{34}"),
    ("jwt", "eyJ", r"[\w-]{8,4000}\.eyJ[\w-]{8,8000}(?:\.[\w-]{0,4000}){1,3}"),
    ("langsmith-key", "lsv2_pt_ lsv2_sk_", r"[0-9a-f]{32}_[0-9a-f]{10}"),
    ("linear-api-key", "lin_api_", r"[A-Za-z0-9]{40}"),
    ("netlify-token", "nfp_", r"[A-Za-z0-9]{36}"),
    ("new-relic-key", "NRAK- NRJS- NRII-", r"[\w-]{19,32}"),
    ("notion-token", "ntn_", r"[A-Za-z0-9]{43,50}"),
    ("npm-token", "npm_", r"[A-Za-z0-9]{36}"),
    ("nvidia-api-key", "nvapi-", r"[\w-]{60,80}"),
    ("onepassword-token", "ops_eyJ", r"[\w+/=-]{100,2000}"),
    ("openai-api-key", "sk-proj- sk-svcacct- sk-admin- sk-None-", r"[\w-]{20,200}"),
    ("openai-api-key", "sk-", r"[A-Za-z0-9]{32,64}"),
    ("openrouter-key", "sk-or-v1-", r"[0-9a-f]{64}"),
    ("perplexity-key", "pplx-", r"[A-Za-z0-9]{40,56}"),
    ("planetscale-token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w=.-]{32,64}"),
    ("postman-key", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    ("pulumi-token", "pul-", r"[0-9a-f]{40}"),
    ("pypi-token", "pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZw", r"[\w-]{50,1000}"),
    ("replicate-token", "r8_", r"[A-Za-z0-9]{37}"),
    ("rubygems-key", "rubygems_", r"[0-9a-f]{48}"),
    ("sendgrid-key", "SG.", r"[\w-]{22}\.[\w-]{43}"),
    ("sentry-token", "sntrys_ sntryu_", r"[\w+/=-]{50,400}"),
    ("shopify-token", "shpat_ shpca_ shppa_ shpss_", r"[0-9A-Fa-f]{32}"),
    (
        "slack-token",
        "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe.xoxb- xoxe.xoxp- xapp-",
        r"[A-Za-z0-9-]{10,250}",
    ),
    ("slack-webhook", "hooks.slack.com/services/", r"[A-Z0-9]{8,12}/[A-Z0-9]{8,12}/[A-Za-z0-9]{20,30}"),
    ("square-token", "sq0atp- sq0csp-", r"[\w-]{22,43}"),
    ("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_ whsec_", r"[A-Za-z0-9+/=]{10,250}"),
    ("supabase-key", "sbp_ sb_secret_", r"\w{30,60}"),
    ("tailscale-key", "tskey-", r"[\w-]{20,100}"),
    ("twilio-key", "SK", r"[0-9a-f]{32}"),
    ("vault-token", "hvs. hvb. hvr.", r"[\w-]{24,300}"),
    ("xai-api-key", "xai-", r"[A-Za-z0-9]{70,90}"),
)
PREFIXED: tuple[tuple[str, str, str], ...] = tuple(
    (kind, anchor, rf"{re.escape(anchor)}(?:{tail})(?![A-Za-z0-9_])")
    for kind, anchors, tail in _BY_PREFIX
    for anchor in anchors.split()
)
"""Kind, anchor, pattern from the anchor on. The character before the anchor must not belong to a word."""

INFIXED: tuple[tuple[str, str, str, str], ...] = (
    ("azure-client-secret", "Q~", r"[\w.~-]{3}\d\Z", r"Q~[\w.~-]{31,34}(?![A-Za-z0-9_])"),
    ("mailchimp-key", "-us", r"[0-9a-f]{32}\Z", r"-us\d{1,2}(?![A-Za-z0-9_])"),
    ("telegram-token", ":AA", r"\d{8,10}\Z", r":AA[\w-]{33}(?![A-Za-z0-9_])"),
    ("terraform-token", ".atlasv1.", r"[A-Za-z0-9]{14}\Z", r"\.atlasv1\.[\w=-]{60,70}(?![A-Za-z0-9_])"),
)
"""Kind, anchor, pattern of what stands before it (at most 40 characters), pattern from the anchor on."""

_REST = r"[^\n|;&]{0,200}?\s"  # the options of a command before the one that matters
_VALUE = r"""(?:'([^'\n]{1,400})'|"([^"\n]{1,400})"|([^\s'"`|;&<>()]{1,400}))"""
_LOGIN = rf"(?:{_REST}login|\s+login)\b{_REST}?-p(?:\s+|=){_VALUE}"
_KEY = "[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?"
_SCHEMES = "basic|bearer|bot|token|apikey|digest|geniekey|key|splunk|ssws"
_PLAIN_KEYS = r"[\w.-]*(?:user|username|name|host|hostname|port|url|email|region|type)"
CONTEXTS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "private-key",
        "-----BEGIN ",
        "key",
        "",
        rf"(-----BEGIN {_KEY}-----(?:(?!-----)[\s\S]){{30,20000}}?-----END {_KEY}-----)",
    ),
    (
        "private-key",
        "-----BEGIN ",
        "key",
        "",
        rf"(-----BEGIN {_KEY}-----(?:(?:\\n|[\s\"'\\>|])+[A-Za-z0-9+/=]{{40,100}}){{1,200}})",
    ),
    ("url-password", "://", "@", "", r"""://[^\s:/@"'<>`]{0,100}:([^\s/@"'<>`]{1,200})@"""),
    (
        "authorization",
        "authorization",
        "authorization",
        "",
        rf"""(?i)authorization\\?["']?\s{{0,3}}[:=]\s{{0,3}}\\?["']?(?:{_SCHEMES})[ =]+([^\s"'`\\,]{{8,4000}})""",
    ),
    (
        "authorization",
        "bearer ",
        "bearer ",
        "",
        r"""(?i)bearer +(?=[^\s"'`\\,]{0,200}\d)([^\s"'`\\,]{16,4000})""",
    ),
    ("cookie", "cookie:", "cookie:", "", r"""(?i)cookie:\s{0,3}[\w.-]{1,80}=([^\s;"'`]{16,4000})"""),
    ("azure-sas", "sig=", "sig=", "", r"""sig=([A-Za-z0-9%+/]{30,120}={0,2})"""),
    ("password", "mysql", "-p", "-p", rf"mysql(?:dump|admin|import|check|sh)?\b(?:{_REST})-p{_VALUE}"),
    ("password", "mariadb", "-p", "-p", rf"mariadb(?:-\w+)?\b(?:{_REST})-p{_VALUE}"),
    ("password", "mongo", "-p", "-p", rf"mongo(?:sh|dump|restore|export|import)?\b(?:{_REST})-p\s+{_VALUE}"),
    ("password", "sshpass", "-p", "-p", rf"sshpass\s+-p\s*{_VALUE}"),
    *(
        ("password", program, "login", "-p", rf"{program}{_LOGIN}")
        for program in ("docker", "podman", "nerdctl", "helm")
    ),
    ("password", "oc login", "login", "-p", rf"oc login\b{_REST}-p(?:\s+|=){_VALUE}"),
    ("password", "az login", "login", "-p", rf"az login\b{_REST}-p(?:\s+|=){_VALUE}"),
    ("password", "redis-cli", "redis-cli", "-a", rf"redis-cli\b(?:{_REST})-a\s+{_VALUE}"),
    ("password", "ipmitool", "-p", "-P", rf"ipmitool\b(?:{_REST})-P\s+{_VALUE}"),
    ("password", "sqlcmd", "-p", "-P", rf"sqlcmd\b(?:{_REST})-P\s*{_VALUE}"),
    (
        "password",
        "ldap",
        "ldap",
        "-w",
        rf"ldap(?:search|modify|add|delete|passwd|whoami)\b(?:{_REST})-w\s+{_VALUE}",
    ),
    (
        "password",
        "htpasswd",
        "pass",
        "",
        rf"htpasswd\s+(?:-\w+\s+)*-\w*b\w*\s+(?:-\w+\s+)*[^\s-]\S*\s+\S+\s+{_VALUE}",
    ),
    ("password", "zip", "-p", "-P", rf"zip\b(?:{_REST})-P\s+{_VALUE}"),
    (
        "password",
        "curl",
        "-u",
        ":",
        r"""curl\b(?:[^\n|;&]{0,200}?\s)(?:-u|--user|--proxy-user|-U)(?:\s+|=)?["']?[^\s:"'$<]{1,100}:([^\s"'`]{1,200})""",
    ),
    ("password", "pass:", "pass", "", rf"pass:{_VALUE}"),
    ("password", "identified by", "identified by", "", rf"(?i:identified by\s+(?:password\s+)?){_VALUE}"),
    ("password", "chpasswd", "pass", "", r"chpasswd[^\n]{0,80}<<<\s*[\"']?\w[\w.-]{0,60}:([^\s\"'`]{1,200})"),
    (
        "password",
        "echo",
        "pass",
        "--password-stdin",
        rf"(?:echo|printf)\s+(?:-\w+\s+)*{_VALUE}\s*\|\s*[^\n|;]{{0,120}}--password-stdin",
    ),
    (
        "password",
        "echo",
        "sudo",
        "-S",
        rf"(?:echo|printf)\s+(?:-\w+\s+)*{_VALUE}\s*\|\s*sudo\s+(?:-\w+\s+)*-S\b",
    ),
    (
        "password",
        "echo",
        "pass",
        "chpasswd",
        r"""(?:echo|printf)\s+(?:-\w+\s+)*["']?\w[\w.-]{0,60}:([^\s"'`|]{1,200})["']?\s*\|\s*(?:sudo\s+)?chpasswd""",
    ),
    ("token", "vault login", "login", "", rf"vault login\s+(?:-[\w=-]+\s+)*(?!-|-method){_VALUE}"),
    (
        "token",
        "echo",
        "token",
        "--with-token",
        rf"(?:echo|printf)\s+(?:-\w+\s+)*{_VALUE}\s*\|\s*[^\n|;]{{0,120}}--with-token",
    ),
    (
        "secret",
        "--from-literal",
        "--from-literal",
        "",
        rf"--from-literal(?:=|\s+)[\"']?(?!{_PLAIN_KEYS}=)[\w.-]{{1,100}}=([^\s\"'`]{{1,400}})",
    ),
)
"""Kind, anchor (sought in any case if it is lower case), clue, mark, pattern; its one matching group is the secret.

A clue is a word that every such place has, in any case, and few texts: those without are told by few words. A mark is
what every such place has besides, in these very letters, if there is such: few of the patterns are needed at all.
"""

# A name that ends in one of these is followed by a secret. Any literal after the first; what looks random, or is at
# least no plain name, after the others.
PASSWORD_NAMES = (
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "_pwd",
    "-pwd",
    "pgpassword",
    "db_pass",
    "db-pass",
    "userpass",
)
TOKEN_NAMES = ("token", "secret", "credential", "credentials")
_KEYS_OF = (
    "access", "account", "admin", "api", "app", "auth", "encryption", "master", "private", "secret", "service",
    "shared", "signing", "storage", "subscription",
)  # fmt: skip
KEY_NAMES = tuple(f"{word}{joint}key" for word in _KEYS_OF for joint in ("", "_", "-"))
