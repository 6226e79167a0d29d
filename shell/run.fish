# By absolute paths, since a shim may be called tool; what was moved or upgraded elsewhere is found on PATH.
function __tool_run
    if test -x @runtime@; and test -f @script@
        @runtime@ @script@ $argv
    else
        command tool $argv
    end
end
