//! An explained line for people: findings underlined with `^`, what was spared with `~`.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::account::{Account, Found, Left};

/// The colours of a page; none where the output is no terminal.
pub(super) struct Styles {
    found: Style,
    spared: Style,
    faint: Style,
    kind: Style,
}

impl Styles {
    pub(super) fn new(color: bool) -> Self {
        if !color {
            let plain = Style::new();
            return Self { found: plain, spared: plain, faint: plain, kind: plain };
        }
        Self {
            found: AnsiColor::Red.on_default().underline(),
            spared: AnsiColor::Yellow.on_default().underline(),
            faint: Style::new().dimmed(),
            kind: AnsiColor::Cyan.on_default().bold(),
        }
    }
}

/// The bytes as characters that a terminal takes, and how many columns they fill.
fn printable(bytes: &[u8]) -> (String, usize) {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c == '\t' || c.is_control() {
                let _ = write!(text, "{}", c.escape_default());
            } else {
                text.push(c);
            }
        }
        let _ = write!(text, "{}", chunk.invalid().escape_ascii());
    }
    let columns = text.chars().count();
    (text, columns)
}

/// The parts of a line in order, disjoint: findings first, what was spared where none stands.
fn parts(account: &Account) -> Vec<(usize, usize, bool)> {
    let mut parts: Vec<_> = account.found.iter().map(|found| (found.start, found.end, true)).collect();
    let free = |parts: &[(usize, usize, bool)], start, end| {
        parts.iter().all(|part| end <= part.0 || part.1 <= start)
    };
    for left in account.spared.iter().flatten() {
        if free(&parts, left.start, left.end) {
            parts.push((left.start, left.end, false));
        }
    }
    parts.sort_unstable();
    parts
}

/// One explained line, line feed included.
pub(super) fn page(line: &[u8], account: &Account, styles: &Styles) -> String {
    let (mut shown, mut marks) = (String::new(), String::new());
    let mut at = 0;
    let parts = parts(account);
    for &(start, end, is_found) in &parts {
        let (before, columns) = printable(line.get(at..start).unwrap_or_default());
        let (value, width) = printable(line.get(start..end).unwrap_or_default());
        let (style, sign) = if is_found { (styles.found, "^") } else { (styles.spared, "~") };
        let _ = write!(shown, "{before}{style}{value}{style:#}");
        let _ = write!(marks, "{:columns$}{}", "", sign.repeat(width));
        at = end;
    }
    shown.push_str(&printable(line.get(at..).unwrap_or_default()).0);
    let mut text = format!("{shown}\n");
    if !parts.is_empty() {
        let _ = writeln!(text, "{marks}");
    }
    if account.found.is_empty() {
        text.push_str(match &account.spared {
            Some(spared) if spared.is_empty() => {
                "nothing found: no part of it has the form of a value that is looked for\n"
            }
            _ => "nothing found\n",
        });
    }
    if let Some((place, policy)) = &account.condition {
        let _ = writeln!(text, "[[when]] number {place} holds: policy {policy}");
    }
    account.found.iter().for_each(|found| describe(found, styles, &mut text));
    match &account.spared {
        Some(list) if list.is_empty() => {}
        Some(list) => {
            text.push_str("considered and spared\n");
            list.iter().for_each(|left| spare(left, styles, &mut text));
        }
        None => text.push_str("too long to say what was spared\n"),
    }
    if !account.found.is_empty() {
        let result =
            account.result.as_deref().map_or("the record is dropped".into(), |result| printable(result).0);
        let _ = writeln!(text, "result:   {result}");
    }
    text
}

fn describe(found: &Found, styles: &Styles, text: &mut String) {
    let Styles { kind, faint, .. } = styles;
    let Found { start, end, rule, confidence, .. } = found;
    let id = &found.kind;
    let _ = writeln!(text, "{kind}{id}{kind:#}  bytes {start}-{end}, rule {rule}, confidence {confidence}");
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {faint}{name:<8}{faint:#} {value}");
        }
    };
    row("key", found.key.unwrap_or_default());
    row("path", found.path.as_deref().unwrap_or_default());
    row("slot", &found.slots.join(", "));
    row("encoded", &found.encodings.join(", then "));
    row("evidence", &found.evidence.join(", "));
    if !found.vetoes.is_empty() {
        row("vetoes", &format!("none holds of {}", found.vetoes.join(", ")));
    }
    row("source", &found.source);
    let mode = if found.is_shadow { ", in shadow: counted and left as it is" } else { "" };
    let forbidden = if found.is_forbidden { "; the policy forbids the type" } else { "" };
    row("decision", &format!("{}{mode} ({}){forbidden}", found.action, found.set_by));
    let becomes =
        found.becomes.as_deref().map_or("nothing: the record is dropped".into(), |to| printable(to).0);
    row("becomes", if becomes.is_empty() { "nothing: it is removed" } else { &becomes });
}

fn spare(left: &Left, styles: &Styles, text: &mut String) {
    let Styles { kind, faint, .. } = styles;
    let _ = write!(text, "  {kind}{}{kind:#}  bytes {}-{}", left.kind, left.start, left.end);
    if let Some(rule) = &left.rule {
        let _ = write!(text, ", rule {rule}");
    }
    if let Some(confidence) = left.confidence {
        let _ = write!(text, ", confidence {confidence}");
    }
    text.push('\n');
    for (id, sentence) in &left.reasons {
        let _ = writeln!(text, "    {sentence} {faint}[{id}]{faint:#}");
    }
    if !left.encodings.is_empty() {
        let _ = writeln!(text, "    {faint}encoded{faint:#} {}", left.encodings.join(", then "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_bytes_do_not_reach_the_terminal() {
        assert_eq!(printable("é\x1b[31m\t".as_bytes()), ("é\\u{1b}[31m\\t".to_owned(), 13));
        assert_eq!(printable(b"\xff\x00").0, "\\xff\\u{0}");
    }
}
