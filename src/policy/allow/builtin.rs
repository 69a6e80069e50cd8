//! What is left alone without asking: values that name no person by their standards' own words.

use crate::check::words::Words;
use crate::finding::TypeId;

use super::canonical::{embedded_ipv4, ipv4, ipv6, mac};

/// True if a value of this type is left alone whatever the policy lists.
pub(crate) fn is_built_in(kind: TypeId, value: &[u8]) -> bool {
    match kind {
        TypeId::IPV4 => ipv4(value).is_some_and(is_special_v4),
        TypeId::IPV6 => is_special_v6_text(value),
        TypeId::MAC => may_be_special_mac(value) && mac(value).is_some_and(is_special_mac),
        TypeId::HOSTNAME_IP => {
            embedded_ipv4(value).is_some_and(|address| is_private_v4(address) || is_special_v4(address))
        }
        TypeId::EMAIL => ends_with_ignoring_case(value, b"@example.invalid"),
        TypeId::UUID => is_nil_or_max_uuid(value),
        TypeId::USERNAME | TypeId::ACCOUNT_ID => is_system_user(value),
        _ => false,
    }
}

/// Loopback, unspecified, netmasks and their inverse, broadcast, multicast, and the metadata
/// service of cloud machines (RFC 1122, 5771, 6890).
pub(crate) fn is_special_v4(address: u32) -> bool {
    let first = address >> 24;
    let inverse = !address;
    first == 127
        || first & 0xf0 == 0xe0
        || address == 0xa9fe_a9fe
        || (first == 255 && inverse & inverse.wrapping_add(1) == 0)
        || (first == 0 && address & address.wrapping_add(1) == 0)
}

/// RFC 1918 and RFC 6598: addresses of machines, not of subscribers.
fn is_private_v4(address: u32) -> bool {
    address >> 24 == 10
        || address >> 20 == 0xac1
        || address >> 16 == 0xc0a8
        || address >> 22 == 0x191
        || address >> 16 == 0xa9fe
}

fn is_special_v6_text(value: &[u8]) -> bool {
    // Only these bytes can begin `::`, `::1`, `0:…` and `ff00::/8`; the rest is not worth parsing.
    match value {
        [b':' | b'0' | b'f' | b'F' | b'[', ..] => ipv6(value).is_some_and(is_special_v6),
        _ => false,
    }
}

/// Unspecified, loopback, multicast, and v4-mapped forms of special IPv4 addresses (RFC 4291).
fn is_special_v6(address: u128) -> bool {
    address <= 1 || address >> 120 == 0xff || (address >> 32 == 0xffff && is_special_v4(address as u32))
}

/// All zeros, broadcast, and the groups that networks use: IPv4 (RFC 1112), IPv6 (RFC 2464), bridges
/// (IEEE 802.1D), and the older ones of CDP, AppleTalk and IS-IS. Any other address with the group
/// bit is rather a person's that was written wrongly.
fn is_special_mac(octets: [u8; 6]) -> bool {
    matches!(
        octets,
        [0, 0, 0, 0, 0, 0]
            | [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
            | [0x01, 0x00, 0x5e, ..]
            | [0x33, 0x33, ..]
            | [0x01, 0x80, 0xc2, ..]
            | [0x01, 0x00, 0x0c, ..]
            | [0x01, 0x1b, 0x19, ..]
            | [0x01, 0x0c, 0xcd, ..]
            | [0x09, 0x00, 0x07 | 0x2b, ..]
            | [0x03, 0x00, 0x00, 0x00, ..]
    )
}

/// False if the first octet is written out and none of those that special addresses start with.
#[inline]
fn may_be_special_mac(value: &[u8]) -> bool {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    match value {
        [high, low, ..] => match (digit(*high), digit(*low)) {
            (Some(0), Some(low)) => matches!(low, 0 | 1 | 3 | 9),
            (Some(high), Some(low)) => matches!((high, low), (3, 3) | (15, 15)),
            _ => true,
        },
        _ => true,
    }
}

fn is_nil_or_max_uuid(value: &[u8]) -> bool {
    let mut digits = value.iter().filter(|byte| **byte != b'-');
    let Some(first) = digits.next().map(u8::to_ascii_lowercase) else { return false };
    matches!(first, b'0' | b'f') && digits.all(|byte| byte.to_ascii_lowercase() == first)
}

fn ends_with_ignoring_case(value: &[u8], end: &[u8]) -> bool {
    let last = |text: &[u8]| text.last().map(u8::to_ascii_lowercase);
    value.len() > end.len()
        && last(value) == last(end)
        && value.get(value.len() - end.len()..).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// Names that operating systems and their packages give to services, sorted.
static SYSTEM_USERS: Words<137> = Words::new([
    b"scheduler",
    b"terraform",
    b"ansible",
    b"argocd",
    b"github-actions",
    b"dependabot",
    b"-",
    b"__system",
    b"_apt",
    b"_chrony",
    b"_rspamd",
    b"adm",
    b"amavis",
    b"apache",
    b"asterisk",
    b"avahi",
    b"backup",
    b"bin",
    b"cassandra",
    b"ceph",
    b"chrony",
    b"clamav",
    b"consul",
    b"cyrus",
    b"daemon",
    b"dbus",
    b"debian-spamd",
    b"dnsmasq",
    b"dovecot",
    b"elasticsearch",
    b"etcd",
    b"exim",
    b"freerad",
    b"freeswitch",
    b"ftp",
    b"games",
    b"gdm",
    b"git",
    b"gnats",
    b"grafana",
    b"hacluster",
    b"haproxy",
    b"hbase",
    b"hdfs",
    b"hive",
    b"httpd",
    b"icinga",
    b"influxdb",
    b"irc",
    b"jenkins",
    b"kafka",
    b"kamailio",
    b"kernel",
    b"landscape",
    b"libvirt-qemu",
    b"lightdm",
    b"list",
    b"logstash",
    b"lp",
    b"mail",
    b"mailman",
    b"mailnull",
    b"man",
    b"mapred",
    b"memcached",
    b"messagebus",
    b"mongodb",
    b"mosquitto",
    b"munin",
    b"mysql",
    b"nagios",
    b"named",
    b"netdata",
    b"news",
    b"nfsnobody",
    b"nginx",
    b"nobody",
    b"nscd",
    b"ntp",
    b"opendkim",
    b"openldap",
    b"openvpn",
    b"operator",
    b"ossec",
    b"pgbouncer",
    b"polkitd",
    b"postfix",
    b"postgres",
    b"postgrey",
    b"prometheus",
    b"proxy",
    b"puppet",
    b"qemu",
    b"rabbitmq",
    b"radiusd",
    b"radvd",
    b"redis",
    b"root",
    b"rpc",
    b"rpcuser",
    b"rspamd",
    b"rtkit",
    b"runner",
    b"sddm",
    b"smmsp",
    b"snmp",
    b"solr",
    b"spamd",
    b"squid",
    b"sshd",
    b"sssd",
    b"stunnel4",
    b"sync",
    b"sys",
    b"syslog",
    b"systemd-coredump",
    b"systemd-network",
    b"systemd-oom",
    b"systemd-resolve",
    b"systemd-timesync",
    b"tcpdump",
    b"telegraf",
    b"tftp",
    b"tomcat",
    b"tss",
    b"unbound",
    b"usbmux",
    b"uucp",
    b"uuidd",
    b"varnish",
    b"vmail",
    b"wazuh",
    b"www",
    b"www-data",
    b"yarn",
    b"zabbix",
    b"zookeeper",
]);

/// `root`, `root@web-01`.
fn is_system_user(value: &[u8]) -> bool {
    let name = &value[..memchr::memchr(b'@', value).unwrap_or(value.len())];
    value.starts_with(b"system:") || SYSTEM_USERS.contains(name) && !name.iter().any(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_values_are_allowed_and_neighbours_are_not() {
        let cases: &[(TypeId, &[u8], bool)] = &[
            (TypeId::IPV4, b"", false),
            (TypeId::IPV4, b"0.0.0.0", true),
            (TypeId::IPV4, b"0.0.0.255", true),
            (TypeId::IPV4, b"0.1.2.3", false),
            (TypeId::IPV4, b"127.0.0.1", true),
            (TypeId::IPV4, b"127.255.1.2:80", true),
            (TypeId::IPV4, b"128.0.0.1", false),
            (TypeId::IPV4, b"255.255.255.0", true),
            (TypeId::IPV4, b"255.255.255.255", true),
            (TypeId::IPV4, b"255.255.255.1", false),
            (TypeId::IPV4, b"255.0.255.0", false),
            (TypeId::IPV4, b"224.0.0.251", true),
            (TypeId::IPV4, b"239.255.255.250", true),
            (TypeId::IPV4, b"240.0.0.1", false),
            (TypeId::IPV4, b"169.254.169.254", true),
            (TypeId::IPV4, b"169.254.169.253", false),
            (TypeId::IPV4, b"10.0.0.1", false),
            (TypeId::IPV4, b"256.0.0.1", false),
            (TypeId::IPV4, b"\xff\xfe", false),
            (TypeId::IPV6, b"::", true),
            (TypeId::IPV6, b"::1", true),
            (TypeId::IPV6, b"::2", false),
            (TypeId::IPV6, b"[::1]:8080", true),
            (TypeId::IPV6, b"0:0:0:0:0:0:0:1", true),
            (TypeId::IPV6, b"ff02::1", true),
            (TypeId::IPV6, b"fe80::1%eth0", false),
            (TypeId::IPV6, b"::ffff:127.0.0.1", true),
            (TypeId::IPV6, b"::ffff:203.0.113.9", false),
            (TypeId::IPV6, b"2001:db8::1", false),
            (TypeId::MAC, b"00:00:00:00:00:00", true),
            (TypeId::MAC, b"ff-ff-ff-ff-ff-ff", true),
            (TypeId::MAC, b"0100.5e00.00fb", true),
            (TypeId::MAC, b"33:33:00:00:00:01", true),
            (TypeId::MAC, b"00:00:5e:00:53:01", false),
            (TypeId::MAC, b"00:00:00:00:00", false),
            (TypeId::HOSTNAME_IP, b"ip-10-0-0-1", true),
            (TypeId::HOSTNAME_IP, b"ip-172-31-4-5.ec2.internal", true),
            (TypeId::HOSTNAME_IP, b"172-32-4-5.example.net", false),
            (TypeId::HOSTNAME_IP, b"203-0-113-77.isp.example", false),
            (TypeId::EMAIL, b"redacted@example.invalid", true),
            (TypeId::EMAIL, b"@example.invalid", false),
            (TypeId::EMAIL, b"anna@example.com", false),
            (TypeId::UUID, b"00000000-0000-0000-0000-000000000000", true),
            (TypeId::UUID, b"ffffffff-ffff-ffff-ffff-ffffffffffff", true),
            (TypeId::UUID, b"00000000-0000-0000-0000-000000000001", false),
            (TypeId::UUID, b"", false),
            (TypeId::USERNAME, b"root", true),
            (TypeId::USERNAME, b"-", true),
            (TypeId::USERNAME, b"system:serviceaccount:default", true),
            (TypeId::USERNAME, b"www-data", true),
            (TypeId::USERNAME, b"rooted", false),
            (TypeId::USERNAME, b"", false),
            (TypeId::CARD, b"0000000000000000", false),
        ];
        for (kind, value, expect) in cases {
            assert_eq!(is_built_in(*kind, value), *expect, "{kind:?} {}", String::from_utf8_lossy(value));
        }
    }
}
