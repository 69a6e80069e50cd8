//! Names of users in the paths of their folders: `/home/anna/…`, `/Users/anna/…`, `C:\Users\anna\…`, `~anna/`.

use crate::finding::{Evidence, Match, TypeId};
use crate::rules::HOME_DIR;

/// The longest name that is taken, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// Folders beside those of people, and what stands for a name.
const NOBODY: [&[u8]; 24] = [
    b"public",
    b"shared",
    b"default",
    b"default user",
    b"all users",
    b"defaultuser0",
    b"defaultapppool",
    b"guest",
    b"root",
    b"admin",
    b"administrator",
    b"user",
    b"users",
    b"username",
    b"linuxbrew",
    b"lost+found",
    b"runner",
    b"runneradmin",
    b"vagrant",
    b"ubuntu",
    b"ec2-user",
    b"node",
    b"app",
    b"build",
];

/// Where folders of users are mounted, before `/home/`.
const ROOTS: [&[u8]; 6] = [b"/var", b"/usr", b"/export", b"/mnt", b"/nfs", b"file://"];

/// Methods before a blank and the path of a web page (`GET /home/news`).
const METHODS: [&[u8]; 7] = [b"GET", b"POST", b"HEAD", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"];

/// Calls `each` with the name in every path of a user's folder.
pub(crate) fn each(text: &[u8], each: &mut dyn FnMut(Match)) {
    for (root, separator) in [(&b"/home/"[..], b'/'), (b"/Users/", b'/'), (br"\Users\", b'\\')] {
        for at in memchr::memmem::find_iter(text, root) {
            if separator == b'\\' || is_root(text, at) {
                name(text, at + root.len(), separator, each);
            }
        }
    }
    for at in memchr::memchr_iter(b'~', text) {
        let open = at.checked_sub(1).and_then(|p| text.get(p)).copied().unwrap_or(b'\n');
        if matches!(open, b' ' | b'\n' | b'\t' | b'"' | b'\'' | b'=' | b':' | b'(' | b'/') {
            let length = name_bytes(text.get(at + 1..).unwrap_or_default(), b'/');
            if text.get(at + 1 + length) == Some(&b'/') {
                name(text, at + 1, b'/', each);
            }
        }
    }
}

/// Whether the path that starts at `at` is one of a file system, not of a web page.
fn is_root(text: &[u8], at: usize) -> bool {
    let head = text.get(at.saturating_sub(16)..at).unwrap_or_default();
    let mounted = ROOTS.iter().any(|root| head.ends_with(root))
        // `C:/Users/…`
        || head.ends_with(b":") && head.get(head.len().wrapping_sub(2)).is_some_and(u8::is_ascii_alphabetic);
    let page =
        head.strip_suffix(b" ").is_some_and(|head| METHODS.iter().any(|method| head.ends_with(method)));
    let joins = head.last().is_some_and(|b| {
        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'/' | b'}' | b'~') || *b >= 0x80
    });
    mounted || !joins && !page
}

/// Bytes of a name at the start of `rest`, up to the separator or what ends a path.
fn name_bytes(rest: &[u8], separator: u8) -> usize {
    let ends = |b: &u8| {
        matches!(
            b,
            b'/' | b'\\'
                | b'"'
                | b'\''
                | b'\n'
                | b'\r'
                | b'\t'
                | b':'
                | b','
                | b';'
                | b'<'
                | b'>'
                | b'|'
                | b'*'
                | b'?'
        ) || matches!(b, b')' | b']' | b'}' | b'(' | b'[' | b'{' | b'=' | b'&' | b'`')
    };
    let rest = rest.get(..rest.len().min(MAX_NAME_BYTES + 1)).unwrap_or_default();
    let whole = rest.iter().position(ends).unwrap_or(rest.len());
    let word = rest.iter().position(|b| *b == b' ').unwrap_or(whole).min(whole);
    // a folder of Windows may have blanks in its name, if it goes on
    if separator == b'\\' && word < whole && rest.get(whole) == Some(&b'\\') { whole } else { word }
}

fn name(text: &[u8], at: usize, separator: u8, each: &mut dyn FnMut(Match)) {
    let doubled = text.get(at..).unwrap_or_default().iter().take(3).take_while(|b| **b == b'\\').count();
    let start = at + if separator == b'\\' { doubled } else { 0 };
    let rest = text.get(start..).unwrap_or_default();
    let length = name_bytes(rest, separator);
    let name = rest.get(..length).unwrap_or_default();
    let name = name.strip_suffix(b".").unwrap_or(name);
    let starts = name.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
    let letters = name.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    if !starts
        || !letters
        || name.len() > MAX_NAME_BYTES
        || NOBODY.iter().any(|n| n.eq_ignore_ascii_case(name))
    {
        return;
    }
    let (kind, rule, evidence) = (TypeId::HOME_DIR, HOME_DIR, Evidence::STRUCTURE);
    each(Match { start, end: start + name.len(), kind, rule, confidence: 85, evidence });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_paths() {
        for (text, expected) in [
            ("open /home/annlee/report.txt", vec!["annlee"]),
            ("cwd=/home/j.doe", vec!["j.doe"]),
            ("/var/home/anna/x", vec!["anna"]),
            ("file:///home/anna/x", vec!["anna"]),
            ("\"/Users/anna/Library\"", vec!["anna"]),
            (r"C:\Users\annlee\x", vec!["annlee"]),
            (r"C:\\Users\\annlee\\x", vec!["annlee"]),
            (r"C:\Users\Anna Berg\x", vec!["Anna Berg"]),
            (r"in C:\Users\anna and", vec!["anna"]),
            ("C:/Users/anna/x", vec!["anna"]),
            ("cd ~anna/src && ls ~/x", vec!["anna"]),
            ("/home/anna/a /home/tom/b", vec!["anna", "tom"]),
            ("/Users/Shared/x /home/runner/work", vec![]),
            (r"C:\Users\Public\x", vec![]),
            ("GET /home/news HTTP/1.1", vec![]),
            ("https://example.com/home/news", vec![]),
            ("/home/", vec![]),
            ("/home/$USER/x /home/*/y", vec![]),
            ("a~b/c", vec![]),
            ("/home/12/x", vec![]),
        ] {
            let mut found = Vec::new();
            each(text.as_bytes(), &mut |m| found.push(&text[m.start..m.end]));
            assert_eq!(found, expected, "{text}");
        }
    }
}
