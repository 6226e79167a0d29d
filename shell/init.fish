set -l __tool_path @shims@
for __tool_entry in $PATH
    test "$__tool_entry" = @shims@; or set -a __tool_path $__tool_entry
end
set -gx PATH $__tool_path

function tool --description 'Pin the compiler, supervise it, know what it says'
    if test (count $argv) -eq 0; or test "$argv[1]" != shell
        __tool_run $argv
        return
    end
    set -l code (__tool_run shell --hook=fish $argv[2..-1])
    or return
    if string match -q -- '# tool shell*' "$code[1]"
        printf '%s\n' $code | source
    else if test (count $code) -gt 0
        printf '%s\n' $code
    end
end
