//! National numbers that can be told from anything else without a key: shape and check together.

use super::Candidate;
use super::{american, asian, benelux, british, german, nordic, romance, us};
use crate::check::border::{open_after, open_before};
use crate::check::bytes;
use crate::check::digits::Digits;
use crate::finding::{Evidence, Match, TypeId};
use crate::rules::{self, RuleId};

/// One bare form: `9` a digit, `A` a capital letter, `X` either; other bytes stand for
/// themselves.
struct Form {
    shape: &'static [u8],
    /// How many letters and digits the form starts with.
    head: usize,
    rule: RuleId,
    check: fn(&[u8]) -> bool,
    confidence: u8,
}

/// Runs a check on a value under a key over the bytes of a bare form.
fn passes(text: &[u8], check: fn(&Candidate) -> Option<Evidence>) -> bool {
    Candidate::new(text).is_some_and(|value| check(&value).is_some())
}

static FORMS: &[Form] = &[
    Form {
        shape: b"999-99-9999",
        head: 3,
        rule: rules::NATIONAL_ID_US_SSN,
        check: |text| {
            // Three round numbers are a range and its step.
            let round = text.get(1..3) == Some(b"00") && text.get(5) == Some(&b'0') && text.ends_with(b"00");
            let digits = Digits::gather(text, |byte| byte == b'-');
            let ssn = digits.is_some_and(|digits| us::is_ssn(&digits));
            !round && (ssn || passes(text, us::itin))
        },
        confidence: 75,
    },
    Form {
        shape: b"9XX9-XX9-XX99",
        head: 4,
        rule: rules::NATIONAL_ID_US_MBI,
        check: |text| passes(text, us::mbi),
        confidence: 85,
    },
    Form {
        shape: b"AAAAAAXXAXXAXXXA",
        head: 16,
        rule: rules::NATIONAL_ID_IT_CF,
        check: |text| passes(text, romance::it_cf),
        confidence: 96,
    },
    Form {
        shape: b"999999A999X",
        head: 11,
        rule: rules::NATIONAL_ID_FI_HETU,
        check: nordic::is_hetu,
        confidence: 92,
    },
    Form {
        // A number with a dash needs the letter at its end to be told from other numbers.
        shape: b"999999-999A",
        head: 6,
        rule: rules::NATIONAL_ID_FI_HETU,
        check: nordic::is_hetu,
        confidence: 92,
    },
    Form {
        shape: b"99999999999999999X",
        head: 18,
        rule: rules::NATIONAL_ID_CN_RIC,
        check: asian::is_ric,
        confidence: 95,
    },
    Form {
        shape: b"AAAA999999AAAAAAX9",
        head: 18,
        rule: rules::NATIONAL_ID_MX_CURP,
        check: |text| passes(text, american::mx_curp),
        confidence: 96,
    },
    Form {
        shape: b"999.999.999-99",
        head: 3,
        rule: rules::NATIONAL_ID_BR_CPF,
        check: |text| passes(text, american::br_cpf),
        confidence: 95,
    },
    Form {
        shape: b"99.999.999/9999-99",
        head: 2,
        rule: rules::NATIONAL_ID_BR_CNPJ,
        check: |text| passes(text, american::br_cpf),
        confidence: 95,
    },
    Form {
        shape: b"756.9999.9999.99",
        head: 3,
        rule: rules::NATIONAL_ID_CH_AHV,
        check: |text| passes(text, german::ch_ahv),
        confidence: 95,
    },
    Form {
        shape: b"99.99.99-999.99",
        head: 2,
        rule: rules::NATIONAL_ID_BE_NRN,
        check: |text| passes(text, benelux::be_nrn),
        confidence: 95,
    },
    Form {
        shape: b"AA 99 99 99 A",
        head: 2,
        rule: rules::NATIONAL_ID_UK_NINO,
        check: |text| passes(text, british::uk_nino),
        confidence: 85,
    },
    Form {
        shape: b"A9999999A",
        head: 9,
        rule: rules::NATIONAL_ID_ES_NIE,
        check: |text| passes(text, romance::es_nie),
        confidence: 75,
    },
];

/// The national number whose first letter or digit stands at `at`, in one of the forms above, with
/// nothing glued to it.
pub(super) fn at(text: &[u8], at: usize) -> Option<Match> {
    let rest = text.get(at..)?;
    if !rest.first().is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return None;
    }
    // The length of the first word and the sign behind it leave at most two forms, mostly none.
    // no form goes on with a small letter
    if !rest.get(1).is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return None;
    }
    // the one number that starts with twelve digits has seventeen or eighteen
    let digits = bytes::digits(rest);
    if digits >= 12 && !matches!(digits, 17 | 18) {
        return None;
    }
    let head = rest.iter().take(19).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let joined = matches!(rest.get(head), Some(b'-' | b'.' | b'+' | b' '));
    if head < 2 || (head < 9 && !joined) {
        return None;
    }
    let form = FORMS.iter().find(|form| {
        form.head == head
            && rest
                .get(..form.shape.len())
                .is_some_and(|part| has_shape(part, form.shape) && (form.check)(part))
    })?;
    let end = at + form.shape.len();
    // A dot or a plus sign before digits: a path, a float, a phone number.
    let signed = at > 0 && matches!(text.get(at - 1), Some(b'+' | b'.' | b'/'));
    if signed || !open_before(text, at) || !open_after(text, end) {
        return None;
    }
    let evidence = Evidence::SHAPE.and(Evidence::STRUCTURE);
    Some(Match {
        start: at,
        end,
        kind: TypeId::NATIONAL_ID,
        rule: form.rule,
        confidence: form.confidence,
        evidence,
    })
}

fn has_shape(text: &[u8], shape: &[u8]) -> bool {
    text.iter().zip(shape).all(|(byte, kind)| match kind {
        b'9' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'X' => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        _ => byte == kind,
    })
}
