@rem A shim of toolversion, written by `tool rehash`: becomes the version of a program that is pinned where it is called.
@echo off
setlocal DisableDelayedExpansion
if not exist "@runtime@" goto gone
if not exist "@script@" goto gone
rem A home that the environment does not name is this shim's own.
if defined TOOL_HOME goto run
for %%I in ("@home@") do (
  if defined HOME if /i "%HOME%\.tool"=="%%~fI" goto run
  if not defined HOME if /i "%USERPROFILE%\.tool"=="%%~fI" goto run
  set "TOOL_HOME=%%~fI"
)
:run
"@runtime@" "@script@" exec -- "@name@" %*
exit /b %ERRORLEVEL%
:gone
echo error SHIM_OUTDATED: the shim "%~f0" asks a toolversion that is gone: "@script@" 1>&2
echo   try: install toolversion again, then: tool rehash 1>&2
exit /b 127
