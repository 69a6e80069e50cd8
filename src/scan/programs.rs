//! More programs whose lines name somebody under no key: mail filters, log-ins at a console, firewalls, access points.

use super::accept::Hunt;
use super::daemons::{name, word_end};
use super::login_words::is_given_and_family;
use super::phrases::{bare_mac, head};
use super::trackers;
use crate::check::words::Words;
use crate::context::{before, byte_at};

/// spamd: `processing message <…> for anna:1002`, `clean message (1.2/5.0) for anna:1002 in 0.8 seconds`.
pub(super) fn filtered(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    for word in memchr::memmem::find_iter(&text[at..stop], b" for ").take(3) {
        let start = at + word + 5;
        let end = word_end(text, start, stop, b":");
        if byte_at(text, end) == b':' && byte_at(text, end + 1).is_ascii_digit() {
            name(hunt, start, end);
        }
    }
}

/// login(1): `FAILED LOGIN 1 FROM tty1 FOR anna, Authentication failure`.
pub(super) fn console(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let line = &text[at..stop];
    if memchr::memmem::find(line, b"LOGIN").is_none() {
        return;
    }
    if let Some(start) = memchr::memmem::find(line, b" FOR ").map(|p| at + p + 5)
        && !matches!(byte_at(text, start), b'\'' | b'"')
    {
        name(hunt, start, word_end(text, start, stop, b","));
    }
}

/// Junos: the user and roles behind the number of a session, `… trust untrust 88123 anna(staff) reth0.0 …`.
pub(super) fn session(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    for open in memchr::memchr_iter(b'(', &text[at..stop]).take(4).map(|p| at + p) {
        let floor = open.saturating_sub(64).max(at);
        let start = text[floor..open].iter().rposition(|b| *b == b' ').map_or(floor, |p| floor + p + 1);
        let numbered = start >= 2 && text[start - 2].is_ascii_digit() || text[..start].ends_with(b"UNKNOWN ");
        if numbered && start < open && !text[start].is_ascii_digit() {
            name(hunt, start, open);
        }
    }
}

/// The access point that a line of UniFi starts with: `U7PG2,f09fc2005e01,v6.5.28: hostapd[2231]: …`.
pub(super) fn access_point(hunt: &mut Hunt<'_>, at: usize, _stop: usize) {
    let text = hunt.text;
    let line = head(text, at, 96);
    // `U6-LR,02005e005301,6.6.65+15248:`: no letter before the version
    let bare = line
        .windows(14)
        .position(|w| w[0] == b',' && w[13] == b',' && w[1..13].iter().all(u8::is_ascii_hexdigit));
    if let Some(comma) = bare {
        return bare_mac(hunt, at - line.len() + comma + 1);
    }
    if let Some(version) = memchr::memmem::find(line, b",v").filter(|p| *p >= 13)
        && let address = at - line.len() + version - 12
        && before(text, address) == b','
    {
        bare_mac(hunt, address);
    }
}

/// Receivers of positions that write what they read: `gpsd[812]: $GPRMC,…`.
pub(super) fn receiver(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    if byte_at(hunt.text, at) == b'$' {
        trackers::position(hunt, at, stop);
    }
}

/// NetworkManager: `policy: auto-activating connection 'Am See' (…)`; the connections that it names itself stay.
pub(super) fn activated(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let sign = b"auto-activating connection '";
    if let Some(open) = memchr::memmem::find(&text[at..stop], sign).map(|p| at + p + sign.len() - 1) {
        super::people::network_name(hunt, open);
    }
}

/// What a modem reports: `+CGPSINFO: 4807.038000,N,01131.000000,E,…`.
pub(super) fn fix(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    trackers::position(hunt, at, stop);
}

/// `anna ran command apk update as root from /home/anna` of doas(1).
pub(super) fn ran(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    // `failed auth for anna`, `failed command for anna: ls`
    if let Some(said) = [&b"failed auth for "[..], b"failed command for "]
        .iter()
        .find(|said| text[at..stop].starts_with(said))
    {
        let start = at + said.len();
        return name(hunt, start, word_end(text, start, stop, b":"));
    }
    let end = word_end(text, at, stop, b"");
    let Some(rest) = text[end..stop].strip_prefix(b" ran command ") else { return };
    name(hunt, at, end);
    if let Some(start) = rest.strip_prefix(b"as ").map(|rest| stop - rest.len()) {
        name(hunt, start, word_end(text, start, stop, b":"));
    }
}

/// OpenConnect's server: `main[anna]:203.0.113.7:51022 new user session`, `worker[anna]: …`.
pub(super) fn worker(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let line = &hunt.text[at..stop];
    if line.starts_with(b"main[") || line.starts_with(b"worker[") {
        let open = at + memchr::memchr(b'[', line).map_or(0, |p| p + 1);
        name(hunt, open, word_end(hunt.text, open, stop, b"]"));
    }
}

/// The name before what an FTP server did: `[anna] OK UPLOAD: Client "203.0.113.7", …`.
pub(super) fn transferred(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    if !text[at..stop].starts_with(b"Client \"") {
        return;
    }
    let line = head(text, at, 96);
    let said = [&b"] OK "[..], b"] FAIL "].iter().find_map(|said| memchr::memmem::rfind(line, said));
    let Some(close) = said else { return };
    if let Some(open) = memchr::memrchr(b'[', &line[..close]) {
        let line_start = at - line.len();
        name(hunt, line_start + open + 1, line_start + close);
    }
}

/// pppd: `MS-CHAP authentication failed: …; user anna`.
pub(super) fn dialled_in(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    if let Some(start) = memchr::memmem::find(&text[at..stop], b"; user ").map(|p| at + p + 7) {
        name(hunt, start, word_end(text, start, stop, b","));
    }
}

/// QNAP: `Users: anna, Source IP: 192.168.2.6, Computer name: …`.
pub(super) fn stored(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let end = word_end(hunt.text, at, stop, b",");
    if hunt.text[end..stop].starts_with(b", Source IP: ") {
        name(hunt, at, end);
    }
}

/// FreeRADIUS: `eap_peap:   Got tunneled identity of anna`.
pub(super) fn tunnelled_identity(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    if let Some(start) = memchr::memmem::find(&text[at..stop], b"identity of ").map(|p| at + p + 12) {
        name(hunt, start, word_end(text, start, stop, b","));
    }
}

/// Infoblox NIOS: `httpd: 2026-11-28 10:11:12.123Z [anna]: Login_Allowed - - to=AdminConnector …` (its audit log).
pub(super) fn administered(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let line = &hunt.text[at..stop];
    let Some(open) = memchr::memmem::find(line, b"Z [").filter(|p| *p <= 24 && line[0].is_ascii_digit())
    else {
        return;
    };
    let start = at + open + 3;
    let end = word_end(hunt.text, start, stop, b"]");
    if hunt.text[end..stop].starts_with(b"]: ") {
        name(hunt, start, end);
    }
}

/// Recipients without a domain, of sendmail: `3AS…: to=erna, ctladdr=anna (1000/1000), delay=00:00:01, …`.
pub(super) fn delivered(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    for sign in [&b": to="[..], b" ctladdr="] {
        if let Some(start) = memchr::memmem::find(&text[at..stop], sign).map(|p| at + p + sign.len()) {
            let end = word_end(text, start, stop, b",");
            if !text[start..end].iter().any(|b| matches!(b, b'@' | b'<' | b'|' | b'/' | b'\\' | b'"')) {
                name(hunt, start, end);
            }
        }
    }
    // `[203.0.113.7]: EXPN anna [rejected]`
    if let Some(said) = text[at..stop].strip_suffix(b" [rejected]") {
        let start = at + memchr::memrchr(b' ', said).map_or(0, |p| p + 1);
        let verb = &text[at..start];
        if [&b": EXPN "[..], b": VRFY ", b": expn ", b": vrfy "].iter().any(|asked| verb.ends_with(asked)) {
            name(hunt, start, at + said.len());
        }
    }
}

/// An event of Windows as OSSEC writes it, its account behind log, kind and source:
/// `WinEvtLog: Security: AUDIT_SUCCESS(538): Security: anna: CORP: WS-07: User Logoff: …`.
pub(super) fn windows_event(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let mut parts = text[at..stop].split(|b| *b == b':').scan(at, |start, part| {
        let range = (*start, *start + part.len());
        *start = range.1 + 1;
        Some(range)
    });
    let is_kind = |(start, end): (usize, usize)| text[start..end].ends_with(b")");
    if parts.nth(1).is_some_and(is_kind)
        && let Some((start, end)) = parts.nth(1)
        && text[start..end].starts_with(b" ")
    {
        name(hunt, start + 1, end);
    }
}

/// Who typed a command in a shell of ESXi: `shell[1627100]: [anna]: esxcli …`.
pub(super) fn shell(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    // a moment of ISO 8601 and a process go before
    let line = head(hunt.text, at, 96);
    let is_timed = memchr::memmem::find(line, b"Z ").is_some() && line.ends_with(b"]: ");
    if is_timed && byte_at(hunt.text, at) == b'[' {
        let end = word_end(hunt.text, at + 1, stop, b"]");
        if hunt.text[end..stop].starts_with(b"]: ") {
            name(hunt, at + 1, end);
        }
    }
}

/// The certificate of OpenVPN's client: `VERIFY OK: depth=0, C=DE, O=Example, CN=anna`.
pub(super) fn verified(hunt: &mut Hunt<'_>, at: usize, stop: usize) {
    let text = hunt.text;
    let line = &text[at..stop];
    if !line.starts_with(b"depth=0") || !head(text, at, 16).ends_with(b"VERIFY OK: ") {
        return;
    }
    if let Some(start) = memchr::memmem::find(line, b"CN=").map(|p| at + p + 3) {
        let end = word_end(text, start, stop, b",/");
        // the names of hosts have a domain
        let common = &text[start..end];
        if !common.contains(&b'.') || is_first_and_last(common) {
            name(hunt, start, end);
        }
    }
}

/// `urs.keller` in a certificate: two words and a dot, neither of which is what machines and their networks are called.
fn is_first_and_last(common: &[u8]) -> bool {
    static MACHINES: Words<26> = Words::new([
        b"vpn",
        b"gw",
        b"gateway",
        b"server",
        b"srv",
        b"client",
        b"host",
        b"node",
        b"router",
        b"fw",
        b"mail",
        b"www",
        b"office",
        b"site",
        b"branch",
        b"home",
        b"test",
        b"backup",
        b"web",
        b"api",
        b"lan",
        b"corp",
        b"intranet",
        b"example",
        b"internal",
        b"edge",
    ]);
    let lower = common.to_ascii_lowercase();
    // no more are ends of domains: `acme.dev`
    static DOMAINS: Words<14> = Words::new([
        b"com", b"net", b"org", b"dev", b"io", b"de", b"fr", b"eu", b"cloud", b"local", b"proxy", b"app",
        b"info", b"tech",
    ]);
    let last = lower.rsplit(|b| *b == b'.').next().unwrap_or_default();
    !DOMAINS.contains(last)
        && is_given_and_family(&lower)
        && !lower.split(|b| *b == b'.').any(|word| MACHINES.contains(word))
}
