//! Case tables of the shapes without a key and of the values under one, and the comparison with libphonenumber.

use super::*;

fn keyed(value: &[u8]) -> Option<Match> {
    keyed_in(value, None)
}

/// The places that the module's page asks to be called at.
fn is_documented_place(text: &[u8], place: usize) -> bool {
    let byte = |place: usize| text.get(place).copied().unwrap_or(b'\n');
    let run = text.iter().skip(place).take_while(|byte| byte.is_ascii_digit()).count();
    let is_first = place == 0 || !byte(place - 1).is_ascii_digit();
    match byte(place) {
        b'+' => byte(place + 1).is_ascii_digit() || matches!(byte(place + 1), b'(' | b'+'),
        b'(' => byte(place + 1).is_ascii_digit(),
        b'0' if is_first && byte(place + 1) == b'0' => run > 2,
        b'0'..=b'9' => {
            let after = byte(place + run);
            is_first && run <= 5 && (matches!(after, b'-' | b'.' | b'/' | b' ' | b'(') || after > 0x7f)
        }
        _ => false,
    }
}

/// What `at` finds, asked at every place; overlapping answers must agree on nothing, so all are listed.
fn bare(text: &[u8]) -> Vec<(usize, usize)> {
    let mut spans: Vec<_> =
        (0..=text.len()).filter_map(|place| at(text, place)).map(|found| (found.start, found.end)).collect();
    let undocumented = |place: &usize| at(text, *place).is_some() && !is_documented_place(text, *place);
    assert_eq!((0..text.len()).find(undocumented), None, "{}", String::from_utf8_lossy(text));
    spans.dedup();
    // A number that starts inside another one is the same number seen late.
    let all = spans.clone();
    spans.retain(|inner| !all.iter().any(|outer| outer != inner && outer.0 <= inner.0 && inner.1 <= outer.1));
    spans
}

/// Text with the expected spans in `«»`.
fn check(cases: &[&str]) {
    for case in cases {
        let text: String = case.chars().filter(|letter| !matches!(letter, '«' | '»')).collect();
        let (mut expected, mut open, mut length) = (Vec::new(), 0, 0);
        for letter in case.chars() {
            match letter {
                '«' => open = length,
                '»' => expected.push((open, length)),
                _ => length += letter.len_utf8(),
            }
        }
        assert_eq!(bare(text.as_bytes()), expected, "{case:?}");
    }
}

#[test]
fn signed_numbers() {
    check(&[
        "«+493012345678»",
        "sms to «+49 171 1234567» ok",
        "tel:«+1-201-555-0123»",
        "{\"to\":\"«+4917112345678»\"}",
        "«+49 (0)30 1234567» and «+44 (0)20 7946 0958»",
        "«+1 (650) 333-6000», «+1.415.555.0132»",
        "«++1 (650) 333-6000»",
        "<sip:«+49301234567»@example.org>",
        "«+49\u{a0}30\u{a0}1234567»",
        "«+687 20.12.34» «+2908999»",
        "«+49494949 ext. 49», «+44 2034567890x456»",
        "«+15551234567»",
        "SIP/«+493012345678»-0000001a, rec/«+493012345678»_20140412.wav",
        "«+4917112345678» 3 parts",
        "«+4917112345678» 12:30:01",
        "«+4917112345678» 2014-04-12",
        "«+49 171 1234567» 2 parts",
        "«+14155550132»,5",
        "«(+49) 30 1234567» (tel. «+49 30 1234567») («+49301234567»)",
        "/v1/«+14155550132»/20101 /v1/«+4930123456»/1234",
        "«+1.4155550132»",
        "«+45 - 31226543» «+27 83  2797047» «+43-222-25 75 35 ext 310»",
        "«+4930123456»  12 «+4930123456» - 1234",
        "«+30 21 0 1234567»",
    ]);
}

#[test]
fn north_american_numbers() {
    check(&[
        "US: «415-555-0132».",
        "«(415) 555-0132», «(415)555-0132»",
        "«415.555.0132» «415 555-0132»",
        "«1-415-555-0132» «1 (415) 555-0132»",
        "«312-515-2239 x12» «415-555-0132x123»",
        "«(555) 123-4567»",
        "from:«415-555-0132»\n",
        "line\n«415-555-0132»\nline",
    ]);
}

#[test]
fn dialled_and_trunk_numbers() {
    check(&[
        "call «0038762123456» ok",
        "«0064 3 331 6005»",
        "«0049 30 1234567», «0039 06 678 4343»",
        "call «(030) 1234567» ok",
        "«020 7946 0958»",
        "«01 42 68 53 00»",
        "«090-1234-5678»",
    ]);
}

#[test]
fn look_alikes_are_spared() {
    check(&[
        "",
        "+",
        "++",
        "00",
        "(",
        "0",
        "+0",
        "[12/Mar/2014:10:00:00 +0000] [12/Mar/2014:10:00:00 +0200]",
        "2014-04-12T04:04:00+01:00 2014-04-12T04:04:00+0530 10:00 +1000 2014-04-12",
        "+1245 +1400 UTC+13:00 +8 +123 +1234567890",
        "1+15551234567 x+15551234567 1.+15551234567",
        "2014-04-12 04:04 PM",
        "03/27/2011 12.03.2014 01-02-2014",
        "123-456-7890-11 415-555-0132-11 11-415-555-0132",
        "415-666-7777% 415-666-7777\u{c9} \u{c9}415-666-7777. call415-666-7777",
        "80.585 [79.964, 81.191] (80).(585) (79).(9)64",
        "GET / 404 512 1024 200 1234",
        "1.2.3.4 415.555.0132.1 10.415.555.0132 v415.555.0132",
        "123-456-7890 911-555-0132 415-155-0132",
        "550e8400-0049-4301-2345-446655440000",
        "0000012345678 00:00:00 00123 0x0049301234567",
        "00 01 42 68 53 00 1a 2b",
        "HR12 1001 0051 8630 0016 0",
        "$415-555-0132 415-555-0132$ \u{20ac}415-555-0132",
        "(20) 3346 1234",
        "650x2531234",
        "+49",
        "+2 3 4 5 6 7 8 9 0 1 +49 3 0 1 2 3 4 5 6",
        "+52.5200+13.4050/ +48.8566140+002.3522219/ +33.3% +0.000012 +1.5 -0.3",
        "@@ -1,5 +1,6 @@ +1000000000 (+12) 1 file changed, 12345678 insertions(+)",
        "CA\t+4953-09709\tAmerica US\t+433649-1161209\tAmerica",
        "0049 0308 0301 <Buffer 01 02 03 04 05>",
        "YWJj/+14155550132abc= +14155550132+1",
        "+999123456789",
        "+1234567890123456789",
        "ports 8000-8080 9000-9090 range 100-200-3000",
    ]);
}

#[test]
fn broken_bytes_are_spared() {
    for text in [
        &b"\xff+493012345678"[..],
        b"+493012345678\xff",
        b"\x80\x80\x80\x80415-555-0132",
        b"415-555-0132\xc3",
    ] {
        assert_eq!(bare(text), [], "{text:?}");
    }
}

#[test]
fn any_place_and_end_is_safe() {
    let text =
        "+49 (0)30 1234567 ext. 5 (415) 555-0132x1 0049 30 1234567 020 7946 0958\u{a0}\u{20ac}".as_bytes();
    for start in 0..text.len() {
        for end in start..=text.len() {
            let part = &text[start..end];
            for place in 0..=part.len() + 1 {
                if let Some(found) = at(part, place) {
                    assert!(found.start < found.end && found.end <= part.len());
                }
            }
            if let Some(found) = keyed(part) {
                assert!(found.start < found.end && found.end <= part.len());
            }
        }
    }
}

/// What `keyed` finds in a value, as text.
fn value(text: &str) -> Option<&str> {
    keyed(text.as_bytes()).and_then(|found| text.get(found.start..found.end))
}

#[test]
fn values_that_are_numbers() {
    for text in [
        "+493012345678",
        "491711234567",
        "017612345678",
        "0171 1234567",
        "0171/1234567",
        "030-1234567",
        "4155550132",
        "(415) 555-0132",
        "0 532 123 45 67",
        "0 (532) 1234567",
        "55551234",
        "728590",
        "7290",
        "3 81234",
        "0~01-650-333-6000",
        "0011-650-333-6000",
        "++1 (650) 333-6000",
        "+81 (0)90-1234-5678",
        "01.42.68.53.00",
        "0171 1234567, 030 1234567",
        "03-3316005 int.3456",
        "(800) 901-3355 , ext 7246433",
        "1712345678",
    ] {
        assert_eq!(value(text), Some(text));
    }
}

#[test]
fn values_that_hold_numbers() {
    for (text, expected) in [
        ("tel:+49-30-1234567", "+49-30-1234567"),
        ("tel:030-1234567;phone-context=+49", "030-1234567"),
        ("sip:+49301234567@host.example", "+49301234567"),
        ("\"Jane\" <sip:+14155550132@example.org>;tag=1", "+14155550132"),
        ("49301234567@s.whatsapp.net", "49301234567"),
        ("14155550132@c.us", "14155550132"),
        ("491711234567-1423000000@g.us", "491711234567"),
        (" \"0171 1234567\" ", "0171 1234567"),
        ("0171 1234567 (mobile)", "0171 1234567"),
        ("415-555-0132/415-555-0199", "415-555-0132/415-555-0199"),
        ("0171 1234567 / 0171 7654321", "0171 1234567 / 0171 7654321"),
        ("491711234567-foo", "491711234567"),
        ("0171 1234567 - mobile", "0171 1234567"),
        ("(+49) 30 1234567", "(+49) 30 1234567"),
        ("call me at +49 30 1234567 please", "+49 30 1234567"),
    ] {
        assert_eq!(value(text), Some(expected), "{text:?}");
    }
}

#[test]
fn values_that_are_no_numbers() {
    for text in [
        "",
        " ",
        "0",
        "true",
        "false",
        "null",
        "none",
        "-",
        "0000000",
        "0000000000",
        "****1234",
        "+*******1234",
        "XXX-XXX-1234",
        "[PHONE]",
        "1416492731123",
        "2014-04-12",
        "2014-04-12T04:04:00Z",
        "192.168.100.200",
        "1234567.89",
        "-1234567",
        "com.example.Caller",
        "1234567890123456",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "04:04:00",
        "1",
        "12",
        "50%",
        "+",
        "(",
        "tel:",
        "sip:alice@example.org",
        "0000",
        "20140412040400",
        "1416492731123456789",
        "2014-04-12 04:04",
        "main.rs:1234567",
        "550e8400-e29b-41d4-a716-446655440000",
    ] {
        assert_eq!(value(text), None, "{text:?}");
    }
    assert_eq!(keyed(b"\xff\xfe"), None);
    assert_eq!(keyed(&[b'x'; 10_000]), None);
    assert_eq!(keyed(&[b'+'; 10_000]), None);
    assert_eq!(keyed(&b"1-".repeat(5_000)), None);
    let list = "017612345678, ".repeat(100);
    assert_eq!(value(&list), Some(list.trim_end_matches(", ")));
}

#[test]
fn confidence_follows_evidence() {
    for (text, confidence) in [
        ("+493012345678", 95),
        ("+67740123", 75),
        ("+2908999", 65),
        ("415-555-0132", 75),
        ("415.555.0132", 65),
    ] {
        let found = at(text.as_bytes(), 0).expect(text);
        assert_eq!(
            (found.confidence, found.kind, found.rule),
            (confidence, TypeId::PHONE, rules::PHONE),
            "{text}"
        );
    }
    let found = keyed(b"0171 1234567").expect("keyed");
    assert!(found.evidence.has(Evidence::KEY) && (80..=90).contains(&found.confidence));
}

#[cfg(feature = "phone")]
mod oracle {
    use super::super::{e164, keyed_in};
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType, Region};

    /// A small fixed sequence of numbers (SplitMix64), so that each run asks the same questions.
    struct Sequence(u64);

    impl Sequence {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ (mixed >> 31)) % bound as u64) as usize
        }
        fn digits(&mut self, count: usize) -> String {
            (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
        }
    }

    /// Valid as written: libphonenumber also repairs what subscribers of some countries leave out.
    fn is_valid_there(digits: &str) -> bool {
        let written = format!("+{digits}");
        let parsed = PHONE_NUMBER_UTIL.parse(&written, None);
        parsed.is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number) && number.to_string() == written)
    }

    /// Left out on purpose: Canada's `310-xxxx` and Iran's four digits cannot be dialled from abroad, and
    /// E.164 ends at fifteen digits, which Germany's longest plans pass.
    fn is_left_out(digits: &str) -> bool {
        digits.starts_with("1310") && digits.len() == 8
            || !(e164::SHORTEST..=e164::LONGEST).contains(&digits.len())
    }

    /// Example numbers of every region and type, calling code first.
    fn examples() -> Vec<String> {
        use PhoneNumberType::*;
        let kinds = [
            FixedLine,
            Mobile,
            TollFree,
            PremiumRate,
            SharedCost,
            PersonalNumber,
            VoIP,
            Pager,
            UAN,
            VoiceMail,
        ];
        let mut all = Vec::new();
        for region in PHONE_NUMBER_UTIL.get_supported_regions() {
            for kind in kinds {
                if let Ok(number) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind) {
                    all.push(number.to_string().trim_start_matches('+').to_owned());
                }
            }
        }
        all.retain(|digits| !is_left_out(digits));
        all.sort();
        all
    }

    #[test]
    fn no_valid_number_is_missed() {
        let mut sequence = Sequence(1);
        let (mut asked, mut valid) = (0, 0);
        for example in examples() {
            assert!(e164::is_valid(example.as_bytes()), "{example}");
            for _ in 0..20 {
                // Keep the range, change the subscriber.
                let keep = example.len() - 1 - sequence.below(5.min(example.len() - 4));
                let digits = format!("{}{}", &example[..keep], sequence.digits(example.len() - keep));
                asked += 1;
                if is_valid_there(&digits) && !is_left_out(&digits) {
                    valid += 1;
                    assert!(e164::is_valid(digits.as_bytes()), "{digits} is assigned");
                }
            }
        }
        assert!(
            asked > 15_000 && valid > asked / 2,
            "{valid} of {asked} were valid: too few to say anything"
        );
    }

    #[test]
    fn most_invalid_numbers_are_refused() {
        let codes: Vec<i32> = PHONE_NUMBER_UTIL.get_supported_calling_codes().collect();
        let mut sequence = Sequence(2);
        let (mut asked, mut agreed, mut missed) = (0u32, 0u32, 0u32);
        for round in 0..40_000 {
            let length = 4 + sequence.below(12);
            // Three of four with a real code, the rest anything.
            let code =
                if round % 4 == 0 { String::new() } else { codes[sequence.below(codes.len())].to_string() };
            let digits = format!("{code}{}", sequence.digits(length));
            let (ours, theirs) = (e164::is_valid(digits.as_bytes()), is_valid_there(&digits));
            asked += 1;
            agreed += u32::from(ours == theirs);
            missed += u32::from(theirs && !ours && !is_left_out(&digits));
        }
        println!("agreed on {agreed} of {asked}, missed {missed}");
        assert!(agreed * 1000 >= asked * 980, "agreed on {agreed} of {asked}");
        assert_eq!(missed, 0, "valid numbers were refused");
    }

    #[test]
    fn national_examples_are_found_under_a_key() {
        for region in PHONE_NUMBER_UTIL.get_supported_regions() {
            let Some(number) = PHONE_NUMBER_UTIL.get_example_number(region).ok() else { continue };
            let text =
                PHONE_NUMBER_UTIL.format(&number, rlibphonenumber::PhoneNumberFormat::National).into_owned();
            let found = keyed_in(text.as_bytes(), None).map(|found| (found.start, found.end));
            assert_eq!(found, Some((0, text.len())), "{text} of {region:?}");
        }
    }

    #[test]
    fn a_region_adds_certainty() {
        let bare = keyed_in(b"030 12345678", None).expect("a key is enough").confidence;
        let german = keyed_in(b"030 12345678", Some("DE")).expect("valid in Germany").confidence;
        assert!(german > bare);
        assert!(keyed_in(b"030 12345678", Some("no such region")).is_some());
        assert!(Region::from_code("DE").is_ok());
    }
}
