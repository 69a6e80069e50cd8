//! Where national numbers are at home, so that they join with their international spelling.

use super::canonical;
use crate::finding::TypeId;

/// The region whose national phone numbers are meant, if one is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Home(Option<Region>);

#[cfg(feature = "phone")]
type Region = rlibphonenumber::Region;
/// Without the feature `phone` no region's numbers are known.
#[cfg(not(feature = "phone"))]
type Region = std::convert::Infallible;

impl Home {
    /// The region of that code (ISO 3166-1, `DE`); none if there is no such region.
    pub(crate) fn new(code: Option<&str>) -> Self {
        #[cfg(feature = "phone")]
        return Self(code.and_then(|code| Region::from_code(code).ok()));
        #[cfg(not(feature = "phone"))]
        {
            let _ = code;
            Self(None)
        }
    }

    /// Appends the canonical form of `value`; a national phone number of the region as E.164.
    #[inline]
    pub(crate) fn write(self, kind: TypeId, value: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        canonical::write(kind, value, out);
        if kind == TypeId::PHONE
            && let Some(international) = self.international(out.get(start..).unwrap_or_default())
        {
            out.truncate(start);
            out.extend_from_slice(international.as_bytes());
        }
    }

    /// The E.164 form of digits that are a valid number dialled in the region.
    fn international(self, digits: &[u8]) -> Option<String> {
        let region = self.0?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        #[cfg(feature = "phone")]
        {
            use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
            let number = PHONE_NUMBER_UTIL.parse(std::str::from_utf8(digits).ok()?, Some(region)).ok()?;
            let valid = PHONE_NUMBER_UTIL.is_valid_number(&number);
            valid.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
        }
        #[cfg(not(feature = "phone"))]
        match region {}
    }
}

#[cfg(all(test, feature = "phone"))]
mod tests {
    use super::*;

    fn canonical(region: Option<&str>, value: &str) -> String {
        let mut out = Vec::new();
        Home::new(region).write(TypeId::PHONE, value.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn national_numbers_join_in_their_region_only() {
        for (region, value, expected) in [
            (Some("DE"), "030 12345678", "+493012345678"),
            (Some("DE"), "+49 30 12345678", "+493012345678"),
            (Some("DE"), "0049 30 12345678", "+493012345678"),
            (Some("GB"), "(020) 7946 0958", "+442079460958"),
            (Some("US"), "(202) 555-0143", "+12025550143"),
            (Some("US"), "1-202-555-0143", "+12025550143"),
            (Some("US"), "011 44 20 7946 0958", "+442079460958"),
            (Some("DE"), "110", "110"),
            (Some("XX"), "030 12345678", "03012345678"),
            (None, "030 12345678", "03012345678"),
            (Some("DE"), "12", "12"),
        ] {
            assert_eq!(canonical(region, value), expected, "{region:?} {value}");
        }
        let mut out = b"x".to_vec();
        Home::new(Some("DE")).write(TypeId::USERNAME, b"03012345678", &mut out);
        assert_eq!(out, b"x03012345678", "only phone numbers");
    }
}
