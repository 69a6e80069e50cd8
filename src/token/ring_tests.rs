//! What a key ring promises over time, as tests.

use super::date::Moment;
use super::derive::Secret;
use super::ring::{KeyRing, KeyStatus, Material};
use super::syntax::Kid;
use crate::finding::Group;
use crate::token::tokenizer_tests::fixed_ring;

const DAY: u64 = 86_400;

fn with_epochs(keep: [u64; 8]) -> KeyRing {
    let mut ring = fixed_ring(1);
    ring.start_epochs(DAY, Moment(0), keep).unwrap();
    ring
}
fn kid(text: &str) -> Kid {
    Kid::parse(text.as_bytes()).unwrap()
}

#[test]
fn epochs_move_on_and_old_secrets_go() {
    let mut ring = with_epochs([0; 8]);
    assert!(!ring.advance(Moment(DAY - 1)).unwrap());
    assert!(ring.advance(Moment(3 * DAY)).unwrap());
    assert!(!ring.advance(Moment(3 * DAY)).unwrap());
    let names: Vec<_> = ring.keys().iter().map(|k| (k.kid().to_string(), k.status(), k.epoch())).collect();
    let gone = KeyStatus::Destroyed;
    assert_eq!(
        names,
        [
            ("a1b2".to_owned(), gone, Some(0)),
            ("a1b3".to_owned(), gone, Some(1)),
            ("a1b4".to_owned(), gone, Some(2)),
            ("a1b5".to_owned(), KeyStatus::Primary, Some(3)),
        ]
    );
    assert!(ring.keys().iter().take(3).all(|k| k.material == Material::Gone));
}

#[test]
fn nodes_agree_however_they_get_there() {
    let mut slow = with_epochs([0; 8]);
    for day in 0..=40 {
        slow.advance(Moment(day * DAY + 77)).unwrap();
    }
    let mut fast = with_epochs([0; 8]);
    fast.advance(Moment(40 * DAY)).unwrap();
    assert_eq!(slow.primary().unwrap().material, fast.primary().unwrap().material);
    assert_eq!(slow.primary().unwrap().kid(), fast.primary().unwrap().kid());
}

#[test]
fn groups_are_kept_for_their_own_time() {
    // Secrets 2 days, payment 1 day, all else not at all.
    let mut ring = with_epochs([2 * DAY, DAY, 0, 0, 0, 0, 0, 0]);
    let groups_on = |ring: &mut KeyRing, day: u64| {
        ring.advance(Moment(day * DAY)).unwrap();
        ring.key(kid("a1b2")).unwrap().groups()
    };
    let before = ring.keys()[0].group_key(Group::Secret);
    assert_eq!(groups_on(&mut ring, 0).len(), 8);
    assert_eq!(groups_on(&mut ring, 1), [Group::Secret, Group::Payment]);
    assert!(!matches!(ring.keys()[0].material, Material::Whole(_)), "it would give later epochs too");
    assert_eq!(ring.keys()[0].group_key(Group::Secret), before);
    assert_eq!(groups_on(&mut ring, 2), [Group::Secret]);
    assert_eq!(groups_on(&mut ring, 3), []);
    assert_eq!(ring.keys()[0].status(), KeyStatus::Destroyed);
}

#[test]
fn holds_stop_time_and_destruction() {
    let mut ring = with_epochs([0; 8]);
    ring.hold(kid("a1b2"), Some(Moment(10 * DAY)), "case 12").unwrap();
    ring.advance(Moment(2 * DAY)).unwrap();
    assert_eq!(ring.key(kid("a1b2")).unwrap().groups().len(), 8);
    assert!(ring.destroy(kid("a1b2"), Moment(9 * DAY)).unwrap_err().to_string().contains("held until"));
    ring.advance(Moment(10 * DAY)).unwrap();
    assert_eq!(ring.key(kid("a1b2")).unwrap().groups(), []);
    assert!(ring.hold(kid("a1b2"), Some(Moment(1)), "").is_err());
    let mut plain = fixed_ring(1);
    for reason in ["two\nlines", "quote\"", "back\\slash", &"x".repeat(201)] {
        assert!(plain.hold(kid("a1b2"), Some(Moment(1)), reason).is_err(), "{reason}");
    }
    plain.hold(kid("a1b2"), Some(Moment(1)), "case 12").unwrap();
    plain.hold(kid("a1b2"), None, "over").unwrap();
    assert_eq!((plain.keys()[0].hold, plain.keys()[0].reason.as_str()), (None, ""));
}

#[test]
fn promotion_and_destruction() {
    let mut ring = fixed_ring(1);
    let second = ring.add_random(KeyStatus::Active, Moment(1)).unwrap();
    assert_eq!(ring.primary().unwrap().kid(), kid("a1b2"));
    assert!(ring.destroy(kid("a1b2"), Moment(2)).is_err(), "the primary key stays");
    ring.promote(second, Moment(2)).unwrap();
    assert_eq!(ring.primary().unwrap().kid(), second);
    assert_eq!(ring.key(kid("a1b2")).unwrap().retired, Some(Moment(2)));
    ring.promote(kid("a1b2"), Moment(3)).unwrap();
    ring.promote(second, Moment(4)).unwrap();
    ring.destroy(kid("a1b2"), Moment(5)).unwrap();
    assert!(ring.destroy(kid("a1b2"), Moment(6)).is_err());
    assert!(ring.promote(kid("a1b2"), Moment(6)).is_err());
    assert!(ring.promote(kid("0000"), Moment(6)).is_err());
    assert!(ring.advance(Moment(6)).is_err(), "no epochs");
    assert!(with_epochs([0; 8]).promote(kid("a1b2"), Moment(1)).is_err());
    ring.check().unwrap();
}

#[test]
fn a_taken_kid_stops_the_advance_and_changes_nothing() {
    let mut ring = with_epochs([0; 8]);
    let secret = Secret::new(std::array::from_fn(|i| (i as u8).wrapping_mul(77) ^ 0x5a));
    ring.add(Some(kid("a1b4")), KeyStatus::Active, secret, Moment(0)).unwrap();
    let before = ring.clone();
    assert!(ring.advance(Moment(5 * DAY)).unwrap_err().to_string().contains("a1b4"));
    assert_eq!(ring, before);
    assert!(ring.start_epochs(DAY, Moment(0), [0; 8]).is_err());
    assert!(fixed_ring(1).start_epochs(60, Moment(0), [0; 8]).is_err());
}
