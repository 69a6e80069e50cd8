//! Bank details that only a key tells from other numbers: account numbers, routing codes, BIC, UPI ids.

use crate::check::digits::{Digits, all_same};
use crate::check::mod11::weighted;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::BANK;

/// ISO 3166-1 alpha-2 codes, and XK, which banks of Kosovo use.
const COUNTRIES: &[u8] = b"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCG\
CHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHN\
HRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMS\
MTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSR\
SSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// The account number, routing code, BIC or payment id in a value under a bank key.
///
/// * A BIC (ISO 9362): four letters, a country, two and perhaps three more symbols.
/// * An IFSC code: four letters, 0, six symbols.
/// * A UPI id: `name@handle`.
/// * Any number of 5 to 34 letters and digits with at least five digits, in any grouping; a right
///   check of a US routing number (ABA) makes it surer.
pub(crate) fn keyed(value: &[u8]) -> Option<Match> {
    let start = value.len() - value.trim_ascii_start().len();
    let trimmed = value.trim_ascii();
    // `021000021 acct no 000123456789`: words in small letters are no group
    let words = trimmed.windows(3).position(|w| w[0] == b' ' && w[1..].iter().all(u8::is_ascii_lowercase));
    let trimmed = &trimmed[..words.unwrap_or(trimmed.len())];
    let mut length = trimmed.len();
    let (confidence, evidence) = if is_bic(trimmed) {
        (92, Evidence::STRUCTURE.and(Evidence::COUNTRY))
    } else if is_ifsc(trimmed) || is_payment_id(trimmed) {
        (88, Evidence::STRUCTURE)
    } else if let Some(account) = account(trimmed) {
        account
    } else {
        // `rib=30006 00001 05799753269 12 virement=…`
        length = grouped(trimmed);
        account(trimmed.get(..length)?)?
    };
    let end = start + length;
    let evidence = evidence.and(Evidence::KEY);
    Some(Match { start, end, kind: TypeId::BANK, rule: BANK, confidence, evidence })
}

/// The routing number that a value starts with, under a word that says other things as well: nine digits whose check
/// holds (American Bankers Association).
pub(crate) fn routing_number(value: &[u8]) -> Option<Match> {
    let digits = value.iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    keyed(value.get(..digits)?).filter(|found| digits == 9 && found.evidence.has(Evidence::CHECKSUM))
}

/// The length of the groups of digits with one blank between them that a text starts with; 0 if they are not two and
/// a word does not follow.
fn grouped(text: &[u8]) -> usize {
    let mut end = 0;
    for group in text.split(|byte| *byte == b' ').take(9) {
        if group.is_empty() || !group.iter().all(u8::is_ascii_digit) {
            let is_word = group.first().is_some_and(u8::is_ascii_alphabetic);
            return if is_word && text[..end].contains(&b' ') { end } else { 0 };
        }
        end += group.len() + usize::from(end > 0);
    }
    0
}

/// True for eight or eleven symbols in the order of ISO 9362; in small letters only with a digit.
fn is_bic(text: &[u8]) -> bool {
    let Some((bank, rest)) = text.split_at_checked(4) else { return false };
    let Some((country, branch)) = rest.split_at_checked(2) else { return false };
    let country = [country.first().copied().unwrap_or(0), country.get(1).copied().unwrap_or(0)];
    let country = country.map(|byte| byte.to_ascii_uppercase());
    // Words of eight letters are written in small letters, codes hardly ever.
    let word = text.iter().any(u8::is_ascii_lowercase) && !text.iter().any(u8::is_ascii_digit);
    matches!(text.len(), 8 | 11)
        && !word
        && bank.iter().all(u8::is_ascii_alphabetic)
        && branch.iter().all(u8::is_ascii_alphanumeric)
        && COUNTRIES.chunks(2).any(|code| code == country)
}

fn is_ifsc(text: &[u8]) -> bool {
    text.len() == 11
        && text.iter().take(4).all(u8::is_ascii_alphabetic)
        && text.get(4) == Some(&b'0')
        && text.iter().all(u8::is_ascii_alphanumeric)
}

/// True for `name@handle`, 5 to 100 bytes.
fn is_payment_id(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'@');
    let (Some(name), Some(handle), None) = (parts.next(), parts.next(), parts.next()) else { return false };
    let symbol = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (5..=100).contains(&text.len())
        && name.len() >= 2
        && handle.len() >= 2
        && name.iter().chain(handle).all(symbol)
}

/// An account number of any bank; the confidence and the evidence.
fn account(text: &[u8]) -> Option<(u8, Evidence)> {
    let separator = |byte: u8| matches!(byte, b' ' | b'-' | b'.' | b'/');
    let symbols = || text.iter().copied().filter(|byte| !separator(*byte));
    let digits = symbols().filter(u8::is_ascii_digit).count();
    let length = symbols().count();
    let plain = symbols().all(|byte| byte.is_ascii_alphanumeric());
    let separators = text.len() - length;
    if !plain || digits < 5 || !(5..=34).contains(&length) || separators > length / 2 {
        return None;
    }
    let mut rest = symbols();
    let first = rest.next();
    if rest.all(|byte| Some(byte) == first) {
        return None;
    }
    let routing = Digits::gather(text, separator).is_some_and(|digits| is_routing_number(&digits));
    Some(if routing { (90, Evidence::CHECKSUM) } else { (84, Evidence::SHAPE) })
}

/// ABA routing number: nine digits, a district of the Federal Reserve, weights 3 7 1.
fn is_routing_number(digits: &Digits) -> bool {
    let district = matches!(digits.prefix(2), Some(0..=12 | 21..=32 | 61..=72 | 80));
    let sum = weighted(digits.values(), &[3, 7, 1, 3, 7, 1, 3, 7, 1]);
    digits.len() == 9 && district && sum.is_multiple_of(10) && !all_same(digits.values())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, confidence) in [
            ("DEUTDEFF", Some(92)),
            ("deutdeff500", Some(92)),
            ("HDFC0ABCDEF", Some(88)),
            ("asha.rao@okbank", Some(88)),
            ("021000021", Some(90)),
            ("0210-0002-1", Some(90)),
            ("021000022", Some(84)),
            ("12-34-56", Some(84)),
            ("  000123456789 ", Some(84)),
            ("2085 0066 1200 0000 1234", Some(84)),
            ("DEUTXXFF", None),
            ("DEUTDEF", None),
            ("1234", None),
            ("000000000", None),
            ("****1234", None),
            ("checking", None),
            ("not set 12345!", None),
            ("1 2 3 4 5 6", None),
            ("a@b@c12", None),
            ("@", None),
            ("", None),
        ] {
            let found = keyed(value.as_bytes());
            assert_eq!(found.map(|m| m.confidence), confidence, "{value:?}");
            if let Some(found) = found {
                assert_eq!(value.get(found.start..found.end), Some(value.trim()), "{value:?}");
            }
        }
        assert!(keyed(b"\xff\xff12345").is_none());
    }

    #[test]
    fn country_list_is_sorted() {
        assert_eq!(COUNTRIES.len() % 2, 0);
        assert_eq!(COUNTRIES.len() / 2, 250);
        let codes: Vec<_> = COUNTRIES.chunks(2).collect();
        assert!(codes.is_sorted_by(|a, b| a < b));
    }
}
