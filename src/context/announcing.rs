//! Keys behind whose last word prose writes a blank and the value.

use crate::finding::TypeId;
use crate::rules::{KEYS, KeyRule, Shape};

/// The last words of the keys behind which prose writes a blank and a value (`SSN 536-90-4399`,
/// `DOB 1961-07-04`), and the letter between two angles (`59.9139°N 10.7522°E`).
pub(crate) fn announcing() -> impl Iterator<Item = (TypeId, &'static [u8])> + Clone {
    let announces = |r: &&KeyRule| {
        let last = || r.words.rsplit(' ').next().unwrap_or(r.words);
        let is_asked = match r.shape {
            Shape::NationalId => true,
            Shape::Bank => {
                matches!(last(), "bic" | "swift" | "aba" | "blz" | "kontonummer" | "kontonr")
                    || matches!(r.words, "sort code" | "konto nr")
            }
            Shape::Phone => last() == "tél",
            Shape::Wallet => last() == "wallet",
            // before these stand most numbers and moments
            Shape::Dob if matches!(r.words, "nato il" | "nata il" | "born on") => true,
            Shape::Dob | Shape::Cvv | Shape::Expiry | Shape::AnyExpiry | Shape::Vin => !matches!(
                last(),
                "auto"
                    | "date"
                    | "day"
                    | "dt"
                    | "end"
                    | "id"
                    | "il"
                    | "month"
                    | "no"
                    | "nr"
                    | "number"
                    | "on"
                    | "to"
                    | "value"
                    | "year"
            ),
            _ => false,
        };
        let is_asked = is_asked || is_said(r);
        // what ends beyond ASCII passes anyway; of the others the letters behind it are looked up
        let letters = |last: &str| last.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        is_asked
            && r.words.len() > 2
            && (last().is_ascii() || letters(last()) > 3 || matches!(last(), "tél" | "sécu" | "číslo"))
    };
    let last = |r: &KeyRule| (r.kind, r.words.rsplit(' ').next().unwrap_or(r.words).as_bytes());
    let angles = [b"n".as_slice(), b"s"].map(|letter| (TypeId::GPS, letter));
    KEYS.iter().filter(announces).map(last).chain(angles)
}

/// Whether prose writes a value right behind the key of this row: `customer no 50736970`.
fn is_said(rule: &KeyRule) -> bool {
    // those for telephones are among the phrases
    const LAST: &str = "abonado abonné acces acceso account acct acesso adherent adhérent afiliado aluno apolice \
        apólice cartella cellid cgi cliente clinica clínica code compte conta cuenta ecgi eci etudiant \
        fidelite fidélité fingerprint guid id konto lac matricula matrícula nbr nci no nr num number \
        numer numero nummer otp paciente paziente poliza póliza routing rufnummer secret seed serial \
        sms studente tac token usager usuario usuário utilisateur uuid étudiant";
    let is_kind = matches!(
        rule.kind,
        TypeId::DEVICE_ID
            | TypeId::ACCOUNT_ID
            | TypeId::TOKEN
            | TypeId::PHONE
            | TypeId::CELL_ID
            | TypeId::BANK
            | TypeId::IMSI
            | TypeId::IMEISV
            | TypeId::MEID
    );
    let is_shape =
        !matches!(rule.shape, Shape::Veto(_) | Shape::CookieHeader | Shape::SetCookie | Shape::AuthHeader);
    let is_one = !rule.words.contains(' ');
    let least = match rule.kind {
        TypeId::DEVICE_ID | TypeId::ACCOUNT_ID | TypeId::CELL_ID | TypeId::BANK => 3,
        TypeId::IMSI | TypeId::IMEISV | TypeId::MEID => 3,
        TypeId::TOKEN | TypeId::PHONE => 6,
        _ => usize::MAX,
    };
    // `téléphone` would let `iPhone` pass
    let is_own = is_one && rule.words.len() >= least && !rule.words.ends_with("éphone");
    is_kind
        && is_shape
        && !rule.needs_person
        && (is_own
            || !is_one
                && rule.words.rsplit(' ').next().is_some_and(|last| LAST.split(' ').any(|word| word == last)))
}
