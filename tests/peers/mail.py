"""A real mail server on loopback: private Postfix and Dovecot in a temporary folder.

Submission with AUTH -> Postfix -> LMTP -> Dovecot -> IMAP, mailboxes of an office (sbg.test) and of
citizens (warga.test). Mail to other domains is refused. Both run as root as they do in an office;
no file of the system's own mail server is touched.
"""

import contextlib
import imaplib
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from tests.peers.waiting import wait_until

PASSWORD = "rahasia-91"
PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd")
PROGRAMS = ("/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp")
MAIL_UID = 8  # user mail on Debian

DOVECOT = """
base_dir = {home}/run
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/tls/cert.pem
ssl_key = <{home}/tls/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
log_path = {home}/dovecot.log
mail_location = maildir:{home}/box/%u
first_valid_uid = 8
mail_max_userip_connections = 100
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/users
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Sampah {{
    special_use = \\Trash
    auto = create
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""

POSTFIX = """
compatibility_level = 3.6
queue_directory = {home}/pf/spool
data_directory = {home}/pf/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.sbg.test
mydestination =
virtual_mailbox_domains = sbg.test, warga.test
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
mynetworks = 127.0.0.0/8
message_size_limit = 31457280
mailbox_size_limit = 0
smtpd_tls_cert_file = {home}/tls/cert.pem
smtpd_tls_key_file = {home}/tls/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_sasl_auth_enable = yes
default_transport = error:no outside mail
smtpd_error_sleep_time = 0
maillog_file = {home}/pf/maillog
maillog_file_prefixes = {home}
"""


class Missing(Exception):
    """The mail server cannot run here, and why."""


class Failed(Exception):
    """A command of the mail server did not end well; its last words."""


class MailServer:
    """One instance. Ports: `smtp` and `smtps` (submission), `imap` and `imaps`."""

    OFFICE = "pengaduan@sbg.test"
    CITIZEN = "siti@warga.test"
    OTHER_CITIZEN = "budi@warga.test"

    def __init__(self) -> None:
        self._find_programs()
        self.home = Path(tempfile.mkdtemp(prefix="balai-mail-"))
        self.home.chmod(0o755)  # the servers' own users must be able to pass
        self.smtp, self.smtps, self.imap, self.imaps, self.lmtp, self.auth = _free_ports(6)
        self.certificate = self.home / "tls" / "cert.pem"
        self._lay_out()

    def start(self) -> "MailServer":
        """Start both servers and wait until they answer."""
        self.start_imap()
        self.start_smtp()
        return self

    def start_imap(self) -> None:
        _run("dovecot", "-c", str(self.home / "dovecot.conf"))
        wait_until(lambda: _answers(self.imap) and _answers(self.lmtp), 20)

    def start_smtp(self) -> None:
        _run("postfix", "-c", str(self.home / "pf/etc"), "start")
        wait_until(lambda: _answers(self.smtp), 20)

    def stop_imap(self) -> None:
        _run("doveadm", "-c", str(self.home / "dovecot.conf"), "stop")

    def stop_smtp(self) -> None:
        _run("postfix", "-c", str(self.home / "pf/etc"), "stop")

    def kill(self) -> None:
        """End both servers with everything that they started, at once, as a power cut would."""
        for file in (self.home / "run/master.pid", self.home / "pf/spool/pid/master.pid"):
            with contextlib.suppress(OSError, ValueError):
                master = int(file.read_text())
                if os.getpgid(master) == master:  # both lead a group of their own
                    os.killpg(master, signal.SIGKILL)
            if file.parent.name == "run":
                file.unlink(missing_ok=True)  # Dovecot would believe it even of a dead process
        wait_until(lambda: not _answers(self.smtp) and not _answers(self.imap), 10)

    def close(self) -> None:
        """Stop what runs and remove the folder."""
        for stop in (self.stop_smtp, self.stop_imap):
            with contextlib.suppress(Failed):
                stop()
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not _answers(self.smtp) and not _answers(self.imap), 10)
        shutil.rmtree(self.home, ignore_errors=True)

    def settings(self, **changes: str) -> dict[str, str]:
        """What the office fills in to connect its mailbox."""
        return {
            "address": self.OFFICE,
            "display_name": "Dinas Pekerjaan Umum",
            "imap_host": "127.0.0.1",
            "imap_port": str(self.imap),
            "imap_security": "none",
            "imap_user": self.OFFICE,
            "imap_password": PASSWORD,
            "smtp_host": "127.0.0.1",
            "smtp_port": str(self.smtp),
            "smtp_security": "none",
            **changes,
        }

    def write(self, mail: EmailMessage | bytes, sender: str = CITIZEN, to: str = OFFICE) -> None:
        """Send a mail as a citizen's program does."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=30) as line:
            line.sendmail(sender, [to], raw)

    @contextlib.contextmanager
    def mailbox(self, address: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Somebody's mailbox, opened for writing."""
        line = imaplib.IMAP4("127.0.0.1", self.imap, timeout=30)
        try:
            line.login(address, PASSWORD)
            line.select(folder)
            yield line
        finally:
            line.logout()

    def mails_of(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """All mails of somebody's folder, oldest first."""
        with self.mailbox(address, folder) as line:
            _kind, data = line.uid("FETCH", "1:*", "(BODY.PEEK[])")
            return [row[1] for row in data if isinstance(row, tuple)]

    def count(self, address: str, message_id: str) -> int:
        """How many mails with this Message-ID lie in somebody's INBOX."""
        with self.mailbox(address) as line:
            _kind, data = line.search(None, "HEADER", "Message-ID", f'"<{message_id}>"')
            return len((data[0] or b"").split())

    def empty(self) -> None:
        """Remove every mail from every mailbox; the next one gets a new UIDVALIDITY."""
        for box in (self.home / "box").iterdir():
            shutil.rmtree(box, ignore_errors=True)

    def _find_programs(self) -> None:
        if os.geteuid() != 0:
            raise Missing("the real mail server needs root (Postfix starts as root)")
        if all(Path(program).exists() for program in PROGRAMS):
            return
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        try:
            for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends"]):
                names = PACKAGES if command[0] == "install" else ()
                _run("apt-get", *command, *names, environment=environment)
        except (OSError, Failed) as failure:
            raise Missing(f"{' '.join(PACKAGES)} could not be installed: {failure}") from failure

    def _lay_out(self) -> None:
        home = self.home
        for folder in ("run", "box", "tls", "pf/etc", "pf/spool", "pf/data"):
            (home / folder).mkdir(parents=True)
        os.chown(home / "box", MAIL_UID, MAIL_UID)
        shutil.chown(home / "pf/data", "postfix")
        subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        files = ("-keyout", str(home / "tls/key.pem"), "-out", str(self.certificate))
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        _run("openssl", "req", "-x509", *new_key, "-days", "2", *subject, *files)
        everyone = (self.OFFICE, self.CITIZEN, self.OTHER_CITIZEN)
        rows = (f"{a}:{{PLAIN}}{PASSWORD}:{MAIL_UID}:{MAIL_UID}::{home}/box::" for a in everyone)
        (home / "users").write_text("\n".join(rows) + "\n")
        ports = {"imap": self.imap, "imaps": self.imaps, "lmtp": self.lmtp, "auth": self.auth}
        (home / "dovecot.conf").write_text(DOVECOT.format(home=home, **ports))
        (home / "pf/etc/main.cf").write_text(POSTFIX.format(home=home, **ports))
        (home / "pf/etc/master.cf").write_text(self._services())

    def _services(self) -> str:
        """Debian's own list of Postfix services, on our ports and without chroot."""
        lines = []
        for line in Path("/usr/share/postfix/master.cf.dist").read_text().splitlines():
            columns = line.split()
            if line[:1].isalpha() and len(columns) >= 8:
                columns[4] = "n"
                if columns[:2] == ["smtp", "inet"]:
                    columns[0] = f"127.0.0.1:{self.smtp}"
                line = " ".join(columns)
            lines.append(line)
        wrapped = f"127.0.0.1:{self.smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes"
        return "\n".join([*lines, wrapped, ""])


def _run(*command: str, environment: dict[str, str] | None = None) -> None:
    """Run to the end. The output goes to a file: a daemon would hold a pipe open for ever."""
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            command, stdout=said, stderr=subprocess.STDOUT, timeout=300, env=environment
        )
        said.seek(0)
        if done.returncode:
            words = said.read()[-2000:].decode("utf-8", "replace")
            raise Failed(f"{' '.join(command)} ended with {done.returncode}: {words}")


def _free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
