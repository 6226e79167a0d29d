#!/bin/sh
# The watchdog of one supervisor: ends what the supervisor leaves behind, however it came to its end.
#   watchdog.sh ID [GROUP:START]...
# ID is the supervisor's; its workers and all their children have it in TOOL_SUPERVISORS. GROUP is a process group that
# is there already, START when its leader started (field 22 of /proc/GROUP/stat; may be missing).
# The input is a pipe that only the supervisor holds. The lines on it:
#   + GROUP START  a process group began
#   - GROUP        it is gone
# While the pipe is open nothing is forked: one small process waits.
trap '' HUP INT QUIT TERM
LC_ALL=C

id=${1-}
[ "$#" -eq 0 ] || shift
# " GROUP:START GROUP:START "
groups=" $* "
# Rounds with a pause each: who can't be killed in about a minute is stuck in the kernel, or not ours.
rounds=600

while read -r word first second; do
  case $word in
    '+') groups="$groups$first:$second " ;;
    '-')
      case $groups in
        *" $first:"*)
          rest=${groups#*" $first:"}
          groups="${groups%%" $first:"*} ${rest#* }"
          ;;
      esac
      ;;
  esac
done

# Sets `start` to when the living process $1 started, `its_group` and `its_session`; to nothing where there is no such
# process, or nobody tells.
read_process() {
  start='' its_group='' its_session='' stat=''
  [ -r "/proc/$1/stat" ] || return 0
  # A name may hold line breaks, blanks and parentheses.
  while IFS= read -r line; do stat="$stat $line"; done 2>/dev/null <"/proc/$1/stat"
  # shellcheck disable=SC2086 # cut at blanks
  set -- ${stat##*') '}
  case ${1-Z} in
    Z | X) ;;
    *) its_group=${3-} its_session=${4-} start=${20-} ;;
  esac
}

set -f
for group in $groups; do
  began=${group#*:} group=${group%%:*}
  # Anything else would not be a group: -1 is everybody.
  case $group in 0* | 1 | *[!0-9]*) continue ;; esac
  read_process "$group"
  # The number stays its own while one member lives; another process under it means that none did.
  if [ -n "$start" ] && [ -n "$began" ] && [ "$start" != "$began" ]; then continue; fi
  kill -KILL "-$group" 2>/dev/null
done
set +f

# Anything shorter or stranger than the ids that supervisors give themselves could be in the environment of others.
case $id in *[!0-9A-Za-z-]*) exit 0 ;; ????????????????*) ;; *) exit 0 ;; esac

# Whether the environment in the file $1 has the id, found without any other program. The NULs in it are lost.
has_id() {
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in *TOOL_SUPERVISORS=*"$id"*) return 0 ;; esac
    line=
  done 2>/dev/null <"$1"
  return 1
}

# Not every grep finds what follows a NUL.
if printf x | grep -qz x 2>/dev/null; then grep=yes; else grep=no; fi

# Prints who has the id in TOOL_SUPERVISORS.
carriers() {
  if [ ! -r /proc/self/environ ]; then
    # shellcheck disable=SC2009 # pgrep does not look at environments
    ps -axEww -o pid=,command= 2>/dev/null | while read -r pid rest; do
      case $rest in *TOOL_SUPERVISORS=*"$id"*) echo "$pid" ;; esac
    done
  elif [ "$grep" = yes ]; then
    grep -lsz -e "^TOOL_SUPERVISORS=$id" -e "^TOOL_SUPERVISORS=.*,$id" /proc/[0-9]*/environ
  else
    for file in /proc/[0-9]*/environ; do
      if [ -r "$file" ] && has_id "$file"; then echo "$file"; fi
    done
  fi
}

# Ends $1, who has the id, and its group if that was begun by one of ours: the supervisor may have died before it told of
# a group, in which somebody has hidden the id. A group that somebody else leads, such as a shell, is none of ours.
end_carrier() {
  read_process "$1"
  of=$its_group
  if [ -n "$of" ] && [ "$of" != 1 ] && [ "$of" = "$its_session" ]; then
    [ "$of" = "$1" ] || read_process "$of"
    if [ "$of" = "$1" ] || [ -z "$start" ]; then kill -KILL "-$of" 2>/dev/null; fi
  fi
  kill -KILL "$1" 2>/dev/null
}

empty=0
while [ "$rounds" -gt 0 ]; do
  rounds=$((rounds - 1))
  found=$(carriers)
  if [ -z "$found" ]; then
    empty=$((empty + 1))
    [ "$empty" -lt 2 ] || exit 0
  else
    empty=0
    for pid in $found; do
      pid=${pid#/proc/}
      end_carrier "${pid%/environ}"
    done
  fi
  sleep 0.1 2>/dev/null || sleep 1 2>/dev/null
done
