"""Whom a connection trusts: what the system trusts, also on macOS and Windows."""

from __future__ import annotations

import ssl


def trusted() -> ssl.SSLContext:
    """For a client's connections. `SSL_CERT_FILE` and `SSL_CERT_DIR` count."""
    try:
        import truststore
    except ImportError:
        return ssl.create_default_context()
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
