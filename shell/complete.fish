function __tool_complete
    set -l words (commandline -opc)
    set -l lines (__tool_run complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    or return
    test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    switch "$lines[1]"
        case files
            __fish_complete_path (commandline -ct)
        case folders
            __fish_complete_directories (commandline -ct) ''
    end
end
complete -c tool -e
complete -c tool -f -k -a '(__tool_complete)'
