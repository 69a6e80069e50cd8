//! Lengths and account structures by country, from SWIFT's IBAN registry (ISO 13616-2), with the
//! countries that use IBANs without being registered marked as partial.

/// A country's IBAN: its whole length and the structure of the account part behind the check digits.
#[derive(Clone, Copy)]
pub(super) struct Structure {
    /// Letters and digits in all, check digits and country included.
    pub(super) length: usize,
    /// Runs such as `4a14n`: `n` digits, `a` letters, `c` letters or digits.
    runs: &'static str,
}

/// Country and account structure, sorted by country.
static COUNTRIES: &[(&[u8; 2], &str)] = &[
    (b"AD", "8n12c"),
    (b"AE", "19n"),
    (b"AL", "8n16c"),
    (b"AO", "21n"), // partial
    (b"AT", "16n"),
    (b"AZ", "4a20c"),
    (b"BA", "16n"),
    (b"BE", "12n"),
    (b"BF", "2c22n"), // partial
    (b"BG", "4a6n8c"),
    (b"BH", "4a14c"),
    (b"BI", "23n"),
    (b"BJ", "2c22n"), // partial
    (b"BR", "23n1a1c"),
    (b"BY", "4c4n16c"),
    (b"CF", "23n"), // partial
    (b"CG", "23n"), // partial
    (b"CH", "5n12c"),
    (b"CI", "2c22n"), // partial
    (b"CM", "23n"),   // partial
    (b"CR", "18n"),
    (b"CV", "21n"), // partial
    (b"CY", "8n16c"),
    (b"CZ", "20n"),
    (b"DE", "18n"),
    (b"DJ", "23n"),
    (b"DK", "14n"),
    (b"DO", "4c20n"),
    (b"DZ", "22n"), // partial
    (b"EE", "16n"),
    (b"EG", "25n"),
    (b"ES", "20n"),
    (b"FI", "14n"),
    (b"FK", "2a12n"),
    (b"FO", "14n"),
    (b"FR", "10n11c2n"),
    (b"GA", "23n"), // partial
    (b"GB", "4a14n"),
    (b"GE", "2a16n"),
    (b"GI", "4a15c"),
    (b"GL", "14n"),
    (b"GQ", "23n"), // partial
    (b"GR", "7n16c"),
    (b"GT", "4c20c"),
    (b"GW", "2c19n"), // partial
    (b"HN", "4a20n"),
    (b"HR", "17n"),
    (b"HU", "24n"),
    (b"IE", "4a14n"),
    (b"IL", "19n"),
    (b"IQ", "4a15n"),
    (b"IR", "22n"), // partial
    (b"IS", "22n"),
    (b"IT", "1a10n12c"),
    (b"JO", "4a4n18c"),
    (b"KM", "23n"), // partial
    (b"KW", "4a22c"),
    (b"KZ", "3n13c"),
    (b"LB", "4n20c"),
    (b"LC", "4a24c"),
    (b"LI", "5n12c"),
    (b"LT", "16n"),
    (b"LU", "3n13c"),
    (b"LV", "4a13c"),
    (b"LY", "21n"),
    (b"MA", "24n"), // partial
    (b"MC", "10n11c2n"),
    (b"MD", "20c"),
    (b"ME", "18n"),
    (b"MG", "23n"), // partial
    (b"MK", "3n10c2n"),
    (b"ML", "2c22n"), // partial
    (b"MN", "16n"),
    (b"MR", "23n"),
    (b"MT", "4a5n18c"),
    (b"MU", "4a19n3a"),
    (b"MZ", "21n"),   // partial
    (b"NE", "2a22n"), // partial
    (b"NI", "4a20n"),
    (b"NL", "4a10n"),
    (b"NO", "11n"),
    (b"OM", "3n16c"),
    (b"PK", "4a16c"),
    (b"PL", "24n"),
    (b"PS", "4a21c"),
    (b"PT", "21n"),
    (b"QA", "4a21c"),
    (b"RO", "4a16c"),
    (b"RS", "18n"),
    (b"RU", "14n15c"),
    (b"SA", "2n18c"),
    (b"SC", "4a20n3a"),
    (b"SD", "14n"),
    (b"SE", "20n"),
    (b"SI", "15n"),
    (b"SK", "20n"),
    (b"SM", "1a10n12c"),
    (b"SN", "2a22n"), // partial
    (b"SO", "19n"),
    (b"ST", "21n"),
    (b"SV", "4a20n"),
    (b"TD", "23n"),   // partial
    (b"TG", "2a22n"), // partial
    (b"TL", "19n"),
    (b"TN", "20n"),
    (b"TR", "6n16c"),
    (b"UA", "6n19c"),
    (b"VA", "18n"),
    (b"VG", "4a16n"),
    (b"XK", "16n"),
    (b"YE", "4a4n18c"),
];

/// Where in the table the country of two letters stands; behind its end for those that have no IBANs.
static PLACES: [u8; 26 * 26] = {
    let (mut places, mut place) = ([u8::MAX; 26 * 26], 0);
    while place < COUNTRIES.len() {
        let [first, second] = *COUNTRIES[place].0;
        places[(first - b'A') as usize * 26 + (second - b'A') as usize] = place as u8;
        place += 1;
    }
    places
};

/// The structure of the country whose two letters `head` starts with, in any case.
pub(super) fn structure(head: &[u8]) -> Option<Structure> {
    let &[first, second, ..] = head else { return None };
    let letter = |byte: u8| byte.to_ascii_uppercase().checked_sub(b'A').map(usize::from).filter(|l| *l < 26);
    let place = PLACES.get(letter(first)? * 26 + letter(second)?)?;
    let &(_, runs) = COUNTRIES.get(usize::from(*place))?;
    Some(Structure { length: 4 + parse(runs).map(|(length, _)| length).sum::<usize>(), runs })
}

impl Structure {
    /// True if the account part has the right kind of symbol at every place.
    pub(super) fn fits(self, account: &[u8]) -> bool {
        let mut rest = account;
        for (length, kind) in parse(self.runs) {
            let Some((run, behind)) = rest.split_at_checked(length) else { return false };
            let right = run.iter().all(|byte| match kind {
                b'n' => byte.is_ascii_digit(),
                b'a' => byte.is_ascii_alphabetic(),
                _ => byte.is_ascii_alphanumeric(),
            });
            if !right {
                return false;
            }
            rest = behind;
        }
        rest.is_empty()
    }
}

/// The runs of a structure: length and kind.
fn parse(runs: &'static str) -> impl Iterator<Item = (usize, u8)> {
    let mut bytes = runs.bytes();
    std::iter::from_fn(move || {
        let mut length = 0;
        for byte in bytes.by_ref() {
            match byte {
                b'0'..=b'9' => length = length * 10 + usize::from(byte - b'0'),
                kind => return Some((length, kind)),
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_and_lengths_are_possible() {
        assert!(COUNTRIES.is_sorted_by(|(a, _), (b, _)| a < b));
        for (code, runs) in COUNTRIES {
            let length = structure(*code).map_or(0, |s| s.length);
            assert!((15..=33).contains(&length), "{runs} {length}");
        }
    }

    #[test]
    fn structures() {
        let british = structure(b"gb").filter(|s| s.length == 22);
        assert!(british.is_some_and(|s| s.fits(b"NWBK60161331926819")));
        assert!(british.is_some_and(|s| !s.fits(b"1WBK60161331926819")));
        assert!(british.is_some_and(|s| !s.fits(b"NWBK6016133192681")));
        assert!(structure(b"US").is_none());
        assert!(structure(b"G").is_none());
    }
}
