//! Whether a value looks like it was drawn at random.

/// Whether a value looks like it was drawn at random: eight and more bytes of one word with letters
/// and digits mixed as names, classes, paths, versions and numbers are not.
pub(crate) fn looks_random(value: &[u8]) -> bool {
    if value.len() < 8
        || value.iter().any(|b| {
            b.is_ascii_whitespace()
                || matches!(b, b'{' | b'}' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'"')
        })
    {
        return false;
    }
    if value.starts_with(b"/") || value.starts_with(b"0x") || value.windows(3).any(|w| w == b"://") {
        return false;
    }
    // `Class@2bd79ce`, `a.b.C@1`
    if let Some(sign) = value.iter().position(|b| *b == b'@')
        && value[sign + 1..].iter().all(u8::is_ascii_hexdigit)
    {
        return false;
    }
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    if letters == 0 {
        return false;
    }
    if digits == 0 {
        // a word, however long, is one; mixed case without a pattern of words is not
        return value.len() >= 20 && case_changes(value) * 4 >= value.len();
    }
    // two or three in a hundred strings of base64 have no more than one
    if digits == 1 && value.len() >= 20 {
        return case_changes(value) * 5 >= value.len() * 2 && !is_dotted_name(value);
    }
    if value.len() >= 16 {
        return digits >= 2 && !is_dotted_name(value);
    }
    digits >= 2 && !is_dotted_name(value) && !is_word_and_number(value)
}

fn case_changes(value: &[u8]) -> usize {
    value.windows(2).filter(|w| w[0].is_ascii_lowercase() != w[1].is_ascii_lowercase()).count()
}

/// `com.example.Name1`: words between dots.
fn is_dotted_name(value: &[u8]) -> bool {
    let parts: Vec<&[u8]> = value.split(|b| matches!(b, b'.' | b'/')).collect();
    parts.len() > 2 && parts.iter().all(|p| p.first().is_some_and(u8::is_ascii_alphabetic) && p.len() < 24)
}

/// `worker-12`, `eth0`, `node_0012`: a word and one number behind it.
fn is_word_and_number(value: &[u8]) -> bool {
    let word = value
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b'.' | b'#'))
        .count();
    word > 0 && value[word..].iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_looking_values() {
        for (value, is) in [
            ("ab12cd34ef", true),
            ("t0p-S3cr3t-v4lue", true),
            ("fd882280243ebf9d43849a95fcc47814", true),
            ("Token{a64f992", false),
            ("android.os.BinderProxy@2bd79ce", false),
            ("0x14f05578bd80018", false),
            ("worker-12", false),
            ("h4sWqBS-nQPMWeZxyhxf", true),
            ("HandlerMethod2ArgumentResolver", false),
            ("kubernetes-cluster-node-7", false),
            ("IDENTIFIER", false),
            ("12345678", false),
            ("/var/run/secrets1/token2", false),
            ("", false),
            ("failed", false),
        ] {
            assert_eq!(looks_random(value.as_bytes()), is, "{value}");
        }
    }
}
