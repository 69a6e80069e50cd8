//! National numbers without a key, when a region is configured. Slower: libphonenumber decides.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};

use super::extension::with_extension;
use super::groups::{Gap, Group, Groups, Manner};
use super::{border, found, is_in_a_row, keyed};
use crate::finding::{Evidence, Match};

/// A number of the configured region, written as its people write it.
const REGIONAL: u8 = 75;

/// The number of `region` (ISO 3166-1, `DE`) that starts at `at`: with its trunk prefix, or grouped as the
/// region groups its numbers. Other runs of digits are spared: every long id is somebody's number.
pub(super) fn at(text: &[u8], at: usize, region: &str) -> Option<Match> {
    if !matches!(text.get(at)?, b'0'..=b'9' | b'(') || !border::opens_bare(text, at) {
        return None;
    }
    let groups = Groups::read(text, at, Manner::Strict);
    let all = groups.as_slice();
    let region = Region::from_code(region).ok()?;
    (1..=all.len()).rev().find_map(|count| {
        let end = all[count - 1].end as usize;
        let past = with_extension(text, end);
        let next = all.get(count).map_or(Gap::None, |group| group.gap);
        let in_name =
            text.get(end) == Some(&b'.') && text.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
        let is_apart = !in_name && (groups.overflow || count == all.len() || next == Gap::Space);
        let fits = is_apart && (7..=13).contains(&groups.digits(count).len());
        if !fits || !(past > end || border::closes(text, end, false)) || is_in_a_row(text, at, end) {
            return None;
        }
        is_written_so(&groups, count, region).then(|| found(at, past, REGIONAL, Evidence::COUNTRY))
    })
}

/// True if the first `count` groups are a valid number of the region in one of its own ways of writing.
fn is_written_so(groups: &Groups, count: usize, region: Region) -> bool {
    let digits = groups.digits(count);
    let Some(all) = groups.as_slice().get(..count) else { return false };
    let Ok(text) = std::str::from_utf8(digits) else { return false };
    if keyed::is_something_else(all, digits) {
        return false;
    }
    let Ok(number) = PHONE_NUMBER_UTIL.parse(text, Some(region)) else { return false };
    if !PHONE_NUMBER_UTIL.is_valid_number_for_region(&number, region) {
        return false;
    }
    let national = rlibphonenumber::get_national_significant_number_owned(&number);
    let Some(trunk) = digits.strip_suffix(national.as_bytes()) else { return false };
    if trunk == number.country_code.to_string().as_bytes() {
        return false;
    }
    let has_trunk = !trunk.is_empty() || national.starts_with('0');
    if count == 1 {
        // Every long id is somebody's land line.
        let is_mobile = PHONE_NUMBER_UTIL.get_number_type(&number) == PhoneNumberType::Mobile;
        return is_mobile && (has_trunk || digits.len() >= 11);
    }
    let is_spaced = all.iter().skip(1).all(|group| group.gap == Gap::Space);
    let is_in_columns = is_spaced && count < 4 && !all[0].bracketed && !has_trunk;
    let is_ratio = count == 2 && matches!(all[1].gap, Gap::Dot | Gap::Slash) && !has_trunk;
    !is_in_columns && !is_ratio && (is_grouped_so(all, &number, has_trunk) || is_trunk_apart(all))
}

/// `0 532 123 45 67`, `0 (532) 1234567`.
fn is_trunk_apart(groups: &[Group]) -> bool {
    matches!(groups, [trunk, area, _, ..] if trunk.digits == 1 && matches!(area.gap, Gap::Space | Gap::None))
}

/// True if the groups are as long as those of the number's national or international format.
///
/// Brackets around an area ask for the trunk prefix where the region writes one: `(020) 7946 0958`.
fn is_grouped_so(groups: &[Group], number: &PhoneNumber, has_trunk: bool) -> bool {
    let matches_format = |format: PhoneNumberFormat, skip: usize| {
        let text = PHONE_NUMBER_UTIL.format(number, format);
        let lengths =
            text.split(|letter: char| !letter.is_ascii_digit()).map(str::len).filter(|&length| length > 0);
        lengths.skip(skip).eq(groups.iter().map(|group| usize::from(group.digits)))
    };
    let needs_trunk = !has_trunk && groups.iter().any(|group| group.bracketed);
    matches_format(PhoneNumberFormat::National, 0)
        || (!needs_trunk && matches_format(PhoneNumberFormat::International, 1))
}

#[cfg(test)]
mod tests {
    use super::super::{Match, at, at_in};

    /// What stands at a place for everybody, or else for the region.
    fn either(text: &[u8], place: usize, region: &str) -> Option<Match> {
        at(text, place).or_else(|| at_in(text, place, region))
    }

    fn spans(text: &str, region: &str) -> Vec<(usize, usize)> {
        let all = (0..text.len()).filter_map(|place| either(text.as_bytes(), place, region));
        all.map(|found| (found.start, found.end)).collect()
    }

    #[test]
    fn numbers_of_the_region() {
        for (region, text) in [
            ("PH", "09471234567"),
            ("TR", "0 532 123 45 67"),
            ("TR", "0 (532) 1234567"),
            ("TR", "532 123 45 67"),
            ("TR", "0216 123 45 67"),
            ("MX", "(33) 3461 2234"),
            ("CN", "13812345678"),
            ("DE", "030 12345678"),
            ("DE", "0171/1234567"),
            ("IT", "06 678 4343"),
            ("FR", "01.42.68.53.00"),
            ("US", "415-555-0132"),
        ] {
            let found = spans(&format!("call {text} now"), region);
            assert!(found.contains(&(5, 5 + text.len())), "{text} in {region}: {found:?}");
        }
    }

    #[test]
    fn ids_of_the_region_are_spared() {
        for (region, text) in [
            ("US", "4155550132 404 512 1024"),
            ("PH", "Numero: 9171234567"),
            ("GB", "(20) 3346 1234"),
            ("CN", "time: 0.2796621"),
            ("TR", "1234567890"),
            ("DE", "2014-04-12 04:04 1416492731 1416492731123 10.12.13.14"),
            ("ES", "block 612345678 id 912345678"),
            ("DE", "[8086/2410] 03-17 16:13:40.307  2626 23469 W rhost=061092085098.example.net"),
            ("XX", "030 12345678"),
            ("", "09471234567"),
            ("DE", ""),
        ] {
            assert_eq!(spans(text, region), [], "{text} in {region}");
        }
    }
}
