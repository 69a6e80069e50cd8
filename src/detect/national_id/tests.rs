//! Cases for national numbers: examples that issuers publish, sample numbers of standards, and what
//! a changed digit does to them.

use super::*;

/// Rule, example, whether a changed digit is seen by a check digit.
const EXAMPLES: &[(RuleId, &str, bool)] = &[
    (rules::NATIONAL_ID_US_SSN, "536-90-4399", false),
    (rules::NATIONAL_ID_US_SSN, "536 90 4399", false),
    (rules::NATIONAL_ID_US_ITIN, "912-70-1234", false),
    (rules::NATIONAL_ID_US_NPI, "1234567893", true),
    (rules::NATIONAL_ID_US_MBI, "1EG4-TE5-MK73", false),
    (rules::NATIONAL_ID_US_DEA, "AB1234563", true),
    (rules::NATIONAL_ID_UK_NINO, "AB 12 34 56 C", false),
    (rules::NATIONAL_ID_UK_NHS, "943 476 5919", true),
    (rules::NATIONAL_ID_IE_PPS, "1234567T", true),
    (rules::NATIONAL_ID_IE_PPS, "1234567FA", true),
    (rules::NATIONAL_ID_DE_TAX, "86 095 742 719", true),
    (rules::NATIONAL_ID_DE_ID, "T220001293", true),
    (rules::NATIONAL_ID_DE_ID, "L01X00T47", false),
    (rules::NATIONAL_ID_DE_SVNR, "15 070649 C 103", true),
    (rules::NATIONAL_ID_DE_KVNR, "A123456780", true),
    (rules::NATIONAL_ID_DE_LANR, "123456601", false),
    (rules::NATIONAL_ID_AT_SVNR, "1237 010180", true),
    (rules::NATIONAL_ID_CH_AHV, "756.9217.0769.85", true),
    (rules::NATIONAL_ID_FR_NIR, "2 55 08 14 168 025 38", true),
    (rules::NATIONAL_ID_ES_DNI, "12345678Z", true),
    (rules::NATIONAL_ID_ES_DNI, "B58378431", true),
    (rules::NATIONAL_ID_ES_NIE, "X-1234567-L", true),
    (rules::NATIONAL_ID_ES_NUSS, "281234567840", true),
    (rules::NATIONAL_ID_PT_NIF, "123 456 789", true),
    (rules::NATIONAL_ID_IT_CF, "RSSMRA85T10A562S", true),
    (rules::NATIONAL_ID_IT_CF, "00743110157", true),
    (rules::NATIONAL_ID_RO_CNP, "1800101221144", true),
    (rules::NATIONAL_ID_NL_BSN, "111222333", true),
    (rules::NATIONAL_ID_BE_NRN, "85.07.30-033.28", true),
    (rules::NATIONAL_ID_LU_NIN, "1893120105732", true),
    (rules::NATIONAL_ID_SE_PNR, "811218-9876", true),
    (rules::NATIONAL_ID_SE_PNR, "19811218-9876", true),
    (rules::NATIONAL_ID_FI_HETU, "131052-308T", true),
    (rules::NATIONAL_ID_NO_FNR, "151086 95088", true),
    (rules::NATIONAL_ID_DK_CPR, "211062-5629", false),
    (rules::NATIONAL_ID_IS_KENNITALA, "120174-3399", true),
    (rules::NATIONAL_ID_PL_PESEL, "44051401359", true),
    (rules::NATIONAL_ID_PL_NIP, "123-456-32-18", true),
    (rules::NATIONAL_ID_CZ_RC, "710319/2745", true),
    (rules::NATIONAL_ID_HU_ID, "8071592153", true),
    (rules::NATIONAL_ID_EE_CODE, "37605030299", true),
    (rules::NATIONAL_ID_LV_CODE, "161175-19997", true),
    (rules::NATIONAL_ID_LV_CODE, "321175-19997", false),
    (rules::NATIONAL_ID_UA_RNOKPP, "1759013776", true),
    (rules::NATIONAL_ID_RU_INN, "7707083893", true),
    (rules::NATIONAL_ID_RU_INN, "500100732259", true),
    (rules::NATIONAL_ID_RU_INN, "112-233-445 95", true),
    (rules::NATIONAL_ID_KZ_IIN, "980824450085", true),
    (rules::NATIONAL_ID_BG_EGN, "7523169263", true),
    (rules::NATIONAL_ID_HR_OIB, "33392005961", true),
    (rules::NATIONAL_ID_SI_EMSO, "0101006500006", true),
    (rules::NATIONAL_ID_GR_ID, "01013099997", true),
    (rules::NATIONAL_ID_GR_ID, "094259216", true),
    (rules::NATIONAL_ID_TR_TCKN, "10000000146", true),
    (rules::NATIONAL_ID_BR_CPF, "390.533.447-05", true),
    (rules::NATIONAL_ID_BR_CNPJ, "16.727.230/0001-97", true),
    (rules::NATIONAL_ID_CA_SIN, "130 692 544", true),
    (rules::NATIONAL_ID_MX_CURP, "BOXW310820HNERXN09", true),
    (rules::NATIONAL_ID_CL_RUT, "12.531.909-2", true),
    (rules::NATIONAL_ID_AR_CUIL, "20-05536168-2", true),
    (rules::NATIONAL_ID_EC_CEDULA, "1714307103", true),
    (rules::NATIONAL_ID_UY_CI, "1.234.567-2", true),
    (rules::NATIONAL_ID_IN_AADHAAR, "2341 2341 2346", true),
    (rules::NATIONAL_ID_IN_PAN, "ACUPA7085R", false),
    (rules::NATIONAL_ID_IN_GSTIN, "27AAPFU0939F1ZV", false),
    (rules::NATIONAL_ID_IN_VOTER, "WKH1186253", false),
    (rules::NATIONAL_ID_CN_RIC, "11010519491231002X", true),
    (rules::NATIONAL_ID_TW_ID, "A123456789", true),
    (rules::NATIONAL_ID_HK_ID, "A123456(3)", true),
    (rules::NATIONAL_ID_JP_MY_NUMBER, "1234 5678 9018", true),
    (rules::NATIONAL_ID_KR_RRN, "960121-1021413", false),
    (rules::NATIONAL_ID_TH_ID, "1-2345-67890-12-1", true),
    (rules::NATIONAL_ID_SG_NRIC, "S1234567D", true),
    (rules::NATIONAL_ID_MY_KAD, "770305-02-1234", false),
    (rules::NATIONAL_ID_IL_ID, "039337423", true),
    (rules::NATIONAL_ID_AU_TFN, "123 456 782", true),
    (rules::NATIONAL_ID_AU_MEDICARE, "2123 45670 1", false),
    (rules::NATIONAL_ID_AU_ABN, "83 914 571 673", true),
    (rules::NATIONAL_ID_AU_ABN, "004 085 616", true),
    (rules::NATIONAL_ID_NZ_IRD, "49-091-850", true),
    (rules::NATIONAL_ID_NZ_IRD, "136410132", true),
    (rules::NATIONAL_ID_ZA_ID, "750330 5044 08 9", true),
    (rules::NATIONAL_ID_PASSPORT, "M12345678", false),
    (rules::NATIONAL_ID_DRIVING_LICENCE, "JONES710153J99EF", false),
];

fn span(found: Option<Match>) -> Option<(usize, usize)> {
    found.map(|m| (m.start, m.end))
}

#[test]
fn examples_pass_under_their_rule_and_under_any() {
    for &(rule, text, _) in EXAMPLES {
        let padded = format!(" {text} ");
        let expected = Some((1, 1 + text.len()));
        assert_eq!(span(keyed(padded.as_bytes(), rule)), expected, "{} {text}", rule.id());
        assert_eq!(span(keyed(padded.as_bytes(), rules::NATIONAL_ID)), expected, "any {text}");
        assert_eq!(keyed(text.as_bytes(), rule).map(|m| m.rule), Some(rule));
    }
}

#[test]
fn every_rule_has_an_example_and_a_name() {
    for (rule, checks) in CHECKS {
        assert!(!checks.is_empty());
        assert!(EXAMPLES.iter().any(|(id, ..)| id == rule), "{} has no example", rule.id());
        assert!(rule.id().starts_with("national-id/"));
    }
}

#[test]
fn changed_digits_are_seen_by_the_checks() {
    for &(rule, text, checked) in EXAMPLES {
        let (mut tried, mut passed) = (0, 0);
        for place in (0..text.len()).filter(|&place| text.as_bytes()[place].is_ascii_digit()) {
            for step in 1..10 {
                let mut bytes = text.as_bytes().to_vec();
                bytes[place] = b'0' + (bytes[place] - b'0' + step) % 10;
                tried += 1;
                passed += usize::from(keyed(&bytes, rule).is_some());
            }
        }
        assert!(!checked || passed * 5 <= tried, "{} {text}: {passed} of {tried} changes pass", rule.id());
    }
}

#[test]
fn fillers_and_other_values_stay() {
    for value in [
        "",
        " ",
        "0",
        "-",
        "null",
        "true",
        "unknown",
        "000-00-0000",
        "0000000000",
        "00000000000",
        "***-**-1234",
        "11111111111111",
        "hello world",
        "1 2 3 4 5 6 7 8 9",
        "2024-01-01T00:00:00.000000000Z+00:00 x",
        "éàü123456",
    ] {
        for (rule, _) in CHECKS.iter().chain([(rules::NATIONAL_ID, &[] as &[Check])].iter()) {
            assert_eq!(span(keyed(value.as_bytes(), *rule)), None, "{} {value:?}", rule.id());
        }
    }
    assert_eq!(span(keyed(b"\xff\xfe123456789", rules::NATIONAL_ID)), None);
    assert_eq!(span(keyed(b"123456782", rules::CARD)), None);
}

#[test]
fn ranges_that_are_not_issued() {
    for (rule, value) in [
        (rules::NATIONAL_ID_US_SSN, "000-12-3456"),
        (rules::NATIONAL_ID_US_SSN, "666-12-3456"),
        (rules::NATIONAL_ID_US_SSN, "900-12-3456"),
        (rules::NATIONAL_ID_US_SSN, "123-00-3456"),
        (rules::NATIONAL_ID_US_SSN, "123-45-0000"),
        (rules::NATIONAL_ID_US_ITIN, "912-66-1234"),
        (rules::NATIONAL_ID_UK_NINO, "GB 12 34 56 A"),
        (rules::NATIONAL_ID_UK_NINO, "FQ 12 34 56 C"),
        (rules::NATIONAL_ID_UK_NINO, "AB 12 34 56 E"),
        (rules::NATIONAL_ID_DE_TAX, "02345678901"),
        (rules::NATIONAL_ID_CA_SIN, "046 454 286"),
        (rules::NATIONAL_ID_PL_PESEL, "44055401359"),
        (rules::NATIONAL_ID_TR_TCKN, "01234567890"),
        (rules::NATIONAL_ID_CN_RIC, "110105194913310027"),
    ] {
        assert_eq!(span(keyed(value.as_bytes(), rule)), None, "{value}");
    }
}

#[test]
fn bare_forms() {
    for text in [
        "536-90-4399",
        "912-70-1234",
        "RSSMRA85T10A562S",
        "131052-308T",
        "010594Y9032",
        "11010519491231002X",
        "BOXW310820HNERXN09",
        "390.533.447-05",
        "16.727.230/0001-97",
        "756.9217.0769.85",
        "85.07.30-033.28",
        "AB 12 34 56 C",
        "X1234567L",
        "1EG4-TE5-MK73",
    ] {
        for (before, after) in
            [("", ""), ("ssn ", " ok"), ("\"", "\""), ("\n", "\n"), ("(", ")."), ("=", "&x")]
        {
            let whole = format!("{before}{text}{after}");
            let expected = Some((before.len(), before.len() + text.len()));
            assert_eq!(span(at(whole.as_bytes(), before.len())), expected, "{whole:?}");
        }
        for (before, after) in [("x", ""), ("", "x"), ("-", ""), ("1.", ""), ("", "-1"), ("_", ""), ("+", "")]
        {
            let whole = format!("{before}{text}{after}");
            assert_eq!(span(at(whole.as_bytes(), before.len())), None, "{whole:?}");
        }
    }
}

#[test]
fn bare_look_alikes_stay() {
    for text in [
        "",
        "0",
        "000-00-0000",
        "123-45-0000",
        "2024-01-01",
        "100-20-3000",
        "536-90-439",
        "536904399",
        "536 90 4399",
        "390.533.447-06",
        "756.9217.0769.86",
        "131052-3081",
        "310252-308T",
        "110105194912310021",
        "RSSMRA85T10A562T",
        "AB123456C",
        "X1234567M",
        "12345678Z",
    ] {
        assert_eq!(span(at(text.as_bytes(), 0)), None, "{text}");
    }
    assert_eq!(span(at(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 0)), None);
    assert_eq!(span(at(b"12", 9)), None);
}
