# shellcheck shell=sh disable=SC2154
# The broker's users: their roles, passwords and ACL, below "$access" (a folder). Sourced by install and add-board.

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

# render TEMPLATE KEY=VALUE...: the template with each @KEY@ replaced.
render() {
  template=$here/$1
  shift
  for pair in "$@"; do
    value=$(printf '%s' "${pair#*=}" | sed 's/[\\&|]/\\&/g')
    set -- "$@" -e "s|@${pair%%=*}@|$value|g"
    shift
  done
  sed -e '' "$@" "$template"
}

# Why this cannot be the topic root or a user; ends the script.
check_topic_root() {
  case $1 in
    '' | /* | */ | *//* | '$'* | *[+#]* | *' '*) fail "\"$1\" cannot be the topic root: it is one or more names with / between, such as ic." ;;
  esac
}
check_user() {
  printf '%s\n' "$1" | grep -Eqx '[A-Za-z0-9][A-Za-z0-9_-]{0,31}' ||
    fail "\"$1\" cannot name a node: it has 1 to 32 letters (a to z), digits, - and _, and begins with a letter or digit."
}

# The ACL of all users in $access/users ("NAME ROLE" a line), on standard output.
acl_text() {
  render acl/everyone.acl "ROOT=$1"
  [ -f "$access/users" ] || return 0
  while read -r name role; do
    [ "$role" = lab ] || render acl/board.acl "ROOT=$1" "USER=$name"
    [ "$role" = board ] || render "acl/$role.acl" "ROOT=$1" "USER=$name"
  done <"$access/users"
}

has_password() {
  [ -f "$access/passwords" ] && grep -q "^$1:" "$access/passwords"
}

# Letters and digits that are not mistaken for one another: 20 of 32 make 100 bits.
new_password() {
  LC_ALL=C tr -dc 'abcdefghijkmnpqrstuvwxyz23456789' </dev/urandom | head -c 20
}

# set_password USER PASSWORD. Through a file, since other users of the machine see a command's parameters.
set_password() {
  plain=$(mktemp "$access/.password.XXXXXX")
  printf '%s:%s\n' "$1" "$2" >"$plain"
  if command -v mosquitto_passwd >/dev/null; then
    mosquitto_passwd -U "$plain"
  elif command -v docker >/dev/null; then
    docker run --rm --user "$(id -u):$(id -g)" -v "$access:/access" eclipse-mosquitto:2 mosquitto_passwd -U "/access/${plain##*/}"
  else
    rm -f "$plain"
    fail 'mosquitto_passwd, which hashes the passwords, is missing. Debian: sudo apt-get install mosquitto'
  fi || { rm -f "$plain"; fail "the password of $1 could not be hashed."; }
  touch "$access/passwords"
  chmod 600 "$access/passwords"
  { grep -v "^$1:" "$access/passwords" || true; cat "$plain"; } >"$access/passwords.new"
  chmod 600 "$access/passwords.new"
  mv "$access/passwords.new" "$access/passwords"
  rm -f "$plain"
}

# set_role USER ROLE: keeps $access/users sorted, so that the order of calls leaves no trace.
set_role() {
  touch "$access/users"
  { grep -v "^$1 " "$access/users" || true; echo "$1 $2"; } | LC_ALL=C sort >"$access/users.new"
  mv "$access/users.new" "$access/users"
}
