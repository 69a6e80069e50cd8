//! Regexes with few states: without the tables of Unicode, which make a digit a hundred states.
//!
//! In a record of ASCII nothing is lost: its characters are a byte each, and a word ends where ASCII
//! says so. In any other record every character that is not ASCII passes for every other, and a word
//! may end anywhere, so that what is left is a filter.

use regex_syntax::hir::{
    Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, Hir, HirKind, Look, Repetition,
};

/// What matches as `hir` does in a record that `is_ascii`, and at least where it does in any other.
pub(super) fn with_few_states(hir: &Hir, is_ascii: bool) -> Hir {
    let part = |hir: &Hir| with_few_states(hir, is_ascii);
    match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(Class::Unicode(class)) => few_bytes(class, is_ascii),
        HirKind::Class(class) => Hir::class(class.clone()),
        HirKind::Look(look) => plain_look(*look, is_ascii),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            min: repetition.min,
            max: repetition.max,
            greedy: repetition.greedy,
            sub: Box::new(part(&repetition.sub)),
        }),
        HirKind::Capture(capture) => Hir::capture(Capture {
            index: capture.index,
            name: capture.name.clone(),
            sub: Box::new(part(&capture.sub)),
        }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(part).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(part).collect()),
    }
}

/// The characters of a class that are ASCII, and any others if it has others and they may come.
fn few_bytes(class: &ClassUnicode, is_ascii: bool) -> Hir {
    let ascii = class.ranges().iter().filter(|range| range.start().is_ascii());
    let ascii =
        ascii.map(|range| ClassBytesRange::new(range.start() as u8, (range.end() as u32).min(127) as u8));
    let ascii = Hir::class(Class::Bytes(ClassBytes::new(ascii)));
    if is_ascii || class.ranges().iter().all(|range| range.end().is_ascii()) {
        return ascii;
    }
    let high = Hir::class(Class::Bytes(ClassBytes::new([ClassBytesRange::new(128, 255)])));
    // a character is two to four bytes
    let long = Hir::repetition(Repetition { min: 1, max: Some(4), greedy: true, sub: Box::new(high) });
    Hir::alternation(vec![ascii, long])
}

fn plain_look(look: Look, is_ascii: bool) -> Hir {
    let plain = match look {
        Look::WordUnicode => Look::WordAscii,
        Look::WordUnicodeNegate => Look::WordAsciiNegate,
        Look::WordStartUnicode => Look::WordStartAscii,
        Look::WordEndUnicode => Look::WordEndAscii,
        Look::WordStartHalfUnicode => Look::WordStartHalfAscii,
        Look::WordEndHalfUnicode => Look::WordEndHalfAscii,
        look => return Hir::look(look),
    };
    if is_ascii { Hir::look(plain) } else { Hir::empty() }
}
