//! Which detector looks at the value of a key, by the shape that the key's row says.

use super::accept::Hunt;
use super::forms::{
    self, is_account_number, is_capital_id, is_class, is_mixed, is_mixed_id, is_path, is_path_of_cache,
    is_pin, is_raft_id, is_subject, is_title, measured_client, names_worker, personal_computer,
    prefixed_account,
};
use super::looks::{self, account_of, in_dn, is_area, is_of_digests, is_word_key, login};
use super::numbers::{keyed_phone, number_of};
use super::pairs;
use crate::detect::{
    account_id, address, authorization, bank, card, cell_id, device_id, device_name, dob, email, gps, iban,
    iccid, imei, imsi, mac, meid, name, national_id, secret, ssid, text, username, uuid, vin, wallet,
};
use crate::finding::{Match, TypeId};
use crate::rules::{self, KeyRule, Shape};

/// What the detector of a key's shape finds in a value.
pub(super) fn detect(
    hunt: &Hunt<'_>,
    rule: &KeyRule,
    value: &[u8],
    quoted: bool,
    person: bool,
) -> Option<Match> {
    match rule.shape {
        Shape::Any if rule.words == "pwd" && is_path(value) => None,
        // of a telephone network, a number
        Shape::Any if rule.words == "bearer" && value.len() < 6 => None,
        // a number for once of a bank; a tangent has a point
        Shape::Any
            if rule.words == "tan"
                && !(matches!(value.len(), 6..=8) && value.iter().all(u8::is_ascii_digit)) =>
        {
            None
        }
        // in a list of strings
        Shape::Any if !quoted && rule.kind == TypeId::TOKEN && rule.words.ends_with(" codes") => None,
        // of a chip
        Shape::Any if rule.words == "pin" && !is_pin(value) => None,
        // Twilio: the id of a message or call
        Shape::Secretish if rule.words == "sid" && pairs::is_object_id(value) => None,
        // what a class prints of itself: `PostAuthenticationToken(user=\"anna\", …)` of Symfony
        Shape::Any if quoted && rule.kind == TypeId::TOKEN && forms::is_printed_object(value) => None,
        // what a request to Kafka asks for: `apiKey=FETCH`
        Shape::Any if !quoted && rule.words == "api key" && forms::is_request_name(value) => None,
        Shape::Any => secret::any(value, quoted, rule.kind, rule.rule),
        // a number of a train, a car park, a help desk: `TT-9K3M-22`
        Shape::Secretish if rule.words == "ticket" && value.len() < 16 => None,
        // what stands where a server hands it out needs no more than a digit or mixed case
        Shape::Secretish if rule.words == "code" && !value.iter().any(u8::is_ascii_digit) => None,
        Shape::Secretish if rule.words == "code" => secret::any(value, true, rule.kind, rule.rule),
        Shape::Secretish if rule.words.ends_with("credential") => {
            secret::secretish(&value[..authorization::without_scope(value)], rule.kind, rule.rule)
        }
        Shape::Secretish => secret::secretish(value, rule.kind, rule.rule),
        // where somebody goes
        Shape::Phone if rule.words == "dest" => keyed_phone(hunt, rule, value).or_else(|| gps::place(value)),
        // by name: `Application application_1_2 from user: anna`
        Shape::Phone if matches!(rule.words, "from user" | "to user") => {
            let number = keyed_phone(hunt, rule, value)
                .filter(|found| !value[..found.start].iter().any(u8::is_ascii_alphanumeric));
            number.or_else(|| forms::plain_login(value, quoted))
        }
        Shape::Phone => keyed_phone(hunt, rule, value),
        // India's account of taxes has the same name
        Shape::Card if matches!(rule.words, "pan" | "pan no" | "pan number") => {
            card::keyed(value).or_else(|| national_id::keyed(value, rules::NATIONAL_ID_IN_PAN))
        }
        Shape::Card => card::keyed(value),
        Shape::Cvv => card::keyed_cvv(value),
        // alone these name all kinds of ends: only as cards write them
        Shape::Expiry if rule.words == "exp date" => card::keyed_expiry(value).filter(|_| value.len() < 6),
        // of papers: cards have no day
        Shape::Expiry | Shape::AnyExpiry
            if rule.words.ends_with(" bis")
                && value.iter().filter(|b| matches!(b, b'-' | b'.')).count() == 2 =>
        {
            None
        }
        Shape::Expiry | Shape::AnyExpiry => {
            card::keyed_expiry(value).or_else(|| card::keyed_part_of_expiry(value, rule.words))
        }
        Shape::Imei => imei::keyed(value),
        Shape::Imeisv => imei::keyed_imeisv(value),
        Shape::Mac if rule.words.starts_with("ieee") => {
            forms::extended_address(value).or_else(|| mac::keyed(value))
        }
        Shape::Mac => mac::keyed(value),
        Shape::DeviceId if rule.words == "serial" && !is_mixed(value) => None,
        // `/dev/ttyUSB0`; a moment of Fortinet's
        Shape::DeviceId if value.starts_with(b"/dev/") && memchr::memmem::find(value, b"by-id").is_none() => {
            None
        }
        Shape::DeviceId if rule.words == "s n" && forms::is_recent_moment(value) => None,
        // `visitor_id=ip:203.0.113.1` of ntfy: the address is found by its shape
        Shape::DeviceId if value.starts_with(b"ip:") => None,
        // of an installation (Firebase), not of a message
        Shape::DeviceId if rule.words == "fid" && value.len() != 22 => None,
        Shape::DeviceId if rule.words == "client id" => {
            measured_client(value).or_else(|| forms::numbered_user(value))
        }
        Shape::DeviceId if rule.words == "ga" => measured_client(value),
        Shape::DeviceId => device_id::keyed(value).or_else(|| forms::installation(rule.words, value)),
        Shape::Uuid if rule.needs_person && !person => None,
        // other ids of people under the same key: 26 capitals and digits
        Shape::Uuid if person => {
            uuid::keyed(value).or_else(|| account_id::keyed(value).filter(|_| is_capital_id(value)))
        }
        Shape::Uuid => uuid::keyed(value),
        Shape::Iban => iban::keyed(value),
        Shape::Wallet => wallet::keyed(value),
        // RFC 4006 section 8.47: the type of the id stands in another pair
        Shape::Imsi if rule.words == "subscription id data" => {
            imsi::keyed(value).or_else(|| keyed_phone(hunt, rule, value))
        }
        Shape::Imsi if rule.words == "suci" => imsi::unconcealed(value),
        Shape::Imsi => imsi::keyed(value),
        Shape::Iccid => iccid::keyed(value),
        Shape::Meid => meid::keyed(value),
        Shape::Vin => vin::keyed(value),
        // also where a request or a call goes
        Shape::Bank if rule.words == "routing" => bank::routing_number(value),
        // a day
        Shape::Bank if rule.words == "konto" && value.len() == 8 && value.starts_with(b"20") => None,
        Shape::Bank => bank::keyed(value),
        // of a program, where no driver is near
        Shape::NationalId if rule.needs_person && !person => None,
        Shape::NationalId if rule.needs_person && !quoted => national_id::keyed(first_word(value), rule.rule),
        Shape::NationalId if rule.words.starts_with("mrz") => national_id::machine_readable(value),
        // India's reference of a transfer has the same name
        Shape::NationalId if rule.words == "utr" && value.first().is_some_and(u8::is_ascii_alphabetic) => {
            None
        }
        Shape::NationalId => national_id::keyed(value, rule.rule)
            .or_else(|| if quoted { None } else { national_id::leading(value, rule.rule) }),
        // a digest of an address, which a list of addresses undoes
        Shape::Email if is_of_digests(rule.words) => email::digest(value),
        // the name of an account without its domain
        Shape::Email if matches!(rule.words, "upn" | "user principal name") => {
            let is_name = value.len() > 5 && value.iter().all(u8::is_ascii_alphanumeric);
            email::keyed(value).or_else(|| username::keyed(value, true).filter(|_| is_name))
        }
        // Postfix: the name of a mailbox here, before it is looked up
        Shape::Email if rule.words == "orig to" => {
            email::keyed(value).or_else(|| username::keyed(value, false).filter(|_| forms::is_mailbox(value)))
        }
        Shape::Email => email::keyed(value).or_else(|| {
            // `recipient="Anna Berg"`
            if !rule.names_end_of_mail() {
                return None;
            }
            let clause = value.split(|b| matches!(b, b',' | b';')).next().unwrap_or_default();
            if quoted { name::bare(value, true, false) } else { name::of_role(clause, false) }
        }),
        // what the cloud or the firewall itself does
        Shape::Name | Shape::BareName if value == b"Okta System" || is_mapping(value) => None,
        Shape::Name if is_class(value) => None,
        // of a process
        Shape::Name if rule.words == "parent name" && !forms::is_written_name(value) => None,
        Shape::Name => name::keyed(value, quoted),
        Shape::BareName if rule.words == "cn" && pairs::is_host(value) => None,
        Shape::BareName | Shape::RoleName => device_name::owned(value, quoted).or_else(|| {
            let named =
                name::bare(value, quoted, person || in_dn(value)).map(|found| account_of(value, found));
            match rule.shape {
                _ if rule.words == "display name" => named.or_else(|| pairs::mounted(value)),
                Shape::RoleName => named.or_else(|| name::of_role(value, quoted)),
                _ if rule.words == "identity" => named.or_else(|| login(value, quoted)),
                _ if matches!(rule.words, "customer" | "kunde") => named.or_else(|| prefixed_account(value)),
                _ => named,
            }
        }),
        Shape::Address if rule.words == "cp" && !person => None,
        Shape::Address if rule.words == "logon location" && !value.contains(&b',') => None,
        Shape::Address if rule.words == "cp" => address::zip(value),
        Shape::Address if rule.words == "zip" && !person => address::zip(value),
        // `FRA1`, `LON2`: a data center
        Shape::Address if matches!(value, [a, b, c, b'1'..=b'9'] if [a, b, c].iter().all(|b| b.is_ascii_uppercase())) => {
            None
        }
        // where somebody is fetched
        Shape::Address if matches!(rule.words, "pickup" | "dropoff" | "drop off") => {
            address::keyed(value, quoted)
                .filter(|_| person)
                .or_else(|| address::bare(value, quoted))
                .or_else(|| gps::place(value))
        }
        Shape::Address if rule.needs_person && !person => address::bare(value, quoted),
        Shape::Address if matches!(rule.words, "postal code" | "post code") => {
            address::outward(value, quoted).or_else(|| address::keyed(value, quoted))
        }
        Shape::Address => address::keyed(value, quoted),
        Shape::Dob => dob::keyed(value),
        // of a cursor, a file, a queue, a screen
        Shape::Gps if looks::is_on_screen(rule.words) => gps::place(value),
        Shape::Gps if matches!(rule.words, "position" | "fix" | "geom" | "geometry" | "geography") => {
            gps::pair(value).filter(|f| gps::is_precise(&value[f.start..f.end]))
        }
        Shape::Gps => gps::pair(value),
        Shape::Latitude => gps::latitude(value),
        // a long number, a long name
        Shape::Longitude if rule.words == "long" => gps::longitude(value).filter(|f| f.end - f.start >= 6),
        Shape::Longitude => gps::longitude(value),
        Shape::CellId if is_area(rule.words) => cell_id::area(value).or_else(|| cell_id::hexadecimal(value)),
        Shape::CellId if rule.words == "utran cell id 3gpp" => cell_id::network_info(value),
        // country, network and 28 bits of the cell, without separators (3GPP TS 23.003 section 19.6)
        Shape::CellId if rule.words == "ecgi" => {
            cell_id::keyed(value).or_else(|| cell_id::network_info(value))
        }
        Shape::CellId if rule.words == "user location info" => cell_id::location_info(value),
        // also a telephone's, or one of a table
        Shape::CellId if rule.words == "cell" => {
            let is_global =
                |found: &Match| value[found.start..found.end].iter().filter(|b| **b == b'-').count() > 2;
            cell_id::keyed(value).filter(is_global).or_else(|| keyed_phone(hunt, rule, value))
        }
        // in hex, as modems print it
        Shape::CellId if rule.words == "ci" => cell_id::keyed(value).or_else(|| cell_id::hexadecimal(value)),
        // a client of Google's measurement has the same key
        Shape::CellId if rule.words == "cid" => cell_id::keyed(value).or_else(|| measured_client(value)),
        // of a table, an experiment
        Shape::CellId if rule.words == "cell id" && first_word(value).len() < 3 => None,
        Shape::CellId if rule.words.ends_with("cell id") => {
            cell_id::keyed(value).or_else(|| cell_id::hexadecimal(value))
        }
        // ISUP has indicators of the same name
        Shape::CellId if rule.words == "nci" && value.len() < 7 => None,
        Shape::CellId => cell_id::keyed(value),
        Shape::Ssid => ssid::keyed(value, quoted),
        Shape::DeviceName
            if rule.needs_person && (!person || rule.words == "host" || rule.words.ends_with("device"))
                || pairs::is_server(rule.words, value) =>
        {
            device_name::owned(value, quoted).or_else(|| personal_computer(value))
        }
        // an instance of EC2; what Sophos calls each firewall
        Shape::DeviceName if forms::is_instance(value) || value == b"SFW" => None,
        // of an event, too
        Shape::DeviceName if rule.words == "friendly name" && !is_title(value) => {
            device_name::owned(value, quoted)
        }
        Shape::DeviceName => device_name::keyed(value, quoted),
        // Firebase: 28 letters of both cases and digits
        Shape::Username if rule.words == "uid" && is_mixed_id(value) => account_id::keyed(value),
        Shape::Username if rule.words == "principal" && forms::is_class(first_word(value)) => None,
        // of a port of OpenStack, a service: `compute:nova`
        Shape::Username if rule.words == "device owner" && forms::is_service_of_ports(value) => None,
        // of a payment, too
        Shape::Username if is_sasl_id(rule.words) => forms::plain_login(value, quoted),
        Shape::Username if pairs::is_kerberos(value) => {
            let name = value.iter().position(|b| *b == b'/').map_or(value, |slash| &value[..slash]);
            username::keyed(name, true)
        }
        // alone these are mostly no person's: only what is a name by itself
        Shape::Username if rule.needs_person && !person && !in_dn(value) => {
            if quoted && value.contains(&b' ') {
                return name::bare(value, true, false);
            }
            login(value, quoted)
        }
        Shape::Username if pairs::is_number(rule.words, value) => None,
        // the next field of a Go struct: `PreferredUsername: id_token:true`
        Shape::Username
            if !quoted
                && [&b":true"[..], b":false"]
                    .iter()
                    .any(|said| memchr::memmem::find(first_word(value), said).is_some()) =>
        {
            None
        }
        // of a printer's panel
        Shape::Username if value == b"pin" => None,
        // Kafka's `User:anna` has a key of its own
        Shape::Username if rule.words == "principal" && value.starts_with(b"User:") => None,
        // the reason, mostly: only a quoted word is a name
        Shape::Username if rule.words == "login failed" && (!quoted || value.contains(&b' ')) => {
            // Nextcloud: `Login failed: anna (Remote IP: 192.0.2.7)`
            username::keyed(value, false).filter(|found| value[found.end..].starts_with(b" (Remote IP"))
        }
        // phpMyAdmin: `user denied: anna (mysql-denied) from 192.0.2.7`
        Shape::Username if rule.words == "user denied" => username::keyed(value, false).filter(|found| {
            let rest = &value[found.end..];
            rest.starts_with(b" (") && memchr::memmem::find(rest, b"-denied)").is_some_and(|p| p < 12)
        }),
        // of a file or a window, mostly
        Shape::Username if rule.words == "handle" && !value.starts_with(b"@") => None,
        // a service of a cloud is nobody
        Shape::Username if value.ends_with(b".amazonaws.com") || value.ends_with(b".googleapis.com") => None,
        // of Kubernetes: an object's, a service's account among them
        Shape::Username if rule.words == "uid" && uuid::keyed(value).is_some() => None,
        // a key of a cache: `user:1000:profile`
        Shape::Username if !quoted && rule.words == "user" && is_path_of_cache(value) => None,
        Shape::Username if rule.words == "acct" && is_account_number(first_word(value)) => {
            account_id::keyed(first_word(value))
        }
        // who is not known, or what is to be done
        Shape::Username if is_unknown_user(rule.words) => {
            username::keyed(value, quoted).filter(|found| found.end == value.trim_ascii_end().len())
        }
        Shape::Username => username::keyed(value, quoted).map(|found| number_of(hunt, value, found)),
        Shape::AccountId if rule.needs_person && !person && !(rule.words == "sub" && is_subject(value)) => {
            None
        }
        // of a declaration of customs (EU Customs Data Model): year, country, thirteen or fourteen more
        Shape::AccountId if rule.words == "mrn" && forms::is_movement(first_word(value)) => None,
        // of Huawei; `oscar.h(uid=1004)` has the same letters
        Shape::AccountId if rule.words == "huid" && first_word(value).len() < 12 => None,
        // of a cluster's member, in sixteen hex digits
        Shape::AccountId if rule.words == "member id" && is_raft_id(value) => None,
        // `puma_4`, `worker-3`, `3`
        Shape::AccountId
            if rule.words == "worker id" && (names_worker(value) || first_word(value).len() < 3) =>
        {
            None
        }
        Shape::AccountId if is_word_key(rule.words) && !value.iter().any(u8::is_ascii_digit) => None,
        // of a telephone's subscription
        Shape::AccountId if rule.words == "subscriber id" => {
            imsi::keyed(first_word(value)).or_else(|| account_id::keyed(value))
        }
        Shape::AccountId => account_id::keyed(value),
        // the name in the folder's path is found by its shape
        Shape::Text if rule.kind == TypeId::HOME_DIR => None,
        Shape::Text => text::keyed(value, quoted || rule.kind == TypeId::USER_AGENT),
        _ => None,
    }
}

/// What stands before the first blank.
fn first_word(value: &[u8]) -> &[u8] {
    value.split(|b| *b == b' ').next().unwrap_or_default()
}

/// `user-identity: Add IP-User mapping 10.20.11.4 - …` of ASA.
fn is_mapping(value: &[u8]) -> bool {
    value.starts_with(b"Add IP-User") || value.starts_with(b"Delete IP-User")
}

/// `Benutzer nicht gefunden: anna`
fn is_unknown_user(words: &str) -> bool {
    [" nicht gefunden", " não encontrado", " no encontrado", " introuvable", " non trovato", " niet gevonden"]
        .iter()
        .any(|said| words.ends_with(said))
}

/// `authorizationID: anna` of SASL
fn is_sasl_id(words: &str) -> bool {
    matches!(words, "authorization id" | "authentication id" | "authorized id" | "authenticated id")
}
