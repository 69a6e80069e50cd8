//! The four seeded corpora that speed is measured on: the same bytes every time.
//!
//! *web*: combined access log (75 %) and the same as JSON (25 %), one address a line, 4 % IPv6, an
//! e-mail address in 2 %; addresses drawn from 20,000 by a Zipf law, or all distinct.
//! *mixed*: a dozen kinds of system logs, 0.4 findings a line, many look-alikes.
//! *dense*: a JSON application log, eight types, four a line.
//! *clean*: system logs without any.

/// Which corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corpus {
    /// Access log, addresses by a Zipf law.
    Web,
    /// Access log, all addresses distinct.
    WebDistinct,
    /// System logs with look-alikes.
    Mixed,
    /// Application log full of findings.
    Dense,
    /// System logs without findings.
    Clean,
}

impl Corpus {
    /// All corpora.
    pub const ALL: [Corpus; 5] =
        [Corpus::Web, Corpus::WebDistinct, Corpus::Mixed, Corpus::Dense, Corpus::Clean];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Corpus::Web => "web",
            Corpus::WebDistinct => "web-distinct",
            Corpus::Mixed => "mixed",
            Corpus::Dense => "dense",
            Corpus::Clean => "clean",
        }
    }
    /// The corpus of that name.
    pub fn from_name(name: &str) -> Option<Corpus> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
    /// At least `bytes` bytes of whole lines.
    pub fn generate(self, bytes: usize) -> Vec<u8> {
        let mut text = String::with_capacity(bytes + 1024);
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        let zipf = Zipf::new(20_000);
        let mut line = 0u64;
        while text.len() < bytes {
            match self {
                Corpus::Web => {
                    let n = zipf.draw(&mut random);
                    web(&mut text, &mut random, n, line);
                }
                Corpus::WebDistinct => web(&mut text, &mut random, line.wrapping_mul(0x9e37_79b9), line),
                Corpus::Mixed => system(&mut text, &mut random, line, true),
                Corpus::Dense => dense(&mut text, &mut random, line),
                Corpus::Clean => system(&mut text, &mut random, line, false),
            }
            text.push('\n');
            line += 1;
        }
        text.into_bytes()
    }
}

/// xorshift64*: small, seeded, the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }
    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

/// Ranks drawn so that rank k comes up in proportion to 1/k.
struct Zipf(Vec<f64>);

impl Zipf {
    fn new(count: usize) -> Self {
        let mut sum = 0.0;
        let sums: Vec<f64> = (1..=count)
            .map(|k| {
                sum += 1.0 / k as f64;
                sum
            })
            .collect();
        Self(sums.into_iter().map(|s| s / sum).collect())
    }
    fn draw(&self, random: &mut Random) -> u64 {
        let x = random.below(1 << 52) as f64 / (1u64 << 52) as f64;
        self.0.partition_point(|s| *s < x) as u64
    }
}

/// A public-looking address for a number; the same for the same number.
fn v4(n: u64) -> String {
    let h = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let first = 20 + (h >> 56) % 180;
    let first = if matches!(first, 127 | 172 | 192 | 169) { 91 } else { first };
    format!("{first}.{}.{}.{}", (h >> 40) & 255, (h >> 24) & 255, 1 + ((h >> 8) & 255) % 254)
}

fn v6(n: u64) -> String {
    let h = n.wrapping_add(7).wrapping_mul(0xd1b5_4a32_d192_ed03);
    format!(
        "2001:db8:{:x}:{:x}::{:x}:{:x}",
        (h >> 48) & 0xffff,
        (h >> 32) & 0xfff,
        (h >> 16) & 0xffff,
        h & 0xffff
    )
}

const AGENTS: [&str; 5] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (compatible; examplebot/2.1; +http://www.example.com/bot.html)",
    "curl/8.5.0",
];
const PATHS: [&str; 8] = [
    "/",
    "/index.html",
    "/static/js/chunk-vendors.4f3a9c1e.min.js",
    "/api/v2/catalog/items?page=3&per_page=50&sort=price&order=desc&fields=title,price,stock",
    "/assets/images/products/800x600/red-running-shoe-side-2x.webp",
    "/blog/2026/11/how-we-log-half-a-billion-events-a-day-without-losing-sleep",
    "/search?q=red+shoes&lang=en&category=footwear&utm_source=newsletter&utm_medium=referral",
    "/favicon.ico",
];

fn web(out: &mut String, random: &mut Random, n: u64, line: u64) {
    let address = if n % 25 == 3 { v6(n) } else { v4(n) };
    let (hour, minute, second) = (line / 3600 % 24, line / 60 % 60, line % 60);
    let mut path = random.of(&PATHS).to_owned();
    if random.below(50) == 0 {
        path = format!("/unsubscribe?email=user{n}@example.com");
    }
    let status = random.of(&["200", "200", "200", "304", "404", "301"]);
    let bytes = 200 + random.below(40_000);
    let referrer = random.of(&[
        "-",
        "https://www.example.com/products/footwear/running",
        "https://shop.example.org/catalog/spring?id=4711&view=grid",
    ]);
    let agent = random.of(&AGENTS);
    if line % 4 == 3 {
        *out += &format!(
            "{{\"time\":\"2026-11-21T{hour:02}:{minute:02}:{second:02}Z\",\"remote_addr\":\"{address}\",\"method\":\"GET\",\"path\":\"{path}\",\"status\":{status},\"bytes\":{bytes},\"referer\":\"{referrer}\",\"agent\":\"{agent}\"}}"
        );
    } else {
        *out += &format!(
            "{address} - - [21/Nov/2026:{hour:02}:{minute:02}:{second:02} +0000] \"GET {path} HTTP/1.1\" {status} {bytes} \"{referrer}\" \"{agent}\""
        );
    }
}

/// Kinds of system logs; `personal` puts something into four lines of ten: nearly always into five of
/// the twelve kinds.
fn system(out: &mut String, random: &mut Random, line: u64, personal: bool) {
    let (hour, minute, second) = (line / 3600 % 24, line / 60 % 60, line % 60);
    let (a, b, c) = (random.next(), random.below(60_000), random.below(1000));
    let who = if personal && random.below(100) < 96 { Some(random.below(20_000)) } else { None };
    let from = who.map_or_else(|| "upstream-7".to_owned(), v4);
    let request = if personal {
        ", request: \"GET /api/v2/catalog/items?page=3&sort=price HTTP/1.1\", upstream: \"http://app-backend/api/v2/catalog/items\", host: \"www.example.com\""
    } else {
        ""
    };
    *out += &match line % 12 {
        0 => format!(
            "Nov 21 {hour:02}:{minute:02}:{second:02} web01 kernel: [{b}.{c:06}] eth0: link up, 1000 Mbps, full duplex, version 5.15.0.91"
        ),
        1 => format!(
            "2026-11-21T{hour:02}:{minute:02}:{second:02}.{c:03}Z INFO  [main] c.e.s.OrderService - order {} accepted in {c} ms",
            like_a_card(a)
        ),
        2 => format!(
            "Nov 21 {hour:02}:{minute:02}:{second:02} web01 sshd[{b}]: Connection closed by {from} port {b} [preauth]"
        ),
        3 => format!(
            "81109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_-{} terminating",
            a >> 1
        ),
        4 => format!(
            "I1121 {hour:02}:{minute:02}:{second:02}.{b:06}    7 controller.go:{c}] syncing pod default/web-{:08x}-x7k2p trace={:032x}",
            a >> 32,
            a
        ),
        5 => format!(
            "2026/11/21 {hour:02}:{minute:02}:{second:02} [error] 31#31: *{b} upstream timed out (110: Connection timed out) while reading, client: {from}, server: _{request}"
        ),
        6 => format!(
            "11-21 {hour:02}:{minute:02}:{second:02}.{c:03}  1702  2395 D WindowManager: printFreezingDisplayLogs opening app wtoken = AppWindowToken{{9f4ef63 token=Token{{a64f992}}}}, allDrawn= false"
        ),
        7 => format!(
            "time=2026-11-21T{hour:02}:{minute:02}:{second:02}Z level=info msg=\"compaction done\" mint=1763720000000 maxt=1763727200000 ulid=01JD{:022} duration={c}ms peer={from}:{b}",
            a >> 4
        ),
        8 => format!(
            "Nov 21 {hour:02}:{minute:02}:{second:02} mx1 postfix/qmgr[{b}]: 3F2A91C0DE: from=<{}>, size={b}, nrcpt=1 (queue active)",
            who.map_or_else(String::new, |n| format!("user{n}@example.org"))
        ),
        9 => format!(
            "{hour:02}:{minute:02}:{second:02}.{c:03} [http-nio-8080-exec-{}] DEBUG o.s.w.s.DispatcherServlet - Completed 200 OK, remote={from}, sha256={:016x}{:016x}",
            c % 10,
            a,
            a.rotate_left(17)
        ),
        10 => format!(
            "- 117{:07} 2026.11.21 R02-M1-N0-C:J12-U11 2026-11-21-{hour:02}.{minute:02}.{second:02}.{b:06} RAS KERNEL INFO instruction cache parity error corrected",
            a % 10_000_000
        ),
        _ => format!(
            "<134>1 2026-11-21T{hour:02}:{minute:02}:{second:02}.{c:03}Z host app {b} ID47 [meta seq=\"{c}\"] job nightly-{b} finished, 0x{a:016x}, ratio 0.{c}"
        ),
    };
}

/// A JSON application log, four findings a line.
fn dense(out: &mut String, random: &mut Random, line: u64) {
    let n = random.below(20_000);
    let (hour, minute, second) = (line / 3600 % 24, line / 60 % 60, line % 60);
    let extra = match line % 4 {
        0 => format!("\"card\":\"{}\",\"phone\":\"+1415555{:04}\"", card(n), n % 10_000),
        1 => format!(
            "\"imei\":\"{}\",\"mac\":\"02:42:ac:{:02x}:{:02x}:{:02x}\"",
            imei(n),
            n & 255,
            n >> 8 & 255,
            line & 255
        ),
        2 => format!("\"ipv6\":\"{}\",\"phone\":\"+4930231251{:02}\"", v6(n), n % 100),
        _ => format!(
            "\"device_id\":\"{:08x}-0000-4000-8000-{:012x}\",\"mac\":\"02:42:ac:{:02x}:{:02x}:{:02x}\"",
            n * 7919,
            n,
            n & 255,
            n >> 8 & 255,
            line & 255
        ),
    };
    *out += &format!(
        "{{\"ts\":\"2026-11-21T{hour:02}:{minute:02}:{second:02}.123Z\",\"level\":\"info\",\"msg\":\"order placed\",\"ip\":\"{}\",\"email\":\"user{n}@example.com\",{extra},\"amount\":{}.{:02},\"items\":{},\"trace_id\":\"{:032x}\"}}",
        v4(n),
        random.below(500),
        random.below(100),
        1 + random.below(9),
        u128::from(random.next()) << 64 | u128::from(random.next())
    );
}

fn with_check_digit(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0') * if i % 2 == 0 { 2 } else { 1 };
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Sixteen digits that begin as a card's do and fail its check.
fn like_a_card(n: u64) -> String {
    let right = with_check_digit(&format!("4{:014}", n % 100_000_000_000_000));
    let check = right.bytes().last().map_or(0, |b| b - b'0');
    format!("{}{}", &right[..15], (check + 1) % 10)
}

fn card(n: u64) -> String {
    with_check_digit(&format!("411111{:09}", n * 7919 % 1_000_000_000))
}

fn imei(n: u64) -> String {
    with_check_digit(&format!("35209900{:06}", n % 1_000_000))
}

#[cfg(test)]
mod tests {
    /// Bytes a line that the figures are quoted with; 5 % to either side are well enough.
    const LINE_BYTES: [(super::Corpus, f64); 5] = [
        (super::Corpus::Web, 260.0),
        (super::Corpus::WebDistinct, 260.0),
        (super::Corpus::Mixed, 140.0),
        (super::Corpus::Dense, 260.0),
        (super::Corpus::Clean, 120.0),
    ];

    #[test]
    fn corpora_are_the_same_every_time_and_of_the_lengths_they_say() {
        for (corpus, wanted) in LINE_BYTES {
            let text = corpus.generate(200_000);
            assert_eq!(text, corpus.generate(200_000), "{corpus:?}");
            let lines = text.iter().filter(|b| **b == b'\n').count();
            let mean = text.len() as f64 / lines as f64;
            assert!((mean / wanted - 1.0).abs() < 0.05, "{corpus:?} {mean}");
        }
    }
}
