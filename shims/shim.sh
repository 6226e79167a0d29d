#!/bin/sh
# A shim of toolversion, written by `tool rehash`: becomes the version of a program that is pinned where it is called.
# Nothing is forked: builtins look for the version, and exec does the rest. Whatever is unusual goes on to `tool exec`.
# shellcheck disable=SC3013,SC3067 # -ef and -O are in every shell that this is for
__tool_name=@name@
__tool_home=@home@
__tool_runtime=@runtime@
__tool_script=@script@

# What calls `tool` by its first line means its own Node, whatever is pinned: else a pin could keep `tool` from mending it.
case $__tool_name:${1-} in
  node:*/tool | node:*/tool.cjs)
    if [ "$1" -ef "$__tool_script" ] && [ -x "$__tool_runtime" ]; then exec "$__tool_runtime" "$@"; fi
    ;;
esac

case ${ZSH_VERSION-} in ?*) emulate sh 2>/dev/null ;; esac
__tool_binaries=@binaries@

# Takes the next word off __tool_rest: between blanks and tabs, or in quotes.
__tool_next() {
  __tool_rest=${__tool_rest#"${__tool_rest%%[! 	]*}"}
  case $__tool_rest in
    \"*)
      __tool_word=${__tool_rest#\"}
      __tool_word=\"${__tool_word%%\"*}\"
      ;;
    *) __tool_word=${__tool_rest%%[ 	]*} ;;
  esac
  __tool_rest=${__tool_rest#"$__tool_word"}
}

# Whether the line in __tool_line is text: without control characters but tabs, and the CR that may end it, which goes.
__tool_text() {
  __tool_line=${__tool_line%[[:cntrl:]]}
  __tool_rest=$__tool_line
  while :; do
    case $__tool_rest in
      *"	"*) __tool_rest=${__tool_rest%%"	"*}${__tool_rest#*"	"} ;;
      *[[:cntrl:]]*) return 1 ;;
      *) return 0 ;;
    esac
  done
}

# Whether the words $1 can stand for versions: some, and nothing that `tool` would refuse.
__tool_versions() {
  __tool_rest=$1
  __tool_count=0
  __tool_odd=
  while :; do
    __tool_next
    case $__tool_word in
      '' | \#*) break ;;
      \"?*\") case $__tool_rest in [!"	 "]*) return 1 ;; esac ;;
      path:?* | lts/?*) ;;
      *..* | *==* | *\<\<* | *\>\>* | *\|\|\|* | *[!A-Za-z0-9._+^~*\<\>=\|-]*) return 1 ;;
      [\<\>\|]* | -) __tool_odd=1 ;;
    esac
    __tool_count=$((__tool_count + 1))
  done
  [ "$__tool_count" -gt 0 ] || return 1
  # Half of a range that is not in quotes.
  [ -z "$__tool_odd" ] || [ "$__tool_count" = 1 ]
}

# What a bare spec pins in a file of the directory $1. 1: a tool.json may say.
__tool_default_at() {
  __tool_default=${TOOL_DEFAULT_TOOLCHAIN-}
  [ -z "$__tool_default" ] || return 0
  __tool_above=$1
  while :; do
    if [ -e "$__tool_above/tool.json" ] || [ -L "$__tool_above/tool.json" ]; then return 1; fi
    [ -n "$__tool_above" ] || break
    __tool_above=${__tool_above%/*}
  done
  __tool_default=@default@
}

# The version that the lock file $2 names for the spec $1, as it is written, if the version has word that it is that one.
__tool_locked() {
  if [ ! -r "$2" ] || [ ! -O "$2" ]; then return 1; fi
  while IFS= read -r __tool_rest || [ -n "$__tool_rest" ]; do
    case $__tool_rest in
      '<<<<<<<'* | '======='* | '>>>>>>>'* | '|||||||'*) return 1 ;;
      "$__tool_toolchain "*) ;;
      *) continue ;;
    esac
    __tool_next
    __tool_next
    [ "$__tool_word" = "$1" ] || continue
    __tool_next
    __tool_version=$__tool_word
    __tool_next
    __tool_word=${__tool_word%[[:cntrl:]]}
    case $__tool_version/$__tool_word in .* | */*/* | */ | *[!A-Za-z0-9._+/-]*) return 1 ;; esac
    __tool_dir=$__tool_home/versions/$__tool_toolchain/$__tool_version
    [ -e "$__tool_dir/locked/$__tool_word" ]
    return
  done <"$2"
  return 1
}

# The version that the specs $1 come down to: the first of them, if it is in the store. $2: the lock file beside them.
__tool_spec() {
  __tool_rest=$1
  __tool_next
  __tool_spec=$__tool_word
  if [ -n "$2" ] && { [ -e "$2" ] || [ -L "$2" ]; }; then
    case $__tool_spec in '' | *[\#:/]*) return 1 ;; esac
    # Of several specs, what is locked is for `tool exec` to tell.
    __tool_next
    case $__tool_word in '' | \#*) ;; *) return 1 ;; esac
    __tool_locked "$__tool_spec" "$2"
    return
  fi
  case $__tool_spec in '' | system | path | [!A-Za-z0-9_^~]* | *..* | *[!A-Za-z0-9._+^~-]*) return 1 ;; esac
  __tool_dir=$__tool_home/versions/$__tool_toolchain/$__tool_spec
  [ ! -d "$__tool_dir/bin" ] || return 0
  case $__tool_spec in
    v[0-9]*)
      __tool_dir=$__tool_home/versions/$__tool_toolchain/${__tool_spec#v}
      [ ! -d "$__tool_dir/bin" ] || return 0
      ;;
  esac
  __tool_dir=$__tool_home/links/$__tool_toolchain/$__tool_spec
  [ -d "$__tool_dir/bin" ]
}

# The pin of a toolchain in the file $1 of the directory $2, with the lock file $3. 2: the file does not name it.
__tool_file() {
  if [ ! -r "$1" ] || [ ! -O "$1" ]; then return 1; fi
  __tool_size=0
  __tool_found=
  while IFS= read -r __tool_line || [ -n "$__tool_line" ]; do
    __tool_size=$((__tool_size + ${#__tool_line} + 1))
    [ "$__tool_size" -lt 65536 ] || return 1
    case $__tool_line in *[[:cntrl:]]*) __tool_text || return 1 ;; esac
    __tool_rest=$__tool_line
    __tool_next
    case $__tool_word in
      '' | \#*) continue ;;
      [0-9^~\<\>=*\"]* | v[0-9]* | latest | next | lts | system | path | path:*)
        __tool_default_at "$2" || return 1
        __tool_pinned=$__tool_default
        __tool_rest=$__tool_line
        ;;
      [a-z]*)
        __tool_pinned=${__tool_word%%@*}
        case $__tool_pinned in *[!a-z0-9-]*) return 1 ;; esac
        case $__tool_word in *@?*) __tool_rest=${__tool_word#*@}$__tool_rest ;; esac
        ;;
      *) return 1 ;;
    esac
    __tool_specs=$__tool_rest
    __tool_versions "$__tool_specs" || return 1
    case $__tool_names in *"|$__tool_pinned|"*) : "${__tool_found:=$__tool_specs}" ;; esac
  done <"$1"
  if [ -n "$__tool_found" ]; then
    __tool_spec "$__tool_found" "$3"
    return
  fi
  # A file without a single letter is no text that this could read.
  if [ "$__tool_size" = 0 ] && [ -s "$1" ]; then return 1; fi
  return 2
}

# Whether package.json may pin: it has the word, or is too long to look.
__tool_package() {
  [ -r "$1" ] || return 1
  __tool_lines=0
  while IFS= read -r __tool_line || [ -n "$__tool_line" ]; do
    case $__tool_line in *devEngines*) return 1 ;; esac
    __tool_lines=$((__tool_lines + 1))
    [ "$__tool_lines" -lt 200 ] && [ "${#__tool_line}" -lt 2000 ] || return 1
  done <"$1"
}

# The nearest pin at or above the directory $1; other tools' files are the rest. 2: there is none.
__tool_walk() {
  __tool_at=$1
  shift
  case $__tool_at in / | /*[!/]) __tool_at=${__tool_at%/} ;; *) return 1 ;; esac
  while :; do
    __tool_pins=$__tool_at/$__tool_pinfile
    if [ -f "$__tool_pins" ]; then
      __tool_file "$__tool_pins" "$__tool_at" "$__tool_at/$__tool_pinfile.lock"
      __tool_status=$?
      [ "$__tool_status" = 2 ] || return "$__tool_status"
    elif [ -e "$__tool_pins" ] || [ -L "$__tool_pins" ]; then
      return 1
    fi
    for __tool_other in .tool-versions "$@"; do
      if [ -e "$__tool_at/$__tool_other" ] || [ -L "$__tool_at/$__tool_other" ]; then
        [ "$__tool_other" = package.json ] && __tool_package "$__tool_at/$__tool_other" || return 1
      fi
    done
    [ -n "$__tool_at" ] || return 2
    __tool_at=${__tool_at%/*}
  done
}

# Sets __tool_dir to the version of the toolchain $1 that is pinned here. $2: its names, $3: what its variable says; the
# rest are its own files. 1: unusual; 2: nothing pins it.
__tool_find() {
  __tool_toolchain=$1
  __tool_names=$2
  if [ -n "$3" ]; then
    __tool_spec "$3" ''
    return
  fi
  shift 3
  if [ -n "${TOOL_VERSION-}" ]; then
    [ ! -e "$__tool_home/config.json" ] && __tool_default_at "${PWD%/}" || return 1
    case $__tool_names in
      *"|$__tool_default|"*)
        __tool_spec "$TOOL_VERSION" ''
        return
        ;;
    esac
  fi
  __tool_pinfile=${TOOL_VERSION_FILE:-.toolversion}
  case $__tool_pinfile in */* | . | ..) return 1 ;; esac
  if [ -n "${TOOL_DIR-}" ]; then
    case $TOOL_DIR/ in
      *//* | */./* | */../* | ./* | ../*) return 1 ;;
      /*) __tool_start=$TOOL_DIR ;;
      *) __tool_start=${PWD%/}/$TOOL_DIR ;;
    esac
    [ -d "$__tool_start" ] || return 1
    __tool_walk "$__tool_start" "$@"
    __tool_status=$?
    [ "$__tool_status" = 2 ] || return "$__tool_status"
  fi
  __tool_walk "$PWD" "$@"
  __tool_status=$?
  [ "$__tool_status" = 2 ] || return "$__tool_status"
  __tool_pins=$__tool_home/version
  if [ -f "$__tool_pins" ]; then
    __tool_file "$__tool_pins" "$__tool_home" ''
    return
  fi
  if [ -e "$__tool_pins" ] || [ -L "$__tool_pins" ]; then return 1; fi
  return 2
}

# Sets __tool_node to the Node that runs scripts here: the pinned one, else the machine's, else the one of `tool`.
__tool_find_node() {
  __tool_owner=$__tool_dir
  __tool_find node @node_names@ "${TOOL_NODE_VERSION-}" @node_files@
  __tool_status=$?
  __tool_node=$__tool_dir/bin/node
  __tool_dir=$__tool_owner
  case $__tool_status in
    0)
      [ -f "$__tool_node" ] && [ -x "$__tool_node" ]
      return
      ;;
    1) return 1 ;;
  esac
  __tool_rest=${PATH-}:
  while [ -n "$__tool_rest" ]; do
    __tool_at=${__tool_rest%%:*}
    __tool_rest=${__tool_rest#*:}
    __tool_node=$__tool_at/node
    case $__tool_at in /*) ;; *) continue ;; esac
    if [ ! -f "$__tool_node" ] || [ ! -x "$__tool_node" ]; then continue; fi
    [ "$__tool_at" -ef "$__tool_home/shims" ] || return 0
  done
  __tool_node=$__tool_runtime
}

# How the program of the version in __tool_dir is run: by itself, or by node, which sets __tool_node. 1: unusual.
__tool_runner() {
  __tool_node=
  __tool_program=$__tool_dir/bin/$__tool_name
  [ -f "$__tool_program" ] && [ -x "$__tool_program" ] || return 1
  if [ -e "$__tool_dir/node/$__tool_name" ]; then
    __tool_find_node
    return
  fi
  # What a person put there says itself what runs it.
  if [ -e "$__tool_dir/receipt.json" ] || [ ! -r "$__tool_program" ]; then return 0; fi
  case $__tool_binaries in *"|${__tool_dir##*/}|"*) return 0 ;; esac
  __tool_rest=
  {
    IFS= read -r __tool_line
    case $__tool_line in '#!'*) IFS= read -r __tool_rest ;; esac
  } <"$__tool_program"
  case $__tool_line in '#!'*node*) return 1 ;; esac
  # A link to a shim, or a copy, would come back here without end.
  case $__tool_rest in '# A shim of toolversion, '*) return 1 ;; esac
}

if [ -z "${TOOL_FROZEN-}" ] && [ "${TOOL_HOME:-$__tool_home}" = "$__tool_home" ] && [ "$PWD" -ef . ] &&
  __tool_find @toolchain@ @names@ "${@variable@-}" @files@ && __tool_runner; then
  PATH=$__tool_dir/bin${PATH:+:$PATH}
  export PATH
  if [ -n "$__tool_node" ]; then exec "$__tool_node" "$__tool_program" "$@"; fi
  exec "$__tool_program" "$@"
fi
@forward@
