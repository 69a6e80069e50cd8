//! `logveil subject suppress`: who was erased stays erased.

use std::io::Write as _;

use super::SuppressArgs;
use super::person::identifiers;
use crate::cli::outcome::Outcome;
use crate::error::Error;
use crate::token::SuppressionList;

pub(super) fn run(args: &SuppressArgs) -> Result<Outcome, Error> {
    let ring = args.ring.load()?;
    let identifiers = identifiers(&args.who)?;
    let (changed, list) = SuppressionList::update(&args.list, &ring, &args.tenant, |list| {
        let mut changed = 0;
        list.set_region(args.who.region.as_deref());
        for identifier in &identifiers {
            let is_change = if args.release {
                list.remove(&ring, identifier.kind, &identifier.value)?
            } else {
                list.add(&ring, identifier.kind, &identifier.value)?
            };
            changed += usize::from(is_change);
        }
        Ok(changed)
    })?;
    let what = if args.release { "taken off" } else { "put on" };
    let text = format!(
        "{changed} of {} identifiers {what} {}, which holds {} now\n",
        identifiers.len(),
        args.list.display(),
        list.len()
    );
    let mut out = std::io::stdout();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|e| Error::io("can't write to standard output", e))?;
    Ok(Outcome::DONE)
}
