"""The service over HTTP, for front ends in any language; needs the extra ``api``."""

try:
    from ikd.adapters.api.access_tokens import AccessToken, AccessTokens, FrontEnd
    from ikd.adapters.api.api_limits import ApiLimits
    from ikd.adapters.api.asgi import asgi
    from ikd.adapters.api.openapi import openapi
    from ikd.adapters.api.serving import serve
except ModuleNotFoundError as error:
    if error.name not in ("starlette", "uvicorn"):
        raise
    raise ImportError("ikd.api needs: pip install 'ikd[api]'") from None

__all__ = [
    "AccessToken",
    "AccessTokens",
    "ApiLimits",
    "FrontEnd",
    "asgi",
    "openapi",
    "serve",
]
