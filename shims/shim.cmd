@rem A shim of toolversion, written by `tool rehash`: becomes the version of a program that is pinned where it is called.
@echo off
setlocal DisableDelayedExpansion
if not defined TOOL_HOME set "TOOL_HOME=@home@"
"@runtime@" "@script@" exec -- "@name@" %*
exit /b %ERRORLEVEL%
